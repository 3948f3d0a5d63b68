import type { AxonDocument } from '../contract/documents.js';
import { eventDocument } from '../ledger/event-document.js';
import { timeText } from '../shared/clock.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { readMetrics } from './metrics-text.js';
import { ledgerOf } from './state.js';
import { dataHashOf, recordEnd } from './task-event.js';
import { post } from './webhook.js';

/**
 * Last step of a task that somebody waits for: writes its end into the ledger, and only then wakes who waits. Made again after a kill it
 * writes nothing anew and posts the same event again.
 */
export async function emit(context: ProgramContext): Promise<void> {
  const axon = await context.document('axon', 'axon');
  const { task, phase } = { task: taskOf(axon, context.arg('task')), phase: phaseOf(context.arg('phase')) };
  const runId = context.needed('MYELIN_RUN');
  const { metrics, problem } = readMetrics(context.args.metrics ?? '');
  const dataHash = dataHashOf(context.args['data-hash']);
  if (problem !== undefined) context.log.warn({ task: task.name, run: runId, problem }, 'metrics are left out');
  if (dataHash === undefined && (context.args['data-hash'] ?? '').trim() !== '') {
    context.log.warn({ task: task.name, run: runId, got: shown(context.args['data-hash']) }, 'data hash is left out, it must be 8 to 128 hex digits');
  }
  const { id, event } = await ledgerOf(axon, context.kube(axon.namespace)).change((ledger) => {
    const end = { task: task.name, phase, runId, at: timeText(context.clock.now()), metrics, dataHash };
    const { next, id: recorded } = recordEnd(ledger, axon, end);
    return { next, result: { id: recorded, event: Object.hasOwn(next.events, recorded) ? next.events[recorded] : undefined } };
  }, context.signal);
  // What the ledger has forgotten was spent long ago.
  const webhook = task.emits.includes(phase) ? axon.webhook : undefined;
  if (event !== undefined && webhook !== undefined) {
    await post(context, `${webhook.url.replace(/\/+$/, '')}/task-${task.name}-${phase}`, eventDocument(axon, id, event));
  }
  context.log.info({ task: task.name, phase, run: runId, event: id, posted: event !== undefined && webhook !== undefined }, 'task end recorded');
}

function taskOf({ tasks }: AxonDocument, name: string): AxonDocument['tasks'][number] {
  const task = tasks.find((one) => one.name === name);
  if (task === undefined) throw new MyelinError('MYELIN_TASK_UNKNOWN', { got: shown(name), tasks: tasks.map((one) => one.name).join(', ') });
  return task;
}

function phaseOf(text: string): 'succeeded' | 'failed' {
  if (text !== 'succeeded' && text !== 'failed') throw new MyelinError('MYELIN_PHASE_UNKNOWN', { got: shown(text) });
  return text;
}

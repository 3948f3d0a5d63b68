import { AXON_FOLDER, PARAMETER } from '../contract/constants.js';
import type { AxonDocument } from '../contract/documents.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { postEnd, writeEnd } from './told-end.js';

/** How long the webhook is tried before the step fails, in milliseconds; the step's own retries come on top. */
const PATIENCE = 600_000;

/**
 * The step behind a task that somebody waits for: writes its end into the ledger, and only then wakes who waits. Made again after a kill it
 * writes nothing anew and posts the same event again.
 */
export async function emit(context: ProgramContext): Promise<void> {
  const axon = await context.document('axon', AXON_FOLDER);
  const { task, phase } = { task: taskOf(axon, context.arg(PARAMETER.TASK)), phase: phaseOf(context.arg(PARAMETER.PHASE)) };
  const event = await writeEnd(context, axon, {
    task: task.name, phase, metrics: context.args[PARAMETER.METRICS] ?? '', dataHash: context.args[PARAMETER.DATA_HASH] ?? '',
  });
  if (event !== undefined && task.emits.includes(phase)) await postEnd(context, axon, event, PATIENCE);
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

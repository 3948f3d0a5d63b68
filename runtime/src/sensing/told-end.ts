import { taskWebhook } from '../contract/constants.js';
import type { AxonDocument, EventDocument } from '../contract/documents.js';
import { eventDocument } from '../ledger/event-document.js';
import { DATA_HASH_RULE, dataHashOf } from '../shared/data-hash.js';
import { shown } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { timeText } from '../shared/time.js';
import { eventMetrics } from './event-metrics.js';
import { ledgerOf } from './state.js';
import { recordEnd } from './task-event.js';
import { post } from './webhook.js';

/** The end of a task of this run, in the words of the step that tells it. */
export interface ToldEnd {
  readonly task: string;
  readonly phase: 'succeeded' | 'failed';
  /** A JSON object of numbers; what is none is left out, with a warning. */
  readonly metrics: string;
  /** Empty when there is none; what is none is left out, with a warning. */
  readonly dataHash: string;
}

/** Writes an end into the ledger, and gives the event that it is; undefined when the ledger has forgotten it, since it was spent long ago. */
export async function writeEnd(context: ProgramContext, axon: AxonDocument, { task, phase, ...told }: ToldEnd): Promise<EventDocument | undefined> {
  const runId = context.needed('MYELIN_RUN');
  const { metrics, problem } = eventMetrics(told.metrics);
  const dataHash = dataHashOf(told.dataHash);
  if (problem !== undefined) context.log.warn({ task, run: runId, problem }, 'metrics are left out');
  if (dataHash === undefined && told.dataHash.trim() !== '') {
    context.log.warn({ task, run: runId, got: shown(told.dataHash) }, DATA_HASH_RULE);
  }
  const { id, event } = await ledgerOf(axon, context.kube(axon.namespace)).change((ledger) => {
    const end = { task, phase, runId, at: timeText(context.clock.now()), metrics, dataHash };
    const { next, id: recorded } = recordEnd(ledger, axon, end);
    return { next, result: { id: recorded, event: Object.hasOwn(next.events, recorded) ? next.events[recorded] : undefined } };
  }, context.signal);
  context.log.info({ task, phase, run: runId, event: id }, 'task end recorded');
  return event && eventDocument(axon, id, event);
}

/** Wakes who waits for an end that is in the ledger. Posted again it is the same event. */
export async function postEnd(context: ProgramContext, { webhook }: AxonDocument, event: EventDocument, patience: number): Promise<void> {
  if (webhook === undefined) return;
  const { subject, phase } = event.data;
  await post(context, `${webhook.url.replace(/\/+$/, '')}/${taskWebhook(subject, phase)}`, event, patience);
}

import { PARAMETER } from '../../contract/constants.js';
import type { AxonDocument } from '../../contract/documents.js';
import { postEnd, writeEnd } from '../../sensing/told-end.js';
import type { ProgramContext } from '../../shared/program.js';
import type { Study } from '../study/study.js';
import type { Won } from './outcome.js';
import { patiently } from './patience.js';

/** How long the webhook is tried, in milliseconds. Sweep starts in a few minutes what it would have started now: no search is made again for it. */
const PATIENCE = 30_000;

/**
 * Tells that the search has succeeded, if somebody waits for that: writes it into the ledger, and then wakes who waits. Made again after a
 * kill it writes nothing anew and posts the same event again.
 *
 * Fails, worth another try, if the ledger cannot be written: nobody would ever learn of the search.
 */
export async function tellSuccess(context: ProgramContext, axon: AxonDocument, study: Study, { metrics, dataHash }: Won): Promise<void> {
  const { document: { task }, run } = study;
  if (axon.tasks.find(({ name }) => name === task)?.emits.includes('succeeded') !== true) return;
  // The data is what a step before says that it is, if one does.
  const told = { task, phase: 'succeeded', metrics: JSON.stringify(metrics), dataHash: context.args[PARAMETER.DATA_HASH] || (dataHash ?? '') } as const;
  const event = await patiently(context, () => writeEnd(context, axon, told));
  if (event === undefined) return;
  try {
    await postEnd(context, axon, event, PATIENCE);
  } catch (error) {
    context.log.warn({ err: error, task, run, event: event.id }, 'nobody was woken, the sweep will do it');
  }
}

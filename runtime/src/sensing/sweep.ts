import { AXON_FOLDER, LABEL } from '../contract/constants.js';
import type { AxonDocument, LedgerDocument } from '../contract/documents.js';
import { KINDS, type KubeClient } from '../kube/client.js';
import { due, nextRun } from '../ledger/due.js';
import { record, type SeenEvent } from '../ledger/record.js';
import { endRetrains, settle } from '../ledger/settle.js';
import { hasCode, MyelinError } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { timeText } from '../shared/time.js';
import { firingAlerts, isAlerted, openAlerts } from './open-alerts.js';
import { ledgerOf, releasesOf } from './state.js';
import { recordEnd } from './task-event.js';
import { busyModels, harvest, stateOf, workflowOf, type Harvested, type WorkflowObject } from './workflows.js';

/** How long an event's own run has to come to a decision, in milliseconds. */
const GRACE = 60_000;

/**
 * Starts what should run and does not: sets whose wake-up was lost, deferred ones whose time has come, alerts that fire and were not told, and
 * those that go on although what they led to is over. Before, it books what finished runs have not told. Two sweeps at once, or one that is
 * killed and made again, start the same runs under the same names.
 */
export async function sweep(context: ProgramContext): Promise<void> {
  const axon = await context.document('axon', AXON_FOLDER);
  const kube = context.kube(axon.namespace);
  // Before the ledger: a run that decides in between is then seen as decided, never as one that ended without an answer.
  const workflows = await kube.list<WorkflowObject>(KINDS.Workflow, { [LABEL.AXON]: axon.axon });
  const document = ledgerOf(axon, kube);
  const now = context.clock.now();
  const over = await endedRetrains(kube, await document.read(), now);
  const alertsIn = await alertsNow(context, axon, workflows, now);
  const ends = workflows.flatMap((workflow) => harvest(axon, workflow)).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const ledger = await document.change((current) => {
    const settled = endRetrains(ends.reduce((before, end) => bookEnd(before, axon, end), current), over);
    const next = record(settled, axon, alertsIn(settled));
    return { next, result: next };
  }, context.signal);
  await start(context, axon, kube, ledger, workflows);
}

/** What tells the alerts about which nothing is done in a ledger, by what fires, is live and runs now. */
async function alertsNow(
  context: ProgramContext, axon: AxonDocument, workflows: readonly WorkflowObject[], now: number,
): Promise<(ledger: LedgerDocument) => SeenEvent[]> {
  if (!isAlerted(axon)) return () => [];
  const { releases } = await releasesOf(axon, context.kube(axon.namespace));
  const world = { releases, firing: await firingAlerts(context, axon), busy: busyModels(axon, workflows), now };
  return (ledger) => openAlerts(axon, ledger, world);
}

/** Books how a task of a finished run ended, and records the event that its own step failed to post. */
export function bookEnd(ledger: LedgerDocument, axon: AxonDocument, end: Harvested): LedgerDocument {
  return end.isUntold ? recordEnd(ledger, axon, end, end.at).next : settle(ledger, axon, end);
}

/** Runs that are marked as retraining and have finished, with the time; one that is gone has finished by now. */
async function endedRetrains(kube: KubeClient, { models }: LedgerDocument, now: number): Promise<Map<string, string>> {
  const over = new Map<string, string>();
  for (const run of new Set(Object.values(models).flatMap(({ running }) => running ?? []))) {
    const workflow = await kube.get<WorkflowObject>(KINDS.Workflow, run);
    const ended = workflow === undefined ? now : stateOf(workflow).ended;
    if (ended !== undefined) over.set(run, timeText(ended));
  }
  return over;
}

async function start(
  context: ProgramContext, axon: AxonDocument, kube: KubeClient, ledger: LedgerDocument, workflows: readonly WorkflowObject[],
): Promise<void> {
  const now = context.clock.now();
  const states = new Map(workflows.map((workflow) => [workflow.metadata.name, stateOf(workflow)]));
  const failed: { readonly run: string; readonly error: unknown }[] = [];
  let started = 0;
  for (const set of due(ledger, axon, now, GRACE)) {
    const name = nextRun(axon.axon, set, (run) => states.get(run), now, sha256);
    if (name === undefined || context.signal.aborted) continue;
    try {
      await kube.create(KINDS.Workflow, workflowOf(axon, ledger, set, name));
      started++;
      context.log.info({ sensor: set.sensor.name, run: name, events: set.events }, 'run started');
    } catch (error) {
      // Another sweep has made it. Any other failure must not keep the rest from starting.
      if (!hasCode(error, 'MYELIN_KUBE_EXISTS')) failed.push({ run: name, error });
    }
  }
  context.log.info({ workflows: workflows.length, started, failed: failed.length }, 'swept');
  if (failed.length > 0) {
    const [{ error }] = failed as [typeof failed[0]];
    const reason = error instanceof Error ? error.message : String(error);
    throw new MyelinError('MYELIN_SWEEP_INCOMPLETE', { runs: failed.map(({ run }) => run).join(', '), reason }, { cause: error });
  }
}

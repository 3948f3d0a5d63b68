import { LABEL, type LedgerDocument, restWebhook } from '@cdk8s-myelin/runtime';
import { Outcome } from '../outcome.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import { isLoopRun, type Scene } from '../view/happening.js';

/** How it ended. */
export interface Settled {
  readonly outcome: Outcome.DONE | Outcome.FOUND;
  readonly text: string;
}

/**
 * How it ended, or undefined while something may happen: no version is live, all runs have ended, no event waits for another, and nothing but
 * these runs could start one.
 */
export function settled({ workflows, releases, ledgers }: Scene, declared: readonly KubeObject[]): Settled | undefined {
  const runs = workflows.filter(isLoopRun);
  const live = releases.some((document) => document.releases.some(({ state }) => state === 'live' || state === 'deploying'));
  if (runs.length === 0 || !runs.every(isOver) || live || declared.some(wakesByItself)) {
    return undefined;
  }
  const failed = runs.filter(isFailed).map(({ metadata }) => metadata.name);
  const reason = failed.length > 0 ? `${failed.join(', ')} failed` : refusal(ledgers);
  if (reason !== undefined) {
    return { outcome: Outcome.FOUND, text: `nothing runs any more, after ${reason}` };
  }
  return ledgers.some(isOpen) ? undefined : { outcome: Outcome.DONE, text: 'all runs have ended, and nothing is left that could start another' };
}

/** The last thing that a gate has refused, when nothing is left to decide. */
export function refusal(ledgers: readonly LedgerDocument[]): string | undefined {
  const sets = ledgers.flatMap(({ sensors }) => Object.entries(sensors).flatMap(([sensor, decided]) => decided.sets.map((set) => ({ sensor, set }))));
  const last = sets.filter(({ set }) => set.decision === 'refused').sort((a, b) => a.set.at.localeCompare(b.set.at)).at(-1);
  if (ledgers.some(isOpen) || last?.set.decision !== 'refused') {
    return undefined;
  }
  return `the gate of ${last.sensor} refused: ${last.set.reasons.map(({ message }) => message).join('; ')}`;
}

/** Whether something is still to be decided. */
function isOpen({ events, sensors }: LedgerDocument): boolean {
  const sets = Object.values(sensors).flatMap((decided) => decided.sets);
  const seen = new Set(sets.flatMap((set) => set.events));
  return Object.keys(events).some((id) => !seen.has(id)) || sets.some(({ decision }) => decision === 'deferred');
}

/** Whether the first runs are through: nothing runs, and no deployment is on its way. */
export function firstRunsOver({ workflows, releases }: Scene): boolean {
  const runs = workflows.filter(isLoopRun);
  return runs.length > 0 && runs.every(isOver) && !releases.some((document) => document.releases.some(({ state }) => state === 'deploying'));
}

/** Whether a run has ended, well or not. */
export function isOver({ status }: KubeObject): boolean {
  return ['Succeeded', 'Failed', 'Error'].includes(status?.phase);
}

export function isFailed({ status }: KubeObject): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Error';
}

/** A schedule or a call from outside may start a run at any time. */
function wakesByItself({ kind, metadata, spec }: KubeObject): boolean {
  return (kind === 'CronWorkflow' && metadata.labels?.[LABEL.COMPONENT] === 'calendar')
    || (kind === 'EventSource' && Object.keys(spec?.webhook ?? {}).some((name) => name.startsWith(restWebhook(''))));
}

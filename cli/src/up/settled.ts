import type { KubeObject } from '../pocket/objects/kube-object.js';
import type { Scene } from '../view/happening.js';

/**
 * Why nothing will happen any more, or undefined while something may: the first runs have failed, no version is live, and
 * nothing but these runs could start another.
 */
export function settled({ workflows, releases }: Scene, declared: readonly KubeObject[]): string | undefined {
  const runs = workflows.filter(({ metadata }) => metadata.labels?.['myelin.io/sensor'] !== undefined);
  const failed = runs.filter(({ status }) => status?.phase === 'Failed' || status?.phase === 'Error');
  const active = runs.length - runs.filter(isOver).length;
  const live = releases.some((document) => document.releases.some(({ state }) => state === 'live' || state === 'deploying'));
  if (failed.length === 0 || active > 0 || live || declared.some(wakesByItself)) {
    return undefined;
  }
  return `nothing runs any more, after ${failed.map(({ metadata }) => metadata.name).join(', ')} failed`;
}

/** Whether the first runs are through: nothing runs, and no deployment is on its way. */
export function firstRunsOver({ workflows, releases }: Scene): boolean {
  const runs = workflows.filter(({ metadata }) => metadata.labels?.['myelin.io/sensor'] !== undefined);
  return runs.length > 0 && runs.every(isOver) && !releases.some((document) => document.releases.some(({ state }) => state === 'deploying'));
}

function isOver({ status }: KubeObject): boolean {
  return ['Succeeded', 'Failed', 'Error'].includes(status?.phase);
}

/** A schedule or a call from outside may start a run at any time. */
function wakesByItself({ kind, metadata, spec }: KubeObject): boolean {
  return (kind === 'CronWorkflow' && metadata.labels?.['myelin.io/component'] === 'calendar')
    || (kind === 'EventSource' && Object.keys(spec?.webhook ?? {}).some((name) => name.startsWith('rest-')));
}

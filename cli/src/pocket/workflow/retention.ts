import { milliseconds } from './duration.js';
import { unsuccessful, type WorkflowSpec, type WorkflowStatus } from './types.js';

/** When a Workflow that has ended goes, in milliseconds since the epoch; Infinity when it stays. */
export function expiry({ ttlStrategy: ttl }: WorkflowSpec, status: WorkflowStatus): number {
  const seconds = (unsuccessful({ phase: status.phase }) ? ttl?.secondsAfterFailure : ttl?.secondsAfterSuccess) ?? ttl?.secondsAfterCompletion;
  return seconds === undefined ? Infinity : Date.parse(status.finishedAt!) + seconds * 1000;
}

/** When a Pod of a Workflow goes that has itself ended in this phase; Infinity when it stays as long as its Workflow. */
export function podExpiry({ podGC }: WorkflowSpec, status: WorkflowStatus, pod: { readonly phase: string; readonly finishedAt: string }): number {
  const delay = podGC?.deleteDelayDuration ? milliseconds(podGC.deleteDelayDuration) : DEFAULT_DELAY;
  const ended = status.finishedAt === undefined ? Infinity : Date.parse(status.finishedAt);
  const since = {
    OnPodCompletion: Date.parse(pod.finishedAt),
    OnPodSuccess: pod.phase === 'Succeeded' ? Date.parse(pod.finishedAt) : Infinity,
    OnWorkflowCompletion: ended,
    OnWorkflowSuccess: status.phase === 'Succeeded' ? ended : Infinity,
  }[podGC?.strategy ?? ''];
  return (since ?? Infinity) + delay;
}

/** What Argo waits when a strategy does not say. */
const DEFAULT_DELAY = 5000;

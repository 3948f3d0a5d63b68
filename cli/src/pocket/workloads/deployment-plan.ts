import { withCondition, type Condition } from '../objects/kube-object.js';
import { holds, isFinished, type Pod } from '../pods/pod.js';
import { TEMPLATE_HASH, type Deployment, type DeploymentStatus } from './deployment.js';

/** As long as Kubernetes gives a Deployment that says nothing. */
const PROGRESS_SECONDS = 600;
/** A pod that lived no longer than this is not replaced sooner, in milliseconds. */
const HASTY = 2000;

/** What is to be done for a Deployment. */
export interface DeploymentPlan {
  /** How many pods of the present template to start. */
  readonly start: number;
  readonly remove: readonly Pod[];
  readonly status: DeploymentStatus;
  /** Milliseconds until it must be looked at again. */
  readonly again?: number;
}

/** What brings a Deployment's pods to its spec: new pods first, old ones go when the new ones are available. Times are in milliseconds since 1970. */
export function planned(deployment: Deployment, pods: readonly Pod[], hash: string, now: number): DeploymentPlan {
  const { spec } = deployment;
  const replicas = spec.replicas ?? 1;
  const wait = (spec.minReadySeconds ?? 0) * 1000;
  // A pod that was lost with the node does not come back.
  const over = pods.filter((pod) => isFinished(pod) && !isHasty(pod, now));
  // One that fails at once would fail at once again.
  const hasty = pods.filter((pod) => isFinished(pod) && isHasty(pod, now));
  const alive = pods.filter((pod) => !isFinished(pod));
  const current = alive.filter(({ metadata }) => metadata.labels?.[TEMPLATE_HASH] === hash);
  const old = alive.filter((pod) => !current.includes(pod));
  const isAvailable = (pod: Pod) => holds(pod, 'Ready') && now - readySince(pod) >= wait;
  const available = current.filter(isAvailable);
  const recreate = spec.strategy?.type === 'Recreate';
  const dispensable = [...current].sort((a, b) => Number(isAvailable(a)) - Number(isAvailable(b)) || newestFirst(a, b));
  const surplus = dispensable.slice(0, Math.max(0, current.length - replicas));
  // As many old ones stay as new ones lack; those that do not answer anyway go first.
  const stay = recreate ? 0 : Math.max(0, replicas - available.length);
  const leaving = [...old].sort((a, b) => Number(isAvailable(b)) - Number(isAvailable(a)) || -newestFirst(a, b)).slice(stay);
  const start = hasty.length > 0 || (recreate && old.length > 0) ? 0 : Math.max(0, replicas - current.length);
  const soon = current.filter((pod) => holds(pod, 'Ready') && !isAvailable(pod)).map((pod) => wait - (now - readySince(pod)));
  const { status, deadline } = statusOf(deployment, { replicas, alive, current, old, isAvailable }, now);
  const next = Math.min(...soon, ...hasty.map((pod) => HASTY - (now - createdAt(pod))), deadline);
  return { start, remove: [...over, ...surplus, ...leaving], status, ...next === Infinity ? {} : { again: Math.max(next, 1) } };
}

interface Census {
  readonly replicas: number;
  readonly alive: readonly Pod[];
  readonly current: readonly Pod[];
  readonly old: readonly Pod[];
  readonly isAvailable: (pod: Pod) => boolean;
}

function statusOf(deployment: Deployment, census: Census, now: number): { status: DeploymentStatus; deadline: number } {
  const { replicas, alive, current, old, isAvailable } = census;
  const { metadata, status: before } = deployment;
  const availableReplicas = alive.filter(isAvailable).length;
  const counts = {
    observedGeneration: metadata.generation,
    replicas: alive.length,
    updatedReplicas: current.length,
    readyReplicas: alive.filter((pod) => holds(pod, 'Ready')).length,
    availableReplicas,
    unavailableReplicas: Math.max(0, replicas - availableReplicas),
  };
  const at = new Date(now).toISOString();
  const done = current.filter(isAvailable).length >= replicas && old.length === 0;
  const { condition, deadline } = progress(deployment, counts, done, now);
  let conditions = withCondition((before?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure'), condition, at);
  const enough = availableReplicas >= replicas;
  conditions = withCondition(conditions, enough
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' }, at);
  return { status: { ...counts, conditions }, deadline };
}

/** Whether a rollout gets on; `deadline` is in how many milliseconds it would no more. */
function progress(
  { metadata, spec, status: before }: Deployment, counts: DeploymentStatus, done: boolean, now: number,
): { condition: Condition; deadline: number } {
  const name = `Deployment "${metadata.name}"`;
  const last = before?.conditions?.find(({ type }) => type === 'Progressing');
  const at = new Date(now).toISOString();
  if (done) {
    const lastUpdateTime = last?.reason === 'NewReplicaSetAvailable' ? last.lastUpdateTime : at;
    const message = `${name} has successfully progressed.`;
    return { condition: { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message, lastUpdateTime }, deadline: Infinity };
  }
  const moved = last === undefined || last.reason === 'NewReplicaSetAvailable' || before?.observedGeneration !== counts.observedGeneration
    || counts.updatedReplicas! > (before?.updatedReplicas ?? 0) || counts.readyReplicas! > (before?.readyReplicas ?? 0);
  if (!moved && last.reason === 'ProgressDeadlineExceeded') return { condition: last, deadline: Infinity };
  const lastUpdateTime = moved ? at : last.lastUpdateTime ?? at;
  const left = Date.parse(lastUpdateTime) + (spec.progressDeadlineSeconds ?? PROGRESS_SECONDS) * 1000 - now;
  if (left > 0) {
    return { condition: { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `${name} is progressing.`, lastUpdateTime }, deadline: left };
  }
  const message = `${name} has timed out progressing.`;
  return { condition: { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message, lastUpdateTime }, deadline: Infinity };
}

function readySince({ status }: Pod): number {
  return Date.parse(status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '') || 0;
}

function newestFirst(a: Pod, b: Pod): number {
  return createdAt(b) - createdAt(a);
}

function createdAt({ metadata }: Pod): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function isHasty(pod: Pod, now: number): boolean {
  return now - createdAt(pod) < HASTY && !holds(pod, 'DisruptionTarget');
}

import { withCondition, type Condition } from '../objects/kube-object.js';
import type { ContainerStatus, PodStatus } from './pod.js';

/** How a pod ended, when its containers alone do not say. */
export interface PodEnd {
  readonly reason: string;
  readonly message: string;
  /** Whether the machine and not the pod is to blame, so that it does not count as a failure of what it ran. */
  readonly disrupted?: boolean;
}

export interface PodFacts {
  readonly startTime: string;
  readonly init: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  /** Whether nothing will be started any more. */
  readonly over: boolean;
  readonly end?: PodEnd;
}

/** The status of a pod as Kubernetes tells it. The conditions before are taken for their times. */
export function podStatus(facts: PodFacts, before: readonly Condition[] | undefined, now: string): PodStatus {
  const { startTime, init, containers, end } = facts;
  const phase = phaseOf(facts);
  const message = end?.message ?? (phase === 'Failed' ? failure([...init, ...containers]) : undefined);
  const reason = end?.reason ?? undefined;
  return {
    phase,
    ...reason === undefined ? {} : { reason },
    ...message === undefined ? {} : { message },
    conditions: conditionsOf(facts, phase, before, now),
    startTime,
    hostIP: '127.0.0.1',
    podIP: '127.0.0.1',
    podIPs: [{ ip: '127.0.0.1' }],
    ...init.length === 0 ? {} : { initContainerStatuses: [...init] },
    containerStatuses: [...containers],
  };
}

function phaseOf({ init, containers, over, end }: PodFacts): PodStatus['phase'] {
  if (end !== undefined) return 'Failed';
  if (over) return [...init, ...containers].some(({ state }) => state.terminated?.exitCode !== 0) ? 'Failed' : 'Succeeded';
  const began = containers.some(({ state, lastState }) => state.running ?? state.terminated ?? lastState.terminated);
  return began ? 'Running' : 'Pending';
}

function conditionsOf({ init, containers, end }: PodFacts, phase: PodStatus['phase'], before: readonly Condition[] | undefined, now: string): Condition[] {
  const initialised = init.every(({ state }) => state.terminated?.exitCode === 0);
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const readiness = phase === 'Succeeded'
    ? { status: 'False', reason: 'PodCompleted' } as const
    : unready.length === 0
      ? { status: 'True' } as const
      : { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` } as const;
  let conditions = withCondition(before, { type: 'PodScheduled', status: 'True' }, now);
  conditions = withCondition(conditions, { type: 'Initialized', status: initialised ? 'True' : 'False' }, now);
  conditions = withCondition(conditions, { type: 'ContainersReady', ...readiness }, now);
  conditions = withCondition(conditions, { type: 'Ready', ...readiness }, now);
  if (end?.disrupted) conditions = withCondition(conditions, { type: 'DisruptionTarget', status: 'True', reason: end.reason, message: end.message }, now);
  return conditions;
}

/** What the first container that failed said. */
function failure(containers: readonly ContainerStatus[]): string | undefined {
  const failed = containers.find(({ state }) => state.terminated !== undefined && state.terminated.exitCode !== 0);
  if (failed === undefined) return undefined;
  const { exitCode, message } = failed.state.terminated!;
  return message ?? `container ${failed.name} exited with code ${exitCode}`;
}

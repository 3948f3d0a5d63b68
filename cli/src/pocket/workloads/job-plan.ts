import type { Pod } from '../pods/pod.js';
import type { Job, PodFailureRule } from './job.js';

/** What is to be done for a Job. */
export type JobStep =
  | { readonly kind: 'wait'; /** Milliseconds until it must be looked at again. */ readonly again?: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'complete'; readonly at: string }
  | { readonly kind: 'fail'; readonly reason: string; readonly message: string };

export interface JobCounts {
  readonly active: number;
  readonly ready: number;
  readonly succeeded: number;
  readonly failed: number;
}

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 30_000;
/** As many failed pods as Kubernetes allows a Job that says nothing. */
const BACKOFF_LIMIT = 6;

/** How many of a Job's pods are in which state. Pods whose failure its policy ignores do not count. */
export function countsOf(job: Job, pods: readonly Pod[]): JobCounts {
  const active = pods.filter(isActive);
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed' && ruleFor(job, pod)?.action !== 'Ignore').length;
  return {
    active: active.length,
    ready: active.filter((pod) => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')).length,
    succeeded: pods.filter((pod) => pod.status?.phase === 'Succeeded').length,
    failed: failed + (job.status?.removed ?? 0),
  };
}

/** What comes next for a Job that has neither completed nor failed. Times are in milliseconds since 1970. */
export function nextStep(job: Job, pods: readonly Pod[], now: number): JobStep {
  const { spec, metadata } = job;
  const done = pods.find((pod) => pod.status?.phase === 'Succeeded');
  if (done !== undefined) return { kind: 'complete', at: endOf(done) ?? new Date(now).toISOString() };
  for (const pod of pods) {
    const rule = pod.status?.phase === 'Failed' ? ruleFor(job, pod) : undefined;
    if (rule?.action === 'FailJob') return { kind: 'fail', reason: 'PodFailurePolicy', message: policyMessage(job, pod, rule) };
  }
  const { failed } = countsOf(job, pods);
  const limit = spec.backoffLimit ?? BACKOFF_LIMIT;
  const exhausted = { kind: 'fail', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' } as const;
  if (failed > limit || isPastRestarts(spec.template.spec.restartPolicy, pods, limit)) return exhausted;
  const began = Date.parse(job.status?.startTime ?? metadata.creationTimestamp ?? new Date(now).toISOString());
  const deadline = spec.activeDeadlineSeconds === undefined ? Infinity : began + spec.activeDeadlineSeconds * 1000;
  if (now >= deadline) return { kind: 'fail', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  const again = deadline === Infinity ? {} : { again: deadline - now };
  if (pods.some(isActive)) return { kind: 'wait', ...again };
  const resume = failed === 0 ? 0 : lastFailure(job, pods) + Math.min(FIRST_BACKOFF * 2 ** (failed - 1), LONGEST_BACKOFF);
  return resume > now ? { kind: 'wait', again: Math.min(resume, deadline) - now } : { kind: 'start' };
}

/** The first rule of the Job's policy that a failed pod fulfils. */
export function ruleFor(job: Job, pod: Pod): PodFailureRule | undefined {
  const holds = (rule: PodFailureRule) => (rule.onExitCodes === undefined ? matchesCondition(rule, pod) : failedContainer(rule, pod) !== undefined);
  return job.spec.podFailurePolicy?.rules.find(holds);
}

function isActive(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

function failedContainer({ onExitCodes }: PodFailureRule, { status }: Pod): { name: string; exitCode: number } | undefined {
  const { containerName, operator, values } = onExitCodes!;
  for (const { name, state } of [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []]) {
    const exitCode = state.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) continue;
    if (values.includes(exitCode) === (operator === 'In')) return { name, exitCode };
  }
  return undefined;
}

function matchesCondition({ onPodConditions = [] }: PodFailureRule, { status }: Pod): boolean {
  return onPodConditions.some((wanted) => status?.conditions?.some(({ type, status: holds }) => type === wanted.type && holds === (wanted.status ?? 'True')));
}

function policyMessage(job: Job, pod: Pod, rule: PodFailureRule): string {
  const index = job.spec.podFailurePolicy!.rules.indexOf(rule);
  const { namespace, name } = pod.metadata;
  if (rule.onExitCodes === undefined) return `Pod ${namespace}/${name} has condition ${rule.onPodConditions![0]!.type} matching FailJob rule at index ${index}`;
  const failed = failedContainer(rule, pod)!;
  return `Container ${failed.name} for pod ${namespace}/${name} failed with exit code ${failed.exitCode} matching FailJob rule at index ${index}`;
}

/** Pods that restart their containers are counted by restarts, as Kubernetes does. */
function isPastRestarts(policy: string | undefined, pods: readonly Pod[], limit: number): boolean {
  if (policy !== 'OnFailure') return false;
  const statuses = pods.filter(isActive).flatMap(({ status }) => [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []]);
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function lastFailure(job: Job, pods: readonly Pod[]): number {
  const counted = pods.filter((pod) => pod.status?.phase === 'Failed' && ruleFor(job, pod)?.action !== 'Ignore');
  return Math.max(0, ...counted.map((pod) => Date.parse(endOf(pod) ?? pod.metadata.creationTimestamp ?? '') || 0));
}

function endOf({ status }: Pod): string | undefined {
  const ends = (status?.containerStatuses ?? []).flatMap(({ state }) => state.terminated?.finishedAt ?? []).sort();
  return ends.at(-1);
}

import { unknownFields, refusal, USED, type Shape } from '../objects/fields.js';
import { refOf, type Condition, type KubeObject } from '../objects/kube-object.js';
import { refusedPod } from '../pods/pod-fields.js';
import type { PodSpec } from '../pods/pod.js';

/** A Job, as far as the laptop's cluster reads it. */
export interface Job extends KubeObject {
  kind: 'Job';
  spec: JobSpec;
  status?: JobStatus;
}

export interface JobSpec {
  template: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec: PodSpec };
  parallelism?: number;
  completions?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  podFailurePolicy?: { rules: PodFailureRule[] };
  completionMode?: string;
}

/** What becomes of a Job when a pod failed so; either `onExitCodes` or `onPodConditions`. */
export interface PodFailureRule {
  action: 'FailJob' | 'Ignore' | 'Count';
  onExitCodes?: { containerName?: string; operator: 'In' | 'NotIn'; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface JobStatus {
  startTime?: string;
  completionTime?: string;
  active?: number;
  ready?: number;
  succeeded?: number;
  failed?: number;
  /** Of the failed pods those that are no more. */
  removed?: number;
  conditions?: Condition[];
}

const JOB: Shape = {
  template: { metadata: { labels: USED, annotations: USED, name: 'pods get names of their own', creationTimestamp: 'given by the store' }, spec: USED },
  parallelism: USED,
  completions: USED,
  backoffLimit: USED,
  activeDeadlineSeconds: USED,
  ttlSecondsAfterFinished: USED,
  podFailurePolicy: {
    rules: [{ action: USED, onExitCodes: { containerName: USED, operator: USED, values: USED }, onPodConditions: [{ type: USED, status: USED }] }],
  },
  completionMode: USED,
  podReplacementPolicy: 'a pod is replaced when it has failed',
  manualSelector: 'pods are found by their owner',
  selector: 'pods are found by their owner',
};

/** What the laptop's cluster cannot do of a Job, as a sentence with the fields; undefined when it can do all. */
export function refusedJob(job: Job): string | undefined {
  const { spec } = job;
  const fields = unknownFields(spec, JOB, 'spec');
  for (const field of ['parallelism', 'completions'] as const) if ((spec[field] ?? 1) !== 1) fields.push(`spec.${field}`);
  if (spec.completionMode !== undefined && spec.completionMode !== 'NonIndexed') fields.push('spec.completionMode');
  for (const [index, { action }] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    if (!['FailJob', 'Ignore', 'Count'].includes(action)) fields.push(`spec.podFailurePolicy.rules[${index}].action`);
  }
  if (!['Never', 'OnFailure'].includes(spec.template?.spec?.restartPolicy ?? '')) fields.push('spec.template.spec.restartPolicy');
  const { namespace, name } = refOf(job);
  return refusal(`Job '${namespace}/${name}'`, fields) ?? refusedPod(spec.template?.spec, job, 'spec.template.spec');
}

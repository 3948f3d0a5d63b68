import { createHash } from 'node:crypto';
import { refusal, unknownFields, USED, type Shape } from '../objects/fields.js';
import { refOf, type Condition, type KubeObject } from '../objects/kube-object.js';
import { refusedPod } from '../pods/pod-fields.js';
import type { PodSpec } from '../pods/pod.js';

/** A Deployment, as far as the laptop's cluster reads it. */
export interface Deployment extends KubeObject {
  kind: 'Deployment';
  spec: DeploymentSpec;
  status?: DeploymentStatus;
}

export interface DeploymentSpec {
  replicas?: number;
  selector: { matchLabels?: Record<string, string> };
  template: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec: PodSpec };
  strategy?: { type?: string };
  minReadySeconds?: number;
  progressDeadlineSeconds?: number;
}

export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  conditions?: Condition[];
}

/** The label that tells a Deployment's pods of one template from those of another. */
export const TEMPLATE_HASH = 'pod-template-hash';

const DEPLOYMENT: Shape = {
  replicas: USED,
  selector: { matchLabels: USED },
  template: { metadata: { labels: USED, annotations: USED, name: 'pods get names of their own', creationTimestamp: 'given by the store' }, spec: USED },
  strategy: { type: USED, rollingUpdate: 'all new pods are started at once, and no old one goes before they are ready' },
  minReadySeconds: USED,
  progressDeadlineSeconds: USED,
  revisionHistoryLimit: 'no former templates are kept',
};

/** What the laptop's cluster cannot do of a Deployment, as a sentence with the fields; undefined when it can do all. */
export function refusedDeployment(deployment: Deployment): string | undefined {
  const { spec } = deployment;
  const { namespace, name } = refOf(deployment);
  const what = `Deployment '${namespace}/${name}'`;
  const fields = unknownFields(spec, DEPLOYMENT, 'spec');
  if (!['RollingUpdate', 'Recreate', undefined].includes(spec.strategy?.type)) fields.push('spec.strategy.type');
  if (!['Always', undefined].includes(spec.template?.spec?.restartPolicy)) fields.push('spec.template.spec.restartPolicy');
  const refused = refusal(what, fields) ?? refusedPod(spec.template?.spec, deployment, 'spec.template.spec');
  if (refused !== undefined) return refused;
  const wanted = Object.entries(spec.selector.matchLabels ?? {});
  const labels = spec.template.metadata?.labels ?? {};
  const missing = wanted.find(([key, value]) => labels[key] !== value);
  if (missing === undefined && wanted.length > 0) return undefined;
  return `'spec.selector' of ${what} must match 'spec.template.metadata.labels'${missing === undefined ? '' : `, it has '${missing[0]}' which they have not`}`;
}

/** A short name of a template: the same for the same content, whatever the order of its keys. */
export function templateHash({ spec }: Deployment): string {
  return createHash('sha256').update(JSON.stringify(sorted(spec.template))).digest('hex').slice(0, 10);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

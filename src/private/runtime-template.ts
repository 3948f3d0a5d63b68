import { axonConfigMap, CONTAINER_SECURITY, CONTRACT_PATH, OUT_PATH, PERMANENT_EXIT_CODE, Program, RUNTIME_COMMAND, STORE_PATH } from '../contract/constants';
import { Parameter, RetryStrategy, Template } from '../crd/argo-workflows';
import { EnvVar, Volume, VolumeMount } from '../crd/kube';
import { Loop } from './loop';
import { oneNode } from './one-node';
import { storeVolume } from './store';

/** One step of the runtime: what it is told, and what it tells. */
export interface RuntimeStep {
  /** The template's name. */
  readonly name: string;
  readonly program: Program;
  /** Input parameters, handed on as `--name=value`. */
  readonly inputs: string[];
  readonly args?: string[];
  readonly outputs?: Parameter[];
  readonly env?: EnvVar[];
  /** ConfigMaps with contract documents, besides the axon's own. */
  readonly documents?: string[];
  readonly store?: boolean;
  /** How long an attempt may take, in seconds. */
  readonly timeout: number;
}

/** The template of a step of the runtime; each program runs under an account of its own. */
export function runtimeTemplate(loop: Loop, step: RuntimeStep): Template {
  const { name, runtimeImage } = loop.identity;
  const documents = [axonConfigMap(name), ...(step.documents ?? [])];
  const volumes: Volume[] = [
    ...documents.map((configMap): Volume => ({ name: volumeName(name, configMap), configMap: { name: configMap } })),
    { name: 'out', emptyDir: {} },
    ...(step.store ? [storeVolume(loop)] : []),
  ];
  const volumeMounts: VolumeMount[] = [
    ...documents.map((configMap) => ({
      name: volumeName(name, configMap), mountPath: `${CONTRACT_PATH}/${volumeName(name, configMap)}`, readOnly: true,
    })),
    { name: 'out', mountPath: OUT_PATH },
    ...(step.store ? [{ name: 'store', mountPath: STORE_PATH }] : []),
  ];
  return {
    name: step.name,
    serviceAccountName: `${name}-${step.program}`,
    inputs: step.inputs.length === 0 ? undefined : { parameters: step.inputs.map((input) => ({ name: input })) },
    outputs: step.outputs && { parameters: step.outputs },
    activeDeadlineSeconds: step.timeout,
    retryStrategy: RETRY,
    ...(step.store && oneNode(loop)),
    container: {
      image: runtimeImage,
      command: [RUNTIME_COMMAND],
      args: [step.program, ...(step.args ?? []), ...step.inputs.map((input) => `--${input}={{inputs.parameters.${input}}}`)],
      env: [...ENV, ...(step.env ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      volumeMounts,
      securityContext: CONTAINER_SECURITY,
    },
    volumes,
  };
}

/** What a program must know that decides about its run: the event that woke it, and how that was delivered. */
export const WAKE_ENV: EnvVar[] = [
  { name: 'MYELIN_DELIVERY', value: '{{workflow.parameters.delivery}}' }, { name: 'MYELIN_EVENT', value: '{{workflow.parameters.event}}' },
];

/** What a program must know that posts events. */
export function tokenEnv(loop: Loop): EnvVar[] {
  const { name, key } = loop.identity.platform.webhookToken;
  return [{ name: 'MYELIN_WEBHOOK_TOKEN', valueFrom: { secretKeyRef: { name, key } } }];
}

/** An output parameter that the program writes as a file. */
export function output(name: string, fallback?: string): Parameter {
  return { name, valueFrom: { path: `${OUT_PATH}/${name}`, ...(fallback !== undefined && { default: fallback }) } };
}

/** Every program can be killed at any moment and made again: what it did is in the ledger. With 65 it says that no retry helps. */
const RETRY: RetryStrategy = {
  limit: '10', retryPolicy: 'Always', expression: `asInt(lastRetry.exitCode) != ${PERMANENT_EXIT_CODE}`, backoff: { duration: '5s', factor: '2', cap: '5m' },
};

const ENV: EnvVar[] = [
  { name: 'MYELIN_RUN', value: '{{workflow.name}}' },
  { name: 'MYELIN_RUN_UID', value: '{{workflow.uid}}' },
  { name: 'MYELIN_PARAMETERS', value: '{{workflow.parameters}}' },
  { name: 'MYELIN_CONTRACT_PATH', value: CONTRACT_PATH },
];

/** `digits-study-train` is mounted as `study-train`, whatever the axon is called. */
function volumeName(axon: string, configMap: string): string {
  return configMap.slice(axon.length + 1);
}

import { axonConfigMap, CONTAINER_SECURITY, CONTRACT_PATH, OUT_PATH, PARAMETER, PERMANENT_EXIT_CODE, RUNTIME_COMMAND, STORE_PATH } from '../../contract/constants';
import { ArgoParameter, ArgoRetryStrategy } from '../../crd/argo-workflows';
import { EnvVar, PolicyRule, Volume, VolumeMount } from '../../crd/kube';
import { Loop } from '../../loop/loop';
import { AccountComponent, accountName } from '../../loop/names';
import { ContractDocument } from '../config-map';
import { axonLabels } from '../labels';
import { stepPod } from './pod';
import { REPORT_RULE } from './rules';
import { Step } from './step';
import { storeVolume } from './store';

/** Properties of a step that runs a program of the runtime. */
export interface ProgramStepProps {
  readonly program: Exclude<AccountComponent, 'events' | 'sensor' | 'serve'>;
  /** Of the template. @default - the program's name */
  readonly name?: string;
  readonly args?: string[];
  /** Input parameters, passed on as `--name=value`. */
  readonly inputs: string[];
  readonly outputs?: ArgoParameter[];
  readonly env?: EnvVar[];
  /** Besides the axon's own. */
  readonly documents?: ContractDocument[];
  /** Permissions besides the one to report outputs. */
  readonly rules: PolicyRule[];
  /** Whether the program works on the store. */
  readonly store?: boolean;
  /** How long an attempt may take. */
  readonly timeoutSeconds: number;
}

/** A step that runs a program of the runtime, under an account of its own. */
export function programStep(loop: Loop, step: ProgramStepProps): Step {
  const { name: axon, runtimeImage, stepPod: pod } = loop;
  const { program, documents = [], rules } = step;
  const account = accountName(axon, program);
  const configMaps = [axonConfigMap(axon), ...documents.map(({ name }) => name)];
  const volumes: Volume[] = [
    ...configMaps.map((configMap): Volume => ({ name: volumeName(axon, configMap), configMap: { name: configMap } })),
    { name: 'out', emptyDir: {} },
    ...(step.store ? [storeVolume(loop)] : []),
    ...(pod?.spec?.volumes ?? []),
  ];
  const volumeMounts: VolumeMount[] = [
    ...configMaps.map((configMap) => volumeName(axon, configMap)).map((name) => ({ name, mountPath: `${CONTRACT_PATH}/${name}`, readOnly: true })),
    { name: 'out', mountPath: OUT_PATH },
    ...(step.store ? [{ name: 'store', mountPath: STORE_PATH }] : []),
    ...(pod?.volumeMounts ?? []),
  ];
  return {
    template: {
      name: step.name ?? program,
      serviceAccountName: account,
      inputs: step.inputs.length === 0 ? undefined : { parameters: step.inputs.map((name) => ({ name })) },
      outputs: step.outputs && { parameters: step.outputs },
      activeDeadlineSeconds: step.timeoutSeconds,
      retryStrategy: RETRY,
      ...stepPod(loop, { pod, store: step.store }),
      container: {
        image: runtimeImage,
        command: [RUNTIME_COMMAND],
        args: [program, ...(step.args ?? []), ...step.inputs.map((input) => `--${input}={{inputs.parameters.${input}}}`)],
        env: [...ENV, ...(step.env ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        volumeMounts,
        securityContext: CONTAINER_SECURITY,
      },
      volumes,
    },
    accounts: [{ name: account, labels: axonLabels(loop, program), rules: [REPORT_RULE, ...rules] }],
    documents,
  };
}

/** The event that started the run and how it was delivered, for a program that decides about the run. */
export const WAKE_ENV: EnvVar[] = [
  { name: 'MYELIN_DELIVERY', value: `{{workflow.parameters.${PARAMETER.DELIVERY}}}` },
  { name: 'MYELIN_EVENT', value: `{{workflow.parameters.${PARAMETER.EVENT}}}` },
];

/** The webhook's token, for a program that posts events. */
export function tokenEnv({ platform: { webhookToken: { name, key } } }: Loop): EnvVar[] {
  return [{ name: 'MYELIN_WEBHOOK_TOKEN', valueFrom: { secretKeyRef: { name, key } } }];
}

/** Every program can be killed at any moment and started again. It exits with 65 when a retry cannot help. */
const RETRY: ArgoRetryStrategy = {
  limit: '10', retryPolicy: 'Always', expression: `asInt(lastRetry.exitCode) != ${PERMANENT_EXIT_CODE}`, backoff: { duration: '5s', factor: '2', cap: '5m' },
};

const ENV: EnvVar[] = [
  { name: 'MYELIN_RUN', value: '{{workflow.name}}' },
  { name: 'MYELIN_RUN_UID', value: '{{workflow.uid}}' },
  { name: 'MYELIN_PARAMETERS', value: '{{workflow.parameters}}' },
  { name: 'MYELIN_CONTRACT_PATH', value: CONTRACT_PATH },
];

/** `digits-study-train` is mounted as `study-train`, so the path does not depend on the axon's name. */
function volumeName(axon: string, configMap: string): string {
  return configMap.slice(axon.length + 1);
}

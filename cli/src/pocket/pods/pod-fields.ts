import { refusal, unknownFields, USED, type Shape } from '../objects/fields.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { FIELD_PATHS, isFileField } from './field-ref.js';
import type { DownwardItem, PodSpec } from './pod.js';

const ONE_MACHINE = 'there is one machine to run on';
const OWN_USER = 'containers run as the user who started the cluster';
const NO_LIMITS = 'processes of the laptop are not limited';
const NO_NETWORKS = 'pods share the network of the machine';
const NO_REGISTRY = 'images are built here, none is fetched';

const PROBE: Shape = {
  httpGet: { path: USED, port: USED, httpHeaders: [{ name: USED, value: USED }], scheme: 'loopback is spoken to in clear', host: 'the pod is on this machine' },
  tcpSocket: { port: USED },
  initialDelaySeconds: USED,
  periodSeconds: USED,
  timeoutSeconds: USED,
  failureThreshold: USED,
  successThreshold: 'one success counts',
};

const KEY: Shape = { name: USED, key: USED, optional: USED };

const CONTAINER: Shape = {
  name: USED,
  image: USED,
  command: USED,
  args: USED,
  workingDir: USED,
  env: [{ name: USED, value: USED, valueFrom: { secretKeyRef: KEY, configMapKeyRef: KEY, fieldRef: { fieldPath: USED, apiVersion: 'there is one' } } }],
  envFrom: [{ prefix: USED, configMapRef: { name: USED, optional: USED }, secretRef: { name: USED, optional: USED } }],
  ports: [{ containerPort: USED, name: USED, protocol: 'TCP', hostIP: NO_NETWORKS }],
  volumeMounts: [{
    name: USED, mountPath: USED, subPath: USED, readOnly: 'a process may write where its user may', mountPropagation: 'nothing is mounted on this machine later',
  }],
  readinessProbe: PROBE,
  livenessProbe: PROBE,
  terminationMessagePath: USED,
  terminationMessagePolicy: 'the end of the log of a failed container is always its message',
  imagePullPolicy: NO_REGISTRY,
  resources: NO_LIMITS,
  securityContext: OWN_USER,
  stdin: 'there is no terminal',
  tty: 'there is no terminal',
};

const ITEMS = { items: [{ key: USED, path: USED, mode: OWN_USER }] as const, optional: USED, defaultMode: OWN_USER } satisfies Record<string, Shape>;

const FILES = [{ path: USED, mode: OWN_USER, fieldRef: { fieldPath: USED, apiVersion: 'there is one' } }] as const;

const POD: Shape = {
  containers: [CONTAINER],
  initContainers: [CONTAINER],
  volumes: [{
    name: USED,
    emptyDir: { medium: 'a folder on the disk does as well', sizeLimit: NO_LIMITS },
    configMap: { name: USED, ...ITEMS },
    secret: { secretName: USED, ...ITEMS },
    persistentVolumeClaim: { claimName: USED, readOnly: 'a process may write where its user may' },
    hostPath: { path: USED, type: USED },
    downwardAPI: { items: FILES, defaultMode: OWN_USER },
    projected: {
      sources: [{ configMap: { name: USED, ...ITEMS }, secret: { name: USED, ...ITEMS }, downwardAPI: { items: FILES } }],
      defaultMode: OWN_USER,
    },
    ephemeral: { volumeClaimTemplate: 'a folder on the disk does as well' },
  }],
  restartPolicy: USED,
  activeDeadlineSeconds: USED,
  terminationGracePeriodSeconds: USED,
  serviceAccountName: USED,
  serviceAccount: 'the old name of serviceAccountName',
  automountServiceAccountToken: 'only programs of the runtime get a token',
  enableServiceLinks: 'there are none',
  securityContext: OWN_USER,
  imagePullSecrets: NO_REGISTRY,
  affinity: ONE_MACHINE,
  nodeSelector: ONE_MACHINE,
  nodeName: ONE_MACHINE,
  tolerations: ONE_MACHINE,
  topologySpreadConstraints: ONE_MACHINE,
  runtimeClassName: 'containers are processes of the machine',
  schedulerName: ONE_MACHINE,
  priority: NO_LIMITS,
  priorityClassName: NO_LIMITS,
  preemptionPolicy: NO_LIMITS,
  dnsPolicy: NO_NETWORKS,
  os: ONE_MACHINE,
};

const ENDLESS = ['Always', 'OnFailure', 'Never', undefined];

/** What the laptop's cluster cannot do of a pod's spec, as a sentence with the fields; undefined when it can do all. */
export function refusedPod(spec: PodSpec | undefined, object: KubeObject, path = 'spec'): string | undefined {
  const { kind, namespace, name } = refOf(object);
  const what = `${kind} '${namespace}/${name}'`;
  if (!Array.isArray(spec?.containers) || spec.containers.length === 0) return `'${path}.containers' of ${what} must name a container`;
  const fields = unknownFields(spec, POD, path);
  if (!ENDLESS.includes(spec.restartPolicy)) fields.push(`${path}.restartPolicy`);
  for (const [list, containers] of [['initContainers', spec.initContainers ?? []], ['containers', spec.containers]] as const) {
    containers.forEach((container, index) => (container.env ?? []).forEach((variable, place) => {
      const fieldPath = variable.valueFrom?.fieldRef?.fieldPath;
      if (fieldPath !== undefined && !FIELD_PATHS.test(fieldPath)) fields.push(`${path}.${list}[${index}].env[${place}].valueFrom.fieldRef.fieldPath`);
    }));
  }
  (spec.volumes ?? []).forEach(({ downwardAPI, projected }, index) => {
    fields.push(...unknownFiles(downwardAPI?.items, `${path}.volumes[${index}].downwardAPI`));
    (projected?.sources ?? []).forEach((source, place) => {
      fields.push(...unknownFiles(source.downwardAPI?.items, `${path}.volumes[${index}].projected.sources[${place}].downwardAPI`));
    });
  });
  return refusal(what, fields);
}

/** The files with a field of the pod that is not known here. */
function unknownFiles(items: readonly DownwardItem[] = [], path: string): string[] {
  return items.flatMap(({ fieldRef }, index) => (fieldRef === undefined || isFileField(fieldRef.fieldPath) ? [] : [`${path}.items[${index}].fieldRef.fieldPath`]));
}

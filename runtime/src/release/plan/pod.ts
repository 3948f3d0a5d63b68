import { CONTAINER_SECURITY, CONTRACT_PATH, HOME_PATH, METRICS_PORT, METRICS_PORT_NAME, PROGRAM, RUNTIME_COMMAND, SERVER_FOLDER, SERVER_PORT, SOCKET_PATH, WORKER_PATH, WORKER_SOCKET } from '../../contract/constants.js';
import type { ModelDocument, ModelServer } from '../../contract/documents.js';
import { withParameters } from '../../shared/parameters.js';
import { podTemplate } from '../../shared/pod-template.js';
import type { Container, DeploymentManifest, EnvVar } from './manifest.js';

/** What a server's pod is made of beside the document: the run that it serves and the image of its release. */
export interface PodOptions {
  readonly server: ModelServer;
  readonly image: string;
  /** Folder of the run that is served, in the container. */
  readonly folder: string;
  /** ConfigMap with the server document. */
  readonly configMap: string;
  /** Labels that the loop sets. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that only the pods of this server carry. */
  readonly selector: Readonly<Record<string, string>>;
  /** Parameters of the Workflow. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Requests and limits of our own containers: the sidecar holds requests, not models. */
const WORKER_RESOURCES = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };
const SERVE_RESOURCES = { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '384Mi' } };

/** A server's pod: the user's container with our worker copied in, and the sidecar that owns HTTP, talking over a socket. */
export function serverPod(document: ModelDocument, options: PodOptions): DeploymentManifest['spec']['template'] {
  const { store, runtimeImage } = document;
  const { metadata, spec } = podTemplate(options.server.pod, {
    shared: document.labels,
    labels: options.labels,
    group: options.selector,
    store,
    volumes: [
      { name: 'home', emptyDir: {} },
      { name: 'run', emptyDir: {} },
      { name: 'server', configMap: { name: options.configMap } },
      { name: 'store', persistentVolumeClaim: { claimName: store.claim } },
      { name: 'worker', emptyDir: {} },
    ],
  });
  return {
    metadata,
    spec: {
      ...spec,
      serviceAccountName: options.server.serviceAccount ?? document.serviceAccount,
      // Servers do not call the API, and user code does not need the variables that Kubernetes sets for Services.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      initContainers: [{
        name: 'worker',
        image: runtimeImage,
        command: [RUNTIME_COMMAND],
        args: [PROGRAM.INSTALL_WORKER, `--to=${WORKER_PATH}`],
        resources: WORKER_RESOURCES,
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [{ name: 'worker', mountPath: WORKER_PATH }],
      }],
      containers: [serverContainer(document, options), serveContainer(document)],
    },
  };
}

function serverContainer({ store }: ModelDocument, options: PodOptions): Container {
  const { command, args, resources, pod } = options.server;
  return {
    name: 'server',
    image: options.image,
    command: command ?? ['python3', WORKER_PATH],
    ...(args !== undefined && { args }),
    env: serverEnv(options),
    ...(resources !== undefined && { resources }),
    securityContext: CONTAINER_SECURITY,
    // Why it died is then told with the release that failed.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'home', mountPath: HOME_PATH },
      { name: 'run', mountPath: SOCKET_PATH },
      { name: 'store', mountPath: store.path },
      { name: 'worker', mountPath: WORKER_PATH, readOnly: true },
      ...(pod?.volumeMounts ?? []),
    ],
  };
}

function serveContainer({ namespace, runtimeImage, store }: ModelDocument): Container {
  return {
    name: 'serve',
    image: runtimeImage,
    command: [RUNTIME_COMMAND],
    args: [PROGRAM.SERVE],
    env: [
      { name: 'MYELIN_CONTRACT_PATH', value: CONTRACT_PATH },
      { name: 'MYELIN_SOCKET', value: WORKER_SOCKET },
      { name: 'NAMESPACE', value: namespace },
    ],
    ports: [{ name: 'http', containerPort: SERVER_PORT }, { name: METRICS_PORT_NAME, containerPort: METRICS_PORT }],
    resources: SERVE_RESOURCES,
    readinessProbe: { httpGet: { path: '/health', port: SERVER_PORT }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 3 },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'run', mountPath: SOCKET_PATH },
      { name: 'server', mountPath: `${CONTRACT_PATH}/${SERVER_FOLDER}`, readOnly: true },
      { name: 'store', mountPath: store.path },
    ],
  };
}

/** The document's variables with parameters filled in, then those of the Secrets, then what only this release knows, which wins. */
function serverEnv({ server, folder, parameters }: PodOptions): EnvVar[] {
  const computed: EnvVar[] = [
    { name: 'DATA_PATH', value: folder },
    { name: 'MODEL_PATH', value: folder },
    ...(server.predictor === undefined ? [] : [{ name: 'MYELIN_PREDICTOR', value: server.predictor }]),
    { name: 'MYELIN_SOCKET', value: WORKER_SOCKET },
  ];
  const own = new Set(computed.map(({ name }) => name));
  const declared: EnvVar[] = [
    ...server.env.map(({ name, value }) => ({ name, value: withParameters(value, { workflow: parameters }, name) })),
    ...server.secretEnv.map(({ name, secret, key }) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } })),
  ];
  return [...declared.filter(({ name }) => !own.has(name)), ...computed];
}

// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

// Paths in containers.

/** Mount path of the axon's shared store, in every pod that reads or writes data or models. */
export const STORE_PATH = '/var/lib/myelin';

/** Holds a folder for each mounted contract document, in pods of the runtime. */
export const CONTRACT_PATH = '/etc/myelin';

/** Folder of a step's output files. */
export const OUT_PATH = '/myelin/out';

/** File to which a task writes its metrics. */
export const METRICS_PATH = '/myelin/out/metrics.json';

/** File to which a task writes the hash of its data. */
export const DATA_HASH_PATH = '/myelin/out/data-hash';

/** HOME of user code: a folder that any user ID can write. */
export const HOME_PATH = '/myelin/home';

/** Folder of the prediction worker, copied into the container of a server. */
export const WORKER_PATH = '/myelin/worker';

/** Folder that the prediction worker and `serve` share. */
export const SOCKET_PATH = '/myelin/run';

/** Socket between the prediction worker and `serve`. */
export const WORKER_SOCKET = '/myelin/run/worker.sock';

// Folders on the store; `store` is its mount path.

/** Folder of one run of a task. */
export function runFolder(store: string, axon: string, task: string, run: string): string {
  return `${store}/${axon}/${task}/${run}`;
}

/** Folder of a model's captured requests, predictions and feedback. */
export function feedbackFolder(store: string, axon: string, model: string): string {
  return `${store}/${axon}/feedback/${model}`;
}

// Ports.

/** Port of the EventSource for task events, REST calls and the sweep. */
export const WEBHOOK_PORT = 12000;

/** Port of the EventSource for alerts, so that a NetworkPolicy can open it to Alertmanager alone. */
export const ALERT_PORT = 12001;

/** Port of a server's Service and container for predictions. */
export const SERVER_PORT = 5000;

/** Port of the graph server. */
export const GRAPH_PORT = 8000;

/** Port of a server's metrics, on the pod. */
export const METRICS_PORT = 5001;

/** Name of the container port with metrics, in every pod that has one. */
export const METRICS_PORT_NAME = 'metrics';

/** Port of the headless Service that Prometheus scrapes. */
export const METRICS_SERVICE_PORT = 7777;

/** Keys of labels. */
export const LABEL = {
  /** Component that the object belongs to, under Kubernetes' own key. */
  NAME: 'app.kubernetes.io/name',
  /** Axon of the object, or 'myelin'. */
  PART_OF: 'app.kubernetes.io/part-of',
  /** Always MANAGED_BY. */
  MANAGED_BY: 'app.kubernetes.io/managed-by',
  /** Axon of the object. */
  AXON: 'myelin.io/axon',
  /** Component that the object belongs to. */
  COMPONENT: 'myelin.io/component',
  /** Sensor that started a run. */
  SENSOR: 'myelin.io/sensor',
  /** Value of the label `job` in Prometheus. */
  JOB: 'myelin.io/job',
  /** 'true' on pods that Prometheus scrapes. */
  METRICS: 'myelin.io/metrics',
  /** ReadWriteOnce claim that a pod mounts; all pods with one value run on one node. */
  STORE: 'myelin.io/store',
  /** Deployed model of a server. */
  MODEL: 'myelin.io/model',
  /** Version of a server. */
  VERSION: 'myelin.io/version',
  /** Model of the graph that a server answers for. */
  NODE: 'myelin.io/node',
  /** Backend of that model. */
  BACKEND: 'myelin.io/backend',
  /** Workflow of a trial. */
  RUN: 'myelin.io/run',
  /** Tuned task of a trial. */
  STUDY: 'myelin.io/study',
  /** Configuration of a trial. */
  CONFIG: 'myelin.io/config',
  /** Bracket of a trial. */
  BRACKET: 'myelin.io/bracket',
  /** Rung of a trial. */
  RUNG: 'myelin.io/rung',
  /** Whether Istio injects its sidecar into the pod. */
  SIDECAR: 'sidecar.istio.io/inject',
} as const;

/** Keys of annotations. */
export const ANNOTATION = {
  /** Digest of what `deploy` last applied. */
  APPLIED: 'myelin.io/applied',
  /** Hyperparameters of a trial, a JSON object. */
  CONFIGURATION: 'myelin.io/configuration',
  /** Budget of a trial. */
  BUDGET: 'myelin.io/budget',
  /** Workflow of a trial, in full: a label holds 63 characters at most. */
  RUN: 'myelin.io/run',
} as const;

// Values of labels.

/** Value of LABEL.MANAGED_BY on every object that synthesis or the runtime makes. */
export const MANAGED_BY = 'cdk8s-myelin';

/** Label of pods that run to completion or only listen: they stay out of the mesh. */
export const NO_SIDECAR = frozen({ 'sidecar.istio.io/inject': 'false' });

/** Most characters of a label's value, and of most objects' names. */
export const LONGEST_LABEL = 63;

// Pod Security `restricted`.

/** Security context of every pod. The group owns the volumes: the pods of one run write into each other's folders. OnRootMismatch avoids a chown of the whole store. */
export const POD_SECURITY = frozen({ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } });

/** Security context of every container. */
export const CONTAINER_SECURITY = frozen({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });

// Runs.

/** How long a finished run's Workflow stays. Set on runs, not on the template: a run-once Workflow would inherit it, be removed, and run again when it is applied. */
export const RUN_TTL = frozen({ secondsAfterSuccess: 86400, secondsAfterFailure: 604800 });

/** Exit code of a step that no retry would help. */
export const PERMANENT_EXIT_CODE = 65;

/** Decision of a gate that lets its run continue. */
export const PASS = 'pass';

/** Programs of the runtime image; RUNTIME_COMMAND runs them. */
export const PROGRAM = {
  /** Decides whether a run may act. */
  GATE: 'gate',
  /** Records and posts a task event. */
  EMIT: 'emit',
  /** Starts every complete set of events that has no run. */
  SWEEP: 'sweep',
  /** Runs the trials of a study. */
  TUNE: 'tune',
  /** Makes a version's servers and routes to them. */
  DEPLOY: 'deploy',
  /** Answers predictions, beside the prediction worker. */
  SERVE: 'serve',
  /** Makes a Secret with a random token. */
  BOOTSTRAP: 'bootstrap',
  /** Copies the prediction worker into a volume. */
  INSTALL_WORKER: 'install-worker',
} as const;

/** One of PROGRAM. */
export type Program = (typeof PROGRAM)[keyof typeof PROGRAM];

// Names of templates and of the steps that run them.

/** Command of the runtime image. */
export const RUNTIME_COMMAND = 'myelin-runtime';

/** Template with the graph of a sensor's run. */
export function sensorTemplate(sensor: string): string {
  return `sensor-${sensor}`;
}

/** Step that builds the image of a task or model server. */
export function buildStep(task: string): string {
  return `build-${task}`;
}

/** Step that runs a task. */
export function taskStep(task: string): string {
  return `task-${task}`;
}

/** Step that emits a task's success. */
export function emitStep(task: string): string {
  return `emit-${task}`;
}

/** Step that emits a task's failure, where no exit hook does. */
export function failedStep(task: string): string {
  return `failed-${task}`;
}

/** Step that deploys a model. */
export function deployStep(model: string): string {
  return `deploy-${model}`;
}

/** Parameters of runs and steps, as inputs, arguments and outputs. */
export const PARAMETER = {
  /** Of a run: body of the triggering event in base64, or a `wake` document as it is. */
  EVENT: 'event',
  /** Of a run: `<webhook>/<id>` of the delivery. */
  DELIVERY: 'delivery',
  /** Sensor of the run. */
  SENSOR: 'sensor',
  /** PASS, or why the run ends here. */
  DECISION: 'decision',
  /** Version that the triggering events make. */
  VERSION: 'version',
  /** Ids of the triggering events, a JSON list. */
  EVENTS: 'events',
  /** Data hash of the last training. */
  TRAINED_DATA_HASH: 'trained-data-hash',
  /** Metrics of a task, a JSON object. */
  METRICS: 'metrics',
  /** Data hash of a task. */
  DATA_HASH: 'data-hash',
  /** Task that ended, or that is tuned. */
  TASK: 'task',
  /** How that task ended. */
  PHASE: 'phase',
  /** Model to deploy. */
  MODEL: 'model',
  /** Image that a build step pushed, by digest. */
  IMAGE: 'image',
  /** Folder of the live model, in the steps of a task; liveParameter in those of the gate. */
  LIVE: 'live',
} as const;

// Names of parameters that hold the name of a task or model server. With an empty name each is its prefix.

/** Folder of a task's last successful run. */
export function folderParameter(task: string): string {
  return `folder-${task}`;
}

/** Folder of the live model that a task trained. */
export function liveParameter(task: string): string {
  return `live-${task}`;
}

/** Built image of a model server. */
export function imageParameter(server: string): string {
  return `image-${server}`;
}

// Webhooks: path of the URL, event of the EventSource and dependency of the Sensor.

/** A task event. */
export function taskWebhook(task: string, phase: string): string {
  return `task-${task}-${phase}`;
}

/** A REST call. */
export function restWebhook(trigger: string): string {
  return `rest-${trigger}`;
}

/** An alert of a sensor. */
export function alertWebhook(sensor: string, trigger: string): string {
  return `alert-${sensor}-${trigger}`;
}

/** Runs the sweep at once. */
export const SWEEP_WEBHOOK = 'sweep';

// Names of objects.

/** ConfigMap of an axon's ledger. */
export function ledgerName(axon: string): string {
  return `${axon}-ledger`;
}

/** ConfigMap of an axon's release history. */
export function releasesName(axon: string): string {
  return `${axon}-releases`;
}

/** ConfigMap of the axon document; it owns what `deploy` makes. */
export function axonConfigMap(axon: string): string {
  return `${axon}-axon`;
}

/** ConfigMap of a tuned task's study document. */
export function studyConfigMap(axon: string, task: string): string {
  return `${axon}-study-${task}`;
}

/** ConfigMap of a model document. */
export function modelConfigMap(axon: string, model: string): string {
  return `${axon}-model-${model}`;
}

/** VirtualService that the runtime owns and the axon's own delegates to. */
export function routesName(axon: string): string {
  return `${axon}-routes`;
}

/** Service that Argo Events makes for an axon's EventSource. */
export function eventSourceService(axon: string): string {
  return `${axon}-eventsource-svc`;
}

// Folders of mounted documents, below CONTRACT_PATH: the ConfigMap's name without the axon's.

/** Holds axon.json. */
export const AXON_FOLDER = 'axon';

/** Holds the study.json of a tuned task. */
export function studyFolder(task: string): string {
  return `study-${task}`;
}

/** Holds the model.json of a model. */
export function modelFolder(model: string): string {
  return `model-${model}`;
}

/** Holds the server.json of a server. */
export const SERVER_FOLDER = 'server';

/** Keys of contract documents in their ConfigMaps, and names of their files where they are mounted. */
export const DOCUMENT_KEY = {
  /** The axon document. */
  AXON: 'axon.json',
  /** The ledger. */
  LEDGER: 'ledger.json',
  /** A study document. */
  STUDY: 'study.json',
  /** A model document. */
  MODEL: 'model.json',
  /** The release history. */
  RELEASES: 'releases.json',
  /** A server document. */
  SERVER: 'server.json',
} as const;

// Regular expressions.

/** Name of a metric that user code reports. */
export const METRIC_NAME_PATTERN = /^[A-Za-z_][-A-Za-z0-9_:]*$/;

/** Hash of data that a task reports. */
export const DATA_HASH_PATTERN = /^[0-9A-Fa-f]{8,128}$/;

/** Id of an event. */
export const EVENT_ID_PATTERN = /^[0-9a-f]{16}$/;

/** Version of a model. */
export const VERSION_PATTERN = /^[0-9a-f]{10}$/;

/** Matches values of parameters that the engines would not pass on unchanged; README.md says why. */
export const UNFIT_PARAMETER_VALUE = /\{\{|\{$|\$[$(]|^<no value>$|[^\t\n\r -~\u{A0}-\u{D7FF}\u{E000}-\u{FFFF}]/u;

function frozen<T extends object>(value: T): T {
  for (const entry of Object.values(value)) {
    if (typeof entry === 'object' && entry !== null) frozen(entry);
  }
  return Object.freeze(value);
}

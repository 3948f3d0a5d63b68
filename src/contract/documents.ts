// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/** What wakes a sensor. */
export type SensorTrigger = TaskTrigger | RestTrigger | CalendarTrigger | AlertTrigger;

/** What must hold before a complete set of events starts a run. */
export type SensorCondition = MetricCondition | BetterThanLiveCondition | PromqlCondition;

/** What happened, with the numbers of the run. */
export type EventData = TaskEventData | RestEventData | AlertEventData | CalendarEventData | OnceEventData;

/** A complete set of events (one of each trigger) and what was decided. */
export type LedgerSet = ConsumedSet | RefusedSet | DeferredSet;

/** A hyperparameter. */
export type StudyParameter = FloatParameter | IntegerParameter | CategoricalParameter;

/** The truth about one trial: result.json, written beside and renamed into the trial's folder. */
export type TrialResultDocument = SucceededTrial | FailedTrial;

/** What wakes a run that no delivered event wakes: the Workflow parameter 'event' of run-once and calendar runs. */
export type WakeDocument = OnceWake | CalendarWake;

/** Every document of the contract by name. */
export interface Documents {
  /** What the steps of the loop know of an axon. */
  axon: AxonDocument;
  /** One line of a capture segment. A prediction has 'request' and 'answer', what came of it 'truth' or 'reward'; lines with one id belong together. */
  capture: CaptureRecord;
  /** Constants that constructs and runtime share: paths, ports, labels, names, security contexts, regular expressions. */
  constants: ConstantsDocument;
  /** Environment variables that user code sees. */
  environment: EnvironmentDocument;
  /** What emit and tune post to the webhook: a CloudEvents 1.0 event in structured JSON mode. */
  event: EventDocument;
  /** What the graph server of one release reads; derived from the document 'model'. */
  graph: GraphDocument;
  /** What happened in an axon and what came of it. Changed only by compare-and-swap; its writer prunes it to at most 768 KiB. */
  ledger: LedgerDocument;
  /** Prometheus metrics of the runtime, and how metrics of user code are stored. */
  metrics: MetricsDocument;
  /** The release spec that deploy turns into objects, for every version anew. */
  model: ModelDocument;
  /** The release history of an axon. Changed only by compare-and-swap. */
  release: ReleaseDocument;
  /** What the serving sidecar of one backend of one release reads. It is written once and never changed: a server that is restarted is what was deployed. */
  server: ServerDocument;
  /** How tune searches the hyperparameters of a training task. */
  study: StudyDocument;
  /** The truth about one trial: result.json, written beside and renamed into the trial's folder. */
  'trial-result': TrialResultDocument;
  /** What wakes a run that no delivered event wakes: the Workflow parameter 'event' of run-once and calendar runs. */
  wake: WakeDocument;
}

/** What the steps of the loop know of an axon. */
export interface AxonDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon and all its objects. */
  namespace: string;
  /** Name of the ledger's ConfigMap. */
  ledger: string;
  /** Name of the release history's ConfigMap. */
  releases: string;
  /** Where runs keep data and models. */
  store: AxonStore;
  /** Where ends of tasks are posted. Absent when nothing listens. */
  webhook?: AxonWebhook;
  /** Where gates ask for metrics. Absent when no condition or trigger needs it. */
  prometheus?: AxonPrometheus;
  /** Further labels of every object that gate, emit, tune and sweep make. */
  labels?: Labels;
  /**
   * All tasks, sorted by name. Model servers are not among them: no run has a step for a server.
   *
   * Items: A task of the axon.
   */
  tasks: AxonTask[];
  /**
   * All sensors, sorted by name.
   *
   * Items: When to run what. Several triggers are an AND: the latest unconsumed event of each.
   */
  sensors: AxonSensor[];
  /**
   * All deployed models, sorted by name.
   *
   * Items: A deployed model of the axon; its release spec is the document 'model'.
   */
  models: AxonModel[];
}

/** Where runs keep data and models. */
export interface AxonStore {
  /** Mount path; a run's folder is <path>/<axon>/<task>/<runId>/. */
  path: string;
}

/** Where ends of tasks are posted. Absent when nothing listens. */
export interface AxonWebhook {
  /** Base URL of the EventSource's Service; the event name is appended as a path. */
  url: string;
}

/** Where gates ask for metrics. Absent when no condition or trigger needs it. */
export interface AxonPrometheus {
  /** Base URL of the Prometheus HTTP API. */
  url: string;
}

/** A task of the axon. */
export interface AxonTask {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** What the task is. */
  kind: 'container' | 'training';
  /**
   * Metrics that the task declares; it may report others as well.
   *
   * Items: Name of a metric as the user's code reports it, before the axon's name is appended.
   */
  metrics: string[];
  /** The metric that training tries to better. */
  objective?: Objective;
  /**
   * Ends of the task that somebody listens to.
   *
   * Items: How a task's run ended.
   */
  emits: ('succeeded' | 'failed')[];
}

/** When to run what. Several triggers are an AND: the latest unconsumed event of each. */
export interface AxonSensor {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Marks a sensor that runs once, when the axon is created. */
  once?: SensorOnce;
  /**
   * Triggers, all of which must have fired; empty exactly when 'once' is given.
   *
   * Items: What wakes a sensor.
   */
  triggers: SensorTrigger[];
  /**
   * Conditions, all of which must be met; a missing number is not met.
   *
   * Items: What must hold before a complete set of events starts a run.
   */
  conditions: SensorCondition[];
  /** Keeps a loop from retraining for ever. */
  guard?: SensorGuard;
  /**
   * Names of tasks and models to run: outer list in order, inner lists in parallel. No model has a task's name.
   *
   * @minItems 1
   */
  runs: string[][];
  /** Names of Workflow parameters that the trigger's payload may set. */
  parameters: string[];
}

/** Marks a sensor that runs once, when the axon is created. */
export interface SensorOnce {
  /** First 10 hex digits of SHA-256 over the sensor's resolved tasks and parameters; a new one runs the sensor again. */
  fingerprint: string;
}

/** Fires whenever a task ends in a phase, whichever sensor started it. */
export interface TaskTrigger {
  /** Kind of the trigger. */
  kind: 'task';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Name of the task. */
  task: string;
  /** How a task's run ended. */
  phase: 'succeeded' | 'failed';
}

/** Fires when somebody calls it. */
export interface RestTrigger {
  /** Kind of the trigger. */
  kind: 'rest';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
}

/** Fires on a schedule. */
export interface CalendarTrigger {
  /** Kind of the trigger. */
  kind: 'calendar';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Cron expression of five fields. */
  schedule: string;
  /** IANA time zone of the schedule; UTC when absent. */
  timezone?: string;
}

/** Fires when an alert does. */
export interface AlertTrigger {
  /** Kind of the trigger. */
  kind: 'alert';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Name of the alert in the PrometheusRule. */
  alert: string;
  /** Deployed model that the alert watches. */
  model?: string;
  /** PromQL of the alert. */
  expression: string;
  /** How long it must hold until the alert fires, in seconds; 0 when absent. */
  forSeconds?: number;
}

/** A metric of the triggering run compares with a constant. */
export interface MetricCondition {
  /** Kind of the condition. */
  kind: 'metric';
  /** Task whose run reported the metric; the triggering task when absent. */
  task?: string;
  /** Name of a metric as the user's code reports it, before the axon's name is appended. */
  metric: string;
  /** How the metric's value is compared with the threshold. */
  operator: '>' | '>=' | '<' | '<=';
  /** Constant to compare with, in the metric's unit. */
  threshold: number;
}

/** The triggering run beats the newest live release of a model. Met when nothing is live. */
export interface BetterThanLiveCondition {
  /** Kind of the condition. */
  kind: 'betterThanLive';
  /** Deployed model to beat. */
  model: string;
  /** Task whose run reported the metric; the triggering task when absent. */
  task?: string;
  /** Name of a metric as the user's code reports it, before the axon's name is appended. */
  metric: string;
  /** Whether a larger or a smaller value is better. */
  direction: 'maximize' | 'minimize';
  /** By how much it must be better, in the metric's unit; 0 wants strictly better. */
  margin: number;
}

/** A PromQL query gives at least one sample. */
export interface PromqlCondition {
  /** Kind of the condition. */
  kind: 'promql';
  /** PromQL, with stored metric names. */
  expression: string;
}

/** Keeps a loop from retraining for ever. */
export interface SensorGuard {
  /** Deployed model that the guard counts for; the sensor itself when absent. */
  model?: string;
  /** Least time from the end of one retrain to the start of the next, in seconds. */
  cooldownSeconds: number;
  /** How many retrains a window allows. */
  budget: GuardBudget;
  /** Whether to train again on data that was already trained on. */
  sameData: 'allow' | 'refuse';
  /** Of which releases an alert may retrain; others are recorded only. */
  generations: 'newest' | 'any';
}

/** How many retrains a window allows. */
export interface GuardBudget {
  /** Retrains in any window. */
  runs: number;
  /** Length of the sliding window, in seconds. */
  windowSeconds: number;
  /** Factor on the cooldown each time in a row that the budget is used up; 1 keeps it. */
  backoff: number;
}

/** A deployed model of the axon; its release spec is the document 'model'. */
export interface AxonModel {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /**
   * Training tasks whose results it serves.
   *
   * @minItems 1
   *
   * Items: Identifier of lower-case letters, digits and '-'; at most 63 characters.
   */
  trainers: string[];
  /** Whether it captures requests and truths, so that a retrain sees new data. */
  captures: boolean;
}

/** One line of a capture segment. A prediction has 'request' and 'answer', what came of it 'truth' or 'reward'; lines with one id belong together. */
export interface CaptureRecord {
  /** Prediction id: <version>.<id>. */
  id: string;
  /** Version that answered. */
  version: string;
  /** When it was received, RFC 3339 in UTC. */
  at: string;
  /** The message as it came, without dropped fields. */
  request?: {
    [k: string]: unknown;
  };
  /** The message as it was answered, without 'meta'. */
  answer?: {
    [k: string]: unknown;
  };
  /** The message that says what was right. */
  truth?: {
    [k: string]: unknown;
  };
  /** How good the answer was, in the client's own unit. */
  reward?: number;
}

/** Finite values by metric name, each in the metric's own unit. */
export interface Numbers {
  [k: string]: number;
}

/** Workflow parameters by name. */
export interface Parameters {
  [k: string]: string;
}

/** The metric that training tries to better. */
export interface Objective {
  /** Metric that a trial reports. */
  metric: string;
  /** Whether a larger or a smaller value is better. */
  direction: 'maximize' | 'minimize';
}

/** An environment variable with a value in clear. */
export interface EnvironmentEntry {
  /** Name of the variable. */
  name: string;
  /** Its value; may be empty. */
  value: string;
}

/** An environment variable whose value is a key of a Secret. */
export interface SecretEnvironmentEntry {
  /** Name of the variable. */
  name: string;
  /** Name of the Secret, in the axon's namespace. */
  secret: string;
  /** Key in the Secret. */
  key: string;
}

/** Kubernetes quantities by resource name, such as cpu, memory or nvidia.com/gpu. */
export interface Quantities {
  [k: string]: string;
}

/** Compute resources of a container. */
export interface Resources {
  /** What the scheduler sets aside. */
  requests?: Quantities;
  /** What the container may not exceed. */
  limits?: Quantities;
}

/** Node labels that the pod's node must carry. */
export interface NodeSelector {
  [k: string]: string;
}

/** A part of a pod in Kubernetes' own format. */
export interface KubernetesObject {
  [k: string]: unknown;
}

/** Fields of a pod's spec, in Kubernetes' own format. They are added to those that the loop sets. */
export interface PodFields {
  /** Node labels that the pod's node must carry. */
  nodeSelector?: NodeSelector;
  /** Rules about the nodes of the pod and the pods beside it. The term that keeps pods of one claim together is added. */
  affinity?: KubernetesObject;
  /**
   * Taints of nodes that the pod tolerates.
   *
   * Items: A part of a pod in Kubernetes' own format.
   */
  tolerations?: KubernetesObject[];
  /**
   * How pods are spread over zones or nodes. A constraint without a label selector counts the pods of the same server or study.
   *
   * Items: A part of a pod in Kubernetes' own format.
   */
  topologySpreadConstraints?: KubernetesObject[];
  /** Name of the PriorityClass. */
  priorityClassName?: string;
  /** Name of the RuntimeClass. */
  runtimeClassName?: string;
  /**
   * Secrets with logins to registries.
   *
   * Items: A Secret with a login to a registry.
   */
  imagePullSecrets?: PullSecret[];
  /** Security context of the pod. Each field replaces that of POD_SECURITY. */
  securityContext?: KubernetesObject;
  /**
   * Volumes besides those of the loop.
   *
   * Items: A volume in Kubernetes' own format.
   */
  volumes?: PodVolume[];
}

/** A volume in Kubernetes' own format. */
export interface PodVolume {
  /** Name of the volume. */
  name: string;
  [k: string]: unknown;
}

/** A mount of a volume in Kubernetes' own format. */
export interface PodVolumeMount {
  /** Name of the volume. */
  name: string;
  /** Where the container sees it. */
  mountPath: string;
  [k: string]: unknown;
}

/** A Secret with a login to a registry. */
export interface PullSecret {
  /** Name of the Secret. */
  name: string;
}

/** What a user adds to a pod. */
export interface Pod {
  /** Labels of the pod. They win over those of the document, except for labels that select pods. */
  labels?: Labels;
  /** Annotations of the pod. */
  annotations?: {
    [k: string]: string;
  };
  /** Fields of a pod's spec, in Kubernetes' own format. They are added to those that the loop sets. */
  spec?: PodFields;
  /**
   * Mounts of the container with user code, besides those of the loop.
   *
   * Items: A mount of a volume in Kubernetes' own format.
   */
  volumeMounts?: PodVolumeMount[];
}

/** Labels by key. */
export interface Labels {
  [k: string]: string;
}

/** A store on a PersistentVolumeClaim. */
export interface Store {
  /** Kind of the store. */
  kind: 'claim';
  /** Name of the PersistentVolumeClaim. */
  claim: string;
  /** Who may mount it; unknown when absent. Pods that share a ReadWriteOnce claim carry the label 'myelin.io/store: <claim>' and must run on one node. */
  access?: 'ReadWriteOnce' | 'ReadWriteMany';
  /** Where it is mounted. */
  path: string;
}

/** Constants that constructs and runtime share: paths, ports, labels, names, security contexts, regular expressions. */
export interface ConstantsDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /**
   * All constants, by subject.
   *
   * @minItems 1
   *
   * Items: Constants of one subject: one object where the group has a name, otherwise one constant each.
   */
  groups: ConstantGroup[];
}

/** Constants of one subject: one object where the group has a name, otherwise one constant each. */
export interface ConstantGroup {
  /** Name of the object. */
  name?: string;
  /** Name of the type of its values. */
  type?: string;
  /** What the constants are. */
  description: string;
  /**
   * The constants.
   *
   * @minItems 1
   *
   * Items: A constant with exactly one of value, pattern and schema.
   */
  constants: Constant[];
}

/** A constant with exactly one of value, pattern and schema. */
export interface Constant {
  /** Its name: upper case, or camel case when it is a function. */
  name: string;
  /** What it is, in one line. */
  description: string;
  /** Its value. In a text, <NAME> is another constant, and <name> is a parameter of the function that the constant then is. */
  value?: string | number | {};
  /** Source of a regular expression. */
  pattern?: string;
  /** Flags of the regular expression. */
  flags?: string;
  /** Definition in common.schema.json that holds the regular expression. */
  schema?: string;
}

/** Environment variables that user code sees. */
export interface EnvironmentDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** User code must not set a variable whose name begins so, nor one that the runtime sets. */
  reservedPrefixes: string[];
  /**
   * All variables.
   *
   * @minItems 1
   *
   * Items: A variable.
   */
  variables: EnvironmentVariable[];
}

/** A variable. */
export interface EnvironmentVariable {
  /** Its name, or how its name begins when 'suffix' is given. */
  name: string;
  /** What follows the name. */
  suffix?: string;
  /** What it holds, and when it is absent. */
  description: string;
  /**
   * Kinds of container that see it; a trial sees those of training as well.
   *
   * @minItems 1
   */
  kinds: ('container' | 'training' | 'trial' | 'server')[];
  /** The value, where it is the same for every task; <NAME> is a constant of constants.json. */
  value?: string;
  /** Sets the variable: the runtime (also when absent) or the image, in .s2i/environment. User code must not set those of the runtime. */
  source?: 'runtime' | 'image';
  /** A possible value, where 'value' is absent. */
  example?: string;
}

/** What emit and tune post to the webhook: a CloudEvents 1.0 event in structured JSON mode. */
export interface EventDocument {
  /** Version of CloudEvents. */
  specversion: '1.0';
  /** First 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], written without spaces. */
  id: string;
  /** /namespaces/<namespace>/axons/<axon>. */
  source: string;
  /** io.myelin.<kind>.<phase>. */
  type:
    | 'io.myelin.task.succeeded'
    | 'io.myelin.task.failed'
    | 'io.myelin.rest.called'
    | 'io.myelin.alert.fired'
    | 'io.myelin.calendar.ticked'
    | 'io.myelin.once.started';
  /** The same as data.subject. */
  subject: string;
  /** When it happened, RFC 3339 in UTC. */
  time: string;
  /** Media type of data. */
  datacontenttype: 'application/json';
  /** What happened, with the numbers of the run. */
  data: EventData;
}

/** A task ended. */
export interface TaskEventData {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Kind of the event. */
  kind: 'task';
  /** Name of the task. */
  subject: string;
  /** Name of the Workflow that ran the task. */
  runId: string;
  /** How a task's run ended. */
  phase: 'succeeded' | 'failed';
  /** What the task wrote to MYELIN_METRICS_PATH; empty when it wrote nothing. */
  metrics: Numbers;
  /** What the prepare task wrote to MYELIN_DATA_HASH_PATH, in hex and compared as written: equal for equal data. */
  dataHash?: string;
  /** Commit of the code that ran, where it is known. */
  codeRevision?: string;
  /** Image that ran, by digest where it is known. */
  image?: string;
}

/** Somebody called the REST trigger. */
export interface RestEventData {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Kind of the event. */
  kind: 'rest';
  /** Name of the trigger. */
  subject: string;
  /** Id of the delivery. */
  runId: string;
  /** What happened. */
  phase: 'called';
  /** Numbers given in the call; usually empty. */
  metrics: Numbers;
  /** Values that the call gives to the sensor's parameters. */
  parameters?: Parameters;
}

/** An alert fires. */
export interface AlertEventData {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Kind of the event. */
  kind: 'alert';
  /** Sensor and trigger, joined by '-'; one name where they are equal. */
  subject: string;
  /** Fingerprint of the alert and its start, joined by '@'. */
  runId: string;
  /** What happened. */
  phase: 'fired';
  /** Values that the alert carries; may be empty. */
  metrics: Numbers;
  /** Name of the alert in its PrometheusRule. */
  alert: string;
  /** Since when it fires, RFC 3339 in UTC. */
  startsAt: string;
  /** Deployed model that the alert speaks of. */
  model?: string;
  /** Version that the alert speaks of. */
  version?: string;
}

/** A schedule came round. */
export interface CalendarEventData {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Kind of the event. */
  kind: 'calendar';
  /** Sensor and trigger, joined by '-'; one name where they are equal. */
  subject: string;
  /** When the tick was due, RFC 3339 in UTC. */
  runId: string;
  /** What happened. */
  phase: 'ticked';
  /** Always empty. */
  metrics: Numbers;
}

/** A run-once sensor started. Recorded in the ledger only, never posted. */
export interface OnceEventData {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Kind of the event. */
  kind: 'once';
  /** Name of the sensor. */
  subject: string;
  /** Fingerprint of what the sensor runs. */
  runId: string;
  /** What happened. */
  phase: 'started';
  /** Always empty. */
  metrics: Numbers;
}

/** What the graph server of one release reads; derived from the document 'model'. */
export interface GraphDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Name of the deployed model. */
  model: string;
  /** First 10 hex digits of SHA-256 over the sorted ids of the triggering events, joined by a line feed. */
  version: string;
  /**
   * Models that routes call, sorted by name.
   *
   * @minItems 1
   *
   * Items: A model and the servers that answer for it.
   */
  nodes: GraphNode[];
  /**
   * Public paths.
   *
   * @minItems 1
   *
   * Items: A public path: steps are called in the order of the edges, and the answer's reply is returned.
   */
  routes: GraphRoute[];
}

/** A model and the servers that answer for it. */
export interface GraphNode {
  /** Name of the model. */
  name: string;
  /** How a request's backend is chosen. */
  selection: 'weighted' | 'best' | 'epsilon-greedy' | 'thompson';
  /**
   * Servers of this release.
   *
   * @minItems 1
   *
   * Items: A server.
   */
  backends: GraphBackend[];
}

/** A server. */
export interface GraphBackend {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Base URL of the server's Service. */
  url: string;
  /** Share of the node's requests, in per cent. */
  weight: number;
}

/** A public path: steps are called in the order of the edges, and the answer's reply is returned. */
export interface GraphRoute {
  /** Public path after /<namespace>/<axon>. */
  path: string;
  /** Node whose reply is the answer. */
  answer: string;
  /**
   * Calls, each node at most once.
   *
   * @minItems 1
   *
   * Items: One call of a node.
   */
  steps: GraphStep[];
  /**
   * Whose reply feeds whom.
   *
   * Items: The reply of one node feeds another.
   */
  edges: GraphEdge[];
}

/** One call of a node. */
export interface GraphStep {
  /** Name of the node. */
  node: string;
  /** Path called on it. */
  path: string;
  /** How replies become its input: none passes the request on, object keys them by node name. */
  combine: 'none' | 'object' | 'mean' | 'vote' | 'concat';
  /** Whether the request is added under INPUT; only with object. */
  includeInput: boolean;
}

/** The reply of one node feeds another. */
export interface GraphEdge {
  /** Node that replies. */
  from: string;
  /** Node that it feeds. */
  to: string;
}

/** What happened in an axon and what came of it. Changed only by compare-and-swap; its writer prunes it to at most 768 KiB. */
export interface LedgerDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Events by id. */
  events: {
    /** An event that was seen at least once. */
    [k: string]: LedgerEvent;
  };
  /** Decisions by sensor. */
  sensors: {
    /** What one sensor did with its events. */
    [k: string]: LedgerSensor;
  };
  /** Bookkeeping of retrains by deployed model. */
  models: {
    /** What the retrain guards of a deployed model count. */
    [k: string]: LedgerModel;
  };
  /** Last succeeded run by task. */
  tasks: {
    /** The last succeeded run of a task. */
    [k: string]: LedgerRun;
  };
  /** What was forgotten. A delivery older than the horizon is a late duplicate and starts nothing. */
  pruned?: LedgerHorizon;
}

/** An event that was seen at least once. */
export interface LedgerEvent {
  /** What made the event: a task's end, a REST call, a firing alert, a schedule, or the axon's creation. */
  kind: 'task' | 'rest' | 'alert' | 'calendar' | 'once';
  /** Name of the task, trigger or run-once sensor. */
  subject: string;
  /** What happened; 'succeeded' and 'failed' belong to tasks, each other phase to one kind. */
  phase: 'succeeded' | 'failed' | 'called' | 'fired' | 'ticked' | 'started';
  /** Name of the Workflow that ran, or the id of the delivery when no run made the event. */
  runId: string;
  /** When it happened, RFC 3339 in UTC. */
  at: string;
  /** Finite values by metric name, each in the metric's own unit. */
  metrics: Numbers;
  /** What the prepare task wrote to MYELIN_DATA_HASH_PATH, in hex and compared as written: equal for equal data. */
  dataHash?: string;
  /** Values that the payload gave. */
  parameters?: Parameters;
  /** Deployed model that an alert speaks of. */
  model?: string;
  /** Version that an alert speaks of. */
  version?: string;
  /** Commit of the code that ran, where it is known. */
  codeRevision?: string;
  /** Image that ran, by digest where it is known. */
  image?: string;
}

/** What one sensor did with its events. */
export interface LedgerSensor {
  /**
   * Decided sets, oldest first. A run decides one set; deciding again replaces its entry.
   *
   * @maxItems 200
   *
   * Items: A complete set of events (one of each trigger) and what was decided.
   */
  sets: LedgerSet[];
}

/** The run goes on; its events never start another one of this sensor. */
export interface ConsumedSet {
  /** What was decided. */
  decision: 'consumed';
  /** Name of the Workflow that holds the set. */
  run: string;
  /** UID of that Workflow: one made again under the same name is another run. */
  uid?: string;
  /**
   * Ids of the set, sorted.
   *
   * @minItems 1
   *
   * Items: First 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], written without spaces.
   */
  events: string[];
  /** First 10 hex digits of SHA-256 over the sorted ids of the triggering events, joined by a line feed. */
  version: string;
  /** When it was decided, RFC 3339 in UTC. */
  at: string;
  /**
   * Numbers that the conditions and guards saw.
   *
   * Items: A number that a condition or a guard looked at.
   */
  numbers: SeenNumber[];
}

/** The run ends; its events are spent. */
export interface RefusedSet {
  /** What was decided. */
  decision: 'refused';
  /** Name of the Workflow that held the set. */
  run: string;
  /** UID of that Workflow. */
  uid?: string;
  /**
   * Ids of the set, sorted.
   *
   * @minItems 1
   *
   * Items: First 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], written without spaces.
   */
  events: string[];
  /**
   * All reasons.
   *
   * @minItems 1
   *
   * Items: Why a set was not consumed.
   */
  reasons: DecisionReason[];
  /** When it was decided, RFC 3339 in UTC. */
  at: string;
  /**
   * Numbers that the conditions and guards saw.
   *
   * Items: A number that a condition or a guard looked at.
   */
  numbers: SeenNumber[];
}

/** The run ends; sweep starts another one for the set later. */
export interface DeferredSet {
  /** What was decided. */
  decision: 'deferred';
  /** Name of the Workflow that held the set. */
  run: string;
  /** UID of that Workflow. */
  uid?: string;
  /**
   * Ids of the set, sorted.
   *
   * @minItems 1
   *
   * Items: First 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], written without spaces.
   */
  events: string[];
  /** Earliest next start, RFC 3339 in UTC. */
  until: string;
  /**
   * All reasons.
   *
   * @minItems 1
   *
   * Items: Why a set was not consumed.
   */
  reasons: DecisionReason[];
  /** When it was decided, RFC 3339 in UTC. */
  at: string;
  /**
   * Numbers that the conditions and guards saw.
   *
   * Items: A number that a condition or a guard looked at.
   */
  numbers: SeenNumber[];
}

/** Why a set was not consumed. */
export interface DecisionReason {
  /** Kind of the reason, for programs. */
  code:
    | 'condition-not-met'
    | 'metric-missing'
    | 'cooldown'
    | 'budget'
    | 'same-data'
    | 'retrain-running'
    | 'version-pending'
    | 'older-generation'
    | 'retired-version'
    | 'no-longer-firing'
    | 'already-ran';
  /** The reason in words, with the numbers. */
  message: string;
}

/** A number that a condition or a guard looked at. */
export interface SeenNumber {
  /** Metric, query or guard. */
  name: string;
  /** What was seen, in the metric's unit; null when it was missing. */
  value: number | null;
  /** How the metric's value is compared with the threshold. */
  operator?: '>' | '>=' | '<' | '<=';
  /** What it was compared with, in the same unit. */
  threshold?: number;
  /** Whether it let the set pass. */
  met: boolean;
}

/** What the retrain guards of a deployed model count. */
export interface LedgerModel {
  /**
   * Retrains within the guards' window, oldest first.
   *
   * @maxItems 100
   *
   * Items: A retrain that was started.
   */
  retrains: LedgerRetrain[];
  /** How many times in a row the budget was used up; each one multiplies the cooldown. */
  exhausted: number;
  /** The Workflow that retrains now. */
  running?: string;
  /**
   * Data that was trained on, oldest first.
   *
   * @maxItems 100
   *
   * Items: Data that a succeeded training used.
   */
  trained: TrainedData[];
}

/** A retrain that was started. */
export interface LedgerRetrain {
  /** Name of its Workflow. */
  run: string;
  /** Sensor that started it. */
  sensor: string;
  /** When it was started, RFC 3339 in UTC. */
  at: string;
  /** When its run was over, RFC 3339 in UTC; the cooldown counts from there. */
  ended?: string;
}

/** Data that a succeeded training used. */
export interface TrainedData {
  /** What the prepare task wrote to MYELIN_DATA_HASH_PATH, in hex and compared as written: equal for equal data. */
  dataHash: string;
  /** Workflow that trained on it last. */
  run: string;
  /** When that training succeeded, RFC 3339 in UTC. */
  at: string;
}

/** The last succeeded run of a task. */
export interface LedgerRun {
  /** Name of the Workflow that ran, or the id of the delivery when no run made the event. */
  runId: string;
  /** When it succeeded, RFC 3339 in UTC. */
  at: string;
  /** What the prepare task wrote to MYELIN_DATA_HASH_PATH, in hex and compared as written: equal for equal data. */
  dataHash?: string;
}

/** What was forgotten. A delivery older than the horizon is a late duplicate and starts nothing. */
export interface LedgerHorizon {
  /** Events that happened before this time were removed, RFC 3339 in UTC. */
  before: string;
  /** How many events were removed so far. */
  events: number;
}

/** Prometheus metrics of the runtime, and how metrics of user code are stored. */
export interface MetricsDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Stored name = metric, separator, axon; then each occurrence of one text is replaced by another. */
  storedName: StoredNameRule;
  /**
   * All metrics that the runtime exposes.
   *
   * @minItems 1
   *
   * Items: A metric that the runtime exposes.
   */
  metrics: MetricDeclaration[];
}

/** Stored name = metric, separator, axon; then each occurrence of one text is replaced by another. */
export interface StoredNameRule {
  /** Between the metric's and the axon's name. */
  separator: string;
  /** Text that Prometheus does not allow. */
  replace: string;
  /** What stands for it. */
  by: string;
  /**
   * Cases that every implementation is tested with.
   *
   * @minItems 1
   *
   * Items: A case of the rule.
   */
  examples: StoredNameExample[];
}

/** A case of the rule. */
export interface StoredNameExample {
  /** Name of a metric as the user's code reports it, before the axon's name is appended. */
  metric: string;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Name in Prometheus. */
  stored: string;
}

/** A metric that the runtime exposes. */
export interface MetricDeclaration {
  /** Name in Prometheus, with its base unit. */
  name: string;
  /** Type in Prometheus. */
  type: 'counter' | 'gauge' | 'histogram';
  /** What it counts and in which unit. */
  help: string;
  /** Label names; every value set is bounded. */
  labels: string[];
  /**
   * Upper bounds of a histogram's buckets, in the metric's unit, ascending.
   *
   * @minItems 1
   */
  buckets?: number[];
}

/** The release spec that deploy turns into objects, for every version anew. */
export interface ModelDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon and of the servers. */
  namespace: string;
  /** Name of the deployed model (the graph as a whole); the 'model' label of metrics. */
  model: string;
  /**
   * Models of the graph, sorted by name.
   *
   * @minItems 1
   *
   * Items: A model of the graph.
   */
  models: GraphModel[];
  /** Pods per backend and version. */
  replicas: number;
  /**
   * How traffic is shared between generations; the first rule that matches a request counts.
   *
   * @minItems 1
   *
   * Items: Where the requests that match go.
   */
  rollout: RolloutRule[];
  /**
   * Public paths.
   *
   * @minItems 1
   *
   * Items: A public path and the graph that answers it.
   */
  routes: ModelRoute[];
  /** What is kept of requests, answers and truths. Absent when nothing is. */
  capture?: DataCapture;
  /** Releases kept running, those that a rule names included. */
  retention: number;
  /** Where the model is reached from outside. */
  endpoint: ModelEndpoint;
  /** Account of the servers' pods. */
  serviceAccount: string;
  /** A store on a PersistentVolumeClaim. */
  store: Store;
  /** Name of the release history's ConfigMap. */
  releases: string;
  /** Name of the ConfigMap that owns every object that deploy makes, so that they go with the axon. */
  anchor: string;
  /** Further labels of every object that deploy makes. */
  labels?: Labels;
  /** Image of the serving sidecar and of the graph. */
  runtimeImage: string;
}

/** A model of the graph. */
export interface GraphModel {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** How a request's backend is chosen: by weight, the best trained, or learned from feedback. */
  selection: 'weighted' | 'best' | 'epsilon-greedy' | 'thompson';
  /**
   * What can answer for the model.
   *
   * @minItems 1
   *
   * Items: A trained result and the server that loads it.
   */
  backends: ModelBackend[];
}

/** A trained result and the server that loads it. */
export interface ModelBackend {
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  name: string;
  /** Training task whose run it serves. */
  trainer: string;
  /** The user's container that answers predictions. */
  server: ModelServer;
  /** Share of the model's requests, in per cent; a model's weights sum to 100. */
  weight: number;
}

/** The user's container that answers predictions. */
export interface ModelServer {
  /** Name of the model server, as in its build step. */
  name: string;
  /** Image with the user's code. */
  image: string;
  /**
   * Entrypoint; that of the worker when absent.
   *
   * @minItems 1
   */
  command?: string[];
  /** Arguments of the command. */
  args?: string[];
  /** Name of the prediction class, which is also its file's name; the image's MODEL_NAME when absent. */
  predictor?: string;
  /**
   * Variables with values in clear, in order.
   *
   * Items: An environment variable with a value in clear.
   */
  env: EnvironmentEntry[];
  /**
   * Variables from Secrets.
   *
   * Items: An environment variable whose value is a key of a Secret.
   */
  secretEnv: SecretEnvironmentEntry[];
  /** Compute resources of a container. */
  resources?: Resources;
  /** Account of the server's pods; that of the document when absent. */
  serviceAccount?: string;
  /** What a user adds to a pod. */
  pod?: Pod;
}

/** Where the requests that match go. */
export interface RolloutRule {
  /**
   * Generations and their shares. Those that do not exist yet are left out and the rest re-normalised.
   *
   * @minItems 1
   *
   * Items: A generation and its share.
   */
  destinations: RolloutDestination[];
  /** A generation that gets a copy of each request; its answers are dropped. */
  shadow?: RolloutShadow;
  /**
   * Requests that the rule is for, any of these; all when absent.
   *
   * @minItems 1
   *
   * Items: A request that has all these headers.
   */
  match?: RequestMatch[];
}

/** A generation and its share. */
export interface RolloutDestination {
  /** Generation: 0 the newest release, 1 the one before. */
  generation: number;
  /** Share of the requests, in per cent; a rule's weights sum to 100. */
  weight: number;
}

/** A generation that gets a copy of each request; its answers are dropped. */
export interface RolloutShadow {
  /** Generation: 0 the newest release, 1 the one before. */
  generation: number;
}

/** A request that has all these headers. */
export interface RequestMatch {
  /** What to match by lower-case header name. */
  headers: {
    /** Exactly one way to match a text. */
    [k: string]: StringMatch;
  };
}

/** Exactly one way to match a text. */
export interface StringMatch {
  /** The whole text. */
  exact?: string;
  /** How the text begins. */
  prefix?: string;
  /** RE2 expression that matches the whole text. */
  regex?: string;
}

/** A public path and the graph that answers it. */
export interface ModelRoute {
  /** Public path after /<namespace>/<axon>. */
  path: string;
  /**
   * Nodes; the one that no other depends on is the answer.
   *
   * @minItems 1
   *
   * Items: One call of a model.
   */
  nodes: RouteNode[];
}

/** One call of a model. */
export interface RouteNode {
  /** Name of a model of the graph. */
  model: string;
  /** Path called on the model. */
  path: string;
  /**
   * Models of this route whose answers are the input, as an object by model name; the request itself when empty.
   *
   * Items: Identifier of lower-case letters, digits and '-'; at most 63 characters.
   */
  dependencies: string[];
  /** Whether the request is added to that object under INPUT. */
  includeInput: boolean;
}

/** What is kept of requests, answers and truths. Absent when nothing is. */
export interface DataCapture {
  /** Share of the predictions that is kept, 1 for all. */
  rate: number;
  /** How long segments are kept, in seconds. */
  retentionSeconds: number;
  /** Fields of the request that are never written. */
  dropFields: string[];
}

/** Where the model is reached from outside. */
export interface ModelEndpoint {
  /** Name of the Istio Gateway. */
  gateway: string;
  /** Namespace of the Istio Gateway. */
  gatewayNamespace: string;
  /** Host name; every host of the gateway when absent. */
  host?: string;
  /** /<namespace>/<axon>, without a slash at the end. */
  prefix: string;
}

/** The release history of an axon. Changed only by compare-and-swap. */
export interface ReleaseDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /**
   * Releases of all models, newest first; the oldest retired ones are forgotten.
   *
   * @maxItems 100
   *
   * Items: One version of one deployed model. Its generation is its place among the live ones of its model: 0 the newest.
   */
  releases: Release[];
}

/** One version of one deployed model. Its generation is its place among the live ones of its model: 0 the newest. */
export interface Release {
  /** Name of the deployed model. */
  model: string;
  /** First 10 hex digits of SHA-256 over the sorted ids of the triggering events, joined by a line feed. */
  version: string;
  /** Whether it becomes ready, may get traffic, gave way to a newer one before it was ready, was removed, or never became ready. */
  state: 'deploying' | 'live' | 'superseded' | 'retired' | 'failed';
  /**
   * Ids of the triggering events, sorted.
   *
   * @minItems 1
   *
   * Items: First 16 hex digits of SHA-256 over the JSON array [axon, kind, subject, runId, phase], written without spaces.
   */
  events: string[];
  /** Run whose results are served, by training task. */
  runs: {
    /** Name of the Workflow that ran, or the id of the delivery when no run made the event. */
    [k: string]: string;
  };
  /** What those runs reported, by training task. */
  metrics: {
    /** Finite values by metric name, each in the metric's own unit. */
    [k: string]: Numbers;
  };
  /** Commit of the code, where it is known. */
  codeRevision?: string;
  /** Images by task or model server, by digest where it is known. */
  images: {
    [k: string]: string;
  };
  /** What the prepare task wrote to MYELIN_DATA_HASH_PATH, in hex and compared as written: equal for equal data. */
  dataHash?: string;
  /** When the deployment began, RFC 3339 in UTC. */
  at: string;
  /** What led to it, for a person. */
  why: string;
}

/** What the serving sidecar of one backend of one release reads. It is written once and never changed: a server that is restarted is what was deployed. */
export interface ServerDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon. */
  namespace: string;
  /** Name of the deployed model; the 'model' label of metrics. */
  model: string;
  /** First 10 hex digits of SHA-256 over the sorted ids of the triggering events, joined by a line feed. */
  version: string;
  /** Model of the graph that it answers for. */
  node: string;
  /** Backend of that model. */
  backend: string;
  /** Where the axon's store is mounted. */
  store: string;
  /** What is kept of requests, answers and truths, and where. Absent when nothing is. */
  capture?: ServerCapture;
}

/** What is kept of requests, answers and truths, and where. Absent when nothing is. */
export interface ServerCapture {
  /** Folder of the segments. */
  path: string;
  /** Share of the predictions that is kept, 1 for all. */
  rate: number;
  /** How long segments are kept, in seconds. */
  retentionSeconds: number;
  /** Fields of the request that are never written. */
  dropFields: string[];
}

/** How tune searches the hyperparameters of a training task. */
export interface StudyDocument {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Name of the axon: lower-case letters, digits and '-'; at most 46 characters. */
  axon: string;
  /** Namespace of the axon and of the trials. */
  namespace: string;
  /** Training task that is tuned. */
  task: string;
  /** Which algorithm proposes and promotes configurations. */
  algorithm: 'hyperband' | 'random';
  /** The metric that training tries to better. */
  objective: Objective;
  /** Budgets of trials, in the unit that the user's code gives to --budget (for instance epochs). Rungs are max / eta^k. */
  budgets: StudyBudgets;
  /** How many brackets to run; all that the budgets give when absent. Not for random. */
  brackets?: number;
  /** How many configurations to try. Required for random, not for the others. */
  trials?: number;
  /** Trials in flight at most. */
  concurrency: number;
  /** Seed of the proposals; taken from the run's name when absent. */
  seed?: number;
  /**
   * The search space, sorted by name.
   *
   * @minItems 1
   *
   * Items: A hyperparameter.
   */
  parameters: StudyParameter[];
  /** What the Job of a trial is made of; the arguments of the trial are appended to args. */
  trial: TrialTemplate;
}

/** Budgets of trials, in the unit that the user's code gives to --budget (for instance epochs). Rungs are max / eta^k. */
export interface StudyBudgets {
  /** Least budget of a trial; equal to max for random. */
  min: number;
  /** Largest budget of a trial. */
  max: number;
  /** Factor between rungs; one in eta configurations is promoted. */
  eta: number;
  /** Whether budgets are rounded to integers, for code that calls int() on them. */
  round: boolean;
}

/** A real number. */
export interface FloatParameter {
  /** Kind of the hyperparameter. */
  kind: 'float';
  /** Name of the hyperparameter; becomes --<name>=<value>. */
  name: string;
  /** Least value; above 0 when log is true. */
  min: number;
  /** Largest value. */
  max: number;
  /** Whether values are drawn evenly on a logarithmic scale. */
  log: boolean;
  /** Value that the user believes in. */
  default?: number;
}

/** A whole number, both ends included. */
export interface IntegerParameter {
  /** Kind of the hyperparameter. */
  kind: 'integer';
  /** Name of the hyperparameter; becomes --<name>=<value>. */
  name: string;
  /** Least value; above 0 when log is true. */
  min: number;
  /** Largest value. */
  max: number;
  /** Whether values are drawn evenly on a logarithmic scale. */
  log: boolean;
  /** Value that the user believes in. */
  default?: number;
}

/** One of several values, without an order. */
export interface CategoricalParameter {
  /** Kind of the hyperparameter. */
  kind: 'categorical';
  /** Name of the hyperparameter; becomes --<name>=<value>. */
  name: string;
  /**
   * The choices, as the trial's argument spells them.
   *
   * @minItems 1
   */
  values: string[];
  /** Choice that the user believes in. */
  default?: string;
}

/** What the Job of a trial is made of; the arguments of the trial are appended to args. */
export interface TrialTemplate {
  /** Image of the training task. */
  image: string;
  /**
   * Entrypoint; the image's own when absent.
   *
   * @minItems 1
   */
  command?: string[];
  /** Arguments before those of the trial; none when absent. */
  args?: string[];
  /**
   * Variables with values in clear, in order.
   *
   * Items: An environment variable with a value in clear.
   */
  env: EnvironmentEntry[];
  /**
   * Variables from Secrets.
   *
   * Items: An environment variable whose value is a key of a Secret.
   */
  secretEnv: SecretEnvironmentEntry[];
  /** Compute resources of a container. */
  resources?: Resources;
  /** What a user adds to a pod. */
  pod?: Pod;
  /** Longest run of one trial, in seconds; no bound when absent. */
  timeoutSeconds?: number;
  /** How often a trial whose pod was lost is tried again; 0 when absent. */
  retries?: number;
  /** Account of the trial's pod. */
  serviceAccount: string;
  /** A store on a PersistentVolumeClaim. */
  store: Store;
  /** Labels of the Job and its pod. */
  labels: Labels;
}

/** A trial that reported its objective. */
export interface SucceededTrial {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Bracket, rung and number of the configuration, joined by '_'. */
  config: string;
  /** Budget that the trial was given, in the study's unit. */
  budget: number;
  /** How the trial ended. */
  status: 'succeeded';
  /** The objective, turned so that smaller is better: the metric itself to minimize it, its negative to maximize it. */
  loss: number;
  /** All metrics as reported. */
  metrics: Numbers;
}

/** A trial that crashed, ran out of time or never reported its objective. */
export interface FailedTrial {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Bracket, rung and number of the configuration, joined by '_'. */
  config: string;
  /** Budget that the trial was given, in the study's unit. */
  budget: number;
  /** How the trial ended. */
  status: 'failed';
  /** What was reported before it failed; may be empty. */
  metrics: Numbers;
  /** Why it failed, for a person. */
  error: string;
}

/** The one run of a sensor without triggers. */
export interface OnceWake {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Why the run was started. */
  kind: 'once';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  sensor: string;
  /** First 10 hex digits of SHA-256 over what the sensor runs, as in the document 'axon'. */
  fingerprint: string;
}

/** A tick of a schedule. */
export interface CalendarWake {
  /** Version of this contract. A reader refuses every other one. */
  contract: 1;
  /** Why the run was started. */
  kind: 'calendar';
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  sensor: string;
  /** Identifier of lower-case letters, digits and '-'; at most 63 characters. */
  trigger: string;
  /** When the tick was due, however late the run began. */
  scheduledTime: string;
}

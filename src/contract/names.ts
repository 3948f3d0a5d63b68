// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/** Version of the contract that these types describe. */
export const CONTRACT_VERSION = 1;

/** Names of the metrics that the runtime exposes. */
export const METRIC = {
  /** Predictions that were answered. */
  PREDICTIONS_TOTAL: 'myelin_predictions_total',
  /** Predictions that failed, by the code of the error. */
  PREDICTION_ERRORS_TOTAL: 'myelin_prediction_errors_total',
  /** Time from a prediction's last request byte to its first reply byte, in seconds. */
  PREDICTION_SECONDS: 'myelin_prediction_seconds',
  /** Predictions that wait for an answer. */
  PREDICTIONS_IN_FLIGHT: 'myelin_predictions_in_flight',
  /** Feedback with a truth that could be compared with its prediction, each prediction once. */
  FEEDBACK_TOTAL: 'myelin_feedback_total',
  /** Feedback whose truth equals the prediction, each prediction once. */
  FEEDBACK_CORRECT_TOTAL: 'myelin_feedback_correct_total',
  /** Feedback with a reward, a reward of 0 included, each prediction once. */
  FEEDBACK_REWARD_TOTAL: 'myelin_feedback_reward_total',
  /** Sum of all rewards, which may be negative. */
  FEEDBACK_REWARD: 'myelin_feedback_reward',
  /** Feedback whose prediction is unknown or too old. */
  FEEDBACK_UNMATCHED_TOTAL: 'myelin_feedback_unmatched_total',
  /** Records written to the data capture. */
  CAPTURE_RECORDS_TOTAL: 'myelin_capture_records_total',
  /** Records that the data capture could not keep, by reason. */
  CAPTURE_DROPPED_TOTAL: 'myelin_capture_dropped_total',
  /** Generation of this version: 0 the newest live release, 1 the one before. */
  RELEASE_GENERATION: 'myelin_release_generation',
} as const;

/** Type, help and labels of those metrics. */
export const METRIC_DECLARATIONS = [
  { name: 'myelin_predictions_total', type: 'counter', help: 'Predictions that were answered.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_prediction_errors_total', type: 'counter', help: 'Predictions that failed, by the code of the error.', labels: ['axon', 'model', 'version', 'code'] },
  { name: 'myelin_prediction_seconds', type: 'histogram', help: 'Time from a prediction\'s last request byte to its first reply byte, in seconds.', labels: ['axon', 'model', 'version'], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  { name: 'myelin_predictions_in_flight', type: 'gauge', help: 'Predictions that wait for an answer.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_feedback_total', type: 'counter', help: 'Feedback with a truth that could be compared with its prediction, each prediction once.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_feedback_correct_total', type: 'counter', help: 'Feedback whose truth equals the prediction, each prediction once.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_feedback_reward_total', type: 'counter', help: 'Feedback with a reward, a reward of 0 included, each prediction once.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_feedback_reward', type: 'gauge', help: 'Sum of all rewards, which may be negative.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_feedback_unmatched_total', type: 'counter', help: 'Feedback whose prediction is unknown or too old.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_capture_records_total', type: 'counter', help: 'Records written to the data capture.', labels: ['axon', 'model', 'version'] },
  { name: 'myelin_capture_dropped_total', type: 'counter', help: 'Records that the data capture could not keep, by reason.', labels: ['axon', 'model', 'version', 'reason'] },
  { name: 'myelin_release_generation', type: 'gauge', help: 'Generation of this version: 0 the newest live release, 1 the one before.', labels: ['axon', 'model', 'version'] },
] as const;

/** Names of the environment variables that user code sees; a name that ends in _PREFIX is completed by the user of it. */
export const ENVIRONMENT = {
  /** Name of the axon. */
  AXON_NAME: 'AXON_NAME',
  /** Name of the task or model server. */
  TASK_ID: 'TASK_ID',
  /** Namespace of the axon. */
  NAMESPACE: 'NAMESPACE',
  /** The same as NAMESPACE. */
  MYELIN_NAMESPACE: 'MYELIN_NAMESPACE',
  /** Folder of the model: a training task writes it, a server reads it. It belongs to this run, or to this trial: one that was promoted finds its own files there. */
  MODEL_PATH: 'MODEL_PATH',
  /** Folder of this run of this task, the same as MODEL_PATH; what other tasks made lies where DATA_PATH_<name> says. */
  DATA_PATH: 'DATA_PATH',
  /** Folder of that task's run which this run builds on: this very run if the task came before, else its last success. Empty if there is none. */
  DATA_PATH_PREFIX: 'DATA_PATH_',
  /** Folder of the model that is live now: score it on the same test set and publish that as live_<metric>, for a condition that asks whether the new one is better. Empty when nothing is live; absent when the task trains for no deployed model. */
  LIVE_MODEL_PATH: 'LIVE_MODEL_PATH',
  /** Folder of the captured requests and truths. Absent when no model of the axon captures data. */
  FEEDBACK_PATH: 'FEEDBACK_PATH',
  /** File to which a task writes its metrics, a JSON object of finite numbers by name. */
  MYELIN_METRICS_PATH: 'MYELIN_METRICS_PATH',
  /** File to which a task writes a hash of its data, 8 to 128 hex digits; the retrain guard compares it as written. */
  MYELIN_DATA_HASH_PATH: 'MYELIN_DATA_HASH_PATH',
  /** Host name of the Pushgateway. Absent when the platform has none. */
  PUSHGATEWAY_URL: 'PUSHGATEWAY_URL',
  /** Port of the Pushgateway. Absent when the platform has none. */
  PUSHGATEWAY_PORT: 'PUSHGATEWAY_PORT',
  /** Metric that trainings are compared by. Absent when the task has no objective. */
  LOSS_METRIC: 'LOSS_METRIC',
  /** A folder that any user ID can write, for tools that keep a cache there. */
  HOME: 'HOME',
  /** The trial's hyperparameters, a JSON object. Absent outside trials. */
  HPO_PARAMS: 'HPO_PARAMS',
  /** Where an early form of trial posts its result. Reserved: this release does not set it. */
  TRAIN_CONTROLLER_URL: 'TRAIN_CONTROLLER_URL',
  /** Cluster and role of this process, in TensorFlow's form. Absent unless training is distributed. */
  TF_CONFIG: 'TF_CONFIG',
  /** Name of the prediction class and of its file. */
  MODEL_NAME: 'MODEL_NAME',
  /** Protocol of the prediction class; only REST is known. */
  API_TYPE: 'API_TYPE',
  /** Role of the class in the graph; only MODEL is known. */
  SERVICE_TYPE: 'SERVICE_TYPE',
  /** Whether the class wants its state kept; only 0 is known. */
  PERSISTENCE: 'PERSISTENCE',
  /** Longest prediction, in seconds. */
  TIMEOUT: 'TIMEOUT',
  /** Worker processes in a pod. */
  NUM_WORKERS: 'NUM_WORKERS',
  /** Script that the image build runs after the requirements were installed. */
  INSTALL_SCRIPT: 'INSTALL_SCRIPT',
} as const;

/** Values of the variables that are the same everywhere. */
export const ENVIRONMENT_VALUE = {
  /** File to which a task writes its metrics, a JSON object of finite numbers by name. */
  MYELIN_METRICS_PATH: '/myelin/out/metrics.json',
  /** File to which a task writes a hash of its data, 8 to 128 hex digits; the retrain guard compares it as written. */
  MYELIN_DATA_HASH_PATH: '/myelin/out/data-hash',
  /** A folder that any user ID can write, for tools that keep a cache there. */
  HOME: '/myelin/home',
} as const;

const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  'AXON_NAME',
  'TASK_ID',
  'NAMESPACE',
  'MYELIN_NAMESPACE',
  'MODEL_PATH',
  'DATA_PATH',
  'LIVE_MODEL_PATH',
  'FEEDBACK_PATH',
  'MYELIN_METRICS_PATH',
  'MYELIN_DATA_HASH_PATH',
  'PUSHGATEWAY_URL',
  'PUSHGATEWAY_PORT',
  'LOSS_METRIC',
  'HOME',
  'HPO_PARAMS',
  'TRAIN_CONTROLLER_URL',
  'TF_CONFIG',
]);
const RESERVED_PREFIXES = ['MYELIN_', 'DATA_PATH_'];

/** Whether user code must not set the variable, because the runtime sets it or may set it. */
export function isReservedVariable(name: string): boolean {
  return RESERVED_VARIABLES.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Name under which Prometheus stores a metric that user code of an axon reports. */
export function storedMetricName(metric: string, axon: string): string {
  return (metric + '_' + axon).replaceAll('-', '__');
}

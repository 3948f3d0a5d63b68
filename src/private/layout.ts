/*
 * Where things lie inside our containers and those of the user. The runtime reads the same
 * places out of its contract documents and environment; nothing else knows these paths.
 */

/** The axon's shared store, in every pod that works on data or models. */
export const STORE_PATH = '/var/lib/myelin';
/** The contract documents, in the runtime's own pods. */
export const CONTRACT_PATH = '/etc/myelin';
/** What a task leaves for the loop: metrics and the hash of its data. */
export const OUT_PATH = '/myelin/out';
export const METRICS_PATH = `${OUT_PATH}/metrics.json`;
export const DATA_HASH_PATH = `${OUT_PATH}/data-hash`;
/** The registry's login, in the pods that build. */
export const LOGIN_PATH = '/myelin/login';
/** A home that any user ID can write, for tools that keep a cache there. */
export const HOME_PATH = '/myelin/home';

export const WEBHOOK_PORT = 12000;
/** Alertmanager's own port, so that a policy can leave it to Alertmanager alone. */
export const ALERT_PORT = 12001;
export const METRICS_PORT_NAME = 'metrics';

/** The immutable folder of everything that one run of a task makes. */
export function runFolder(axon: string, task: string, run: string): string {
  return `${STORE_PATH}/${axon}/${task}/${run}`;
}

/** The append-only segments of what a model was asked and answered. */
export function feedbackFolder(axon: string, model: string): string {
  return `${STORE_PATH}/${axon}/feedback/${model}`;
}

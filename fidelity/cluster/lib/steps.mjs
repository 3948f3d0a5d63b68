// Pods of a loop's runs by the step that they are of.
import { stateOf } from './kill.mjs';

const NODE = 'workflows.argoproj.io/node-name';

/** gate, emit, tune, deploy, sweep, the task's name for tasks without a tuner, trial; undefined for other pods. */
export function stepOf({ metadata: { annotations = {}, labels = {} } }) {
  if (labels['myelin.io/component'] === 'trial') return 'trial';
  const node = annotations[NODE]?.split('.').pop().replace(/\(\d+\)$/, '');
  if (node === undefined) return undefined;
  if (node === 'task-train') return 'tune';
  return node.startsWith('task-') ? node.slice('task-'.length) : node.split('-')[0];
}

/** The container that does the step's work. */
export const workOf = (pod) => (stepOf(pod) === 'trial' ? 'trial' : 'main');

export const works = (pod) => pod.metadata.deletionTimestamp === undefined && stateOf(pod, workOf(pod)).state === 'running';

/**
 * How a killed pod's work was done again; undefined when it was not, since it had ended before. `later` is what the cluster knows afterwards. A pod
 * that goes before the controller has seen it work is made again under its own name: that is no other attempt.
 */
export function madeAgain(pod, { workflows, pods }) {
  const others = pods.filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
  if (stepOf(pod) === 'trial') {
    const job = pod.metadata.labels['job-name'];
    return others.some(({ metadata }) => metadata.labels?.['job-name'] === job) ? 'another pod of its Job' : undefined;
  }
  if (others.some(({ metadata }) => metadata.name === pod.metadata.name)) return 'the same attempt again';
  const workflow = workflows.find(({ metadata }) => metadata.name === pod.metadata.labels['workflows.argoproj.io/workflow']);
  const attempt = Object.values(workflow?.status?.nodes ?? {}).find(({ name }) => name === pod.metadata.annotations[NODE]);
  return ['Error', 'Failed'].includes(attempt?.phase) ? 'another attempt' : undefined;
}

/** Waits until a pod of a step works that is not among those seen before; gives it. */
export function working(loop, step, before, seconds = 600) {
  return loop.until(`pod of ${step} at work`, seconds, async () => (await loop.items('pods')).find((pod) => (
    stepOf(pod) === step && works(pod) && !before.has(pod.metadata.uid)
  )), 0.3);
}

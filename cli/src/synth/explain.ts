import { LABEL } from '@cdk8s-myelin/runtime';
import type { KubeObject } from './manifests.js';

/** What an object is for, by its kind and, where a kind has several uses, the component that it belongs to. */
const PURPOSES: Readonly<Record<string, string>> = {
  'WorkflowTemplate': 'the graph of every sensor, and a template for every task; runs are made from it',
  'Workflow run': 'the first run; its name is a hash of what it runs, so that applying it again runs nothing',
  'CronWorkflow sweep': 'starts what should have run and did not: lost events, outages, deferred alerts',
  'CronWorkflow calendar': 'starts the runs of a calendar trigger',
  'EventSource events': 'takes events in over HTTP: ended tasks, calls, alerts',
  'Sensor sensor': 'makes a small run for each event',
  'EventBus event-bus': 'carries events from sources to sensors',
  'PrometheusRule alerts': 'evaluates the alerts',
  'AlertmanagerConfig alerts': 'sends firing alerts back as events',
  'ServiceMonitor': 'tells Prometheus what to scrape',
  'Service metrics': 'the pods that Prometheus scrapes',
  'VirtualService routes': "leaves everything below the axon's address to the routes of its versions",
  'Gateway gateway': 'where calls from outside come in',
  'NetworkPolicy network': "says who may call the axon's pods",
  'PersistentVolumeClaim store': 'keeps data and models; no tool prunes it',
  'PersistentVolume store': 'the folder of the node that keeps data and models; no tool prunes it',
  'Job bootstrap': 'makes the token that webhooks ask for',
  'Deployment pushgateway': 'keeps pushed metrics until Prometheus scrapes them',
  'Service pushgateway': 'the address of the Pushgateway',
  'ConfigMap axon': 'what the steps of the loop read: sensors, triggers, conditions, guards',
  'ConfigMap deploy': 'what deploy reads: models, rollout, routes, capture',
  'ConfigMap tune': 'what tune reads: search space, budgets, the trial to run',
};

/** Whom an account belongs to, by component. */
const ACTORS: Readonly<Record<string, string>> = {
  bootstrap: 'the Job that makes the webhook token',
  deploy: 'the step that deploys versions',
  emit: 'the step that reports ended tasks',
  events: 'the pod that takes events in',
  gate: 'the step that decides whether a run goes on',
  sensor: 'the pod that starts runs',
  serve: 'the pods that answer predictions',
  sweep: 'the clean-up runs',
  task: 'the pods of tasks',
  tune: 'the step that runs trials',
};

const ACCOUNTS: Readonly<Record<string, (actor: string) => string>> = {
  ServiceAccount: (actor) => `the identity of ${actor}`,
  Role: (actor) => `the least that ${actor} may do`,
  RoleBinding: (actor) => `gives that to ${actor}`,
};

/** A line for each object: what it is called and what it is for. */
export function explained(objects: KubeObject[]): string[] {
  const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const width = Math.max(...names.map((name) => name.length));
  return objects.map((object, index) => `${names[index].padEnd(width)}  ${purpose(object)}`);
}

/** What an object is for. */
export function purpose({ kind, metadata }: KubeObject): string {
  const component = metadata.labels?.[LABEL.COMPONENT] ?? '';
  const account = ACCOUNTS[kind];
  if (account !== undefined) {
    return account(ACTORS[component] ?? `'${component}'`);
  }
  return PURPOSES[`${kind} ${component}`] ?? PURPOSES[kind] ?? `belongs to '${component}'`;
}

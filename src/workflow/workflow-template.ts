import { folderParameter, liveParameter, NO_SIDECAR, POD_SECURITY, releasesName } from '../contract/constants';
import { CronWorkflowSpec, Parameter, Template, WorkflowSpec } from '../crd/argo-workflows';
import { Assembly } from '../private/assembly';
import { sortedBy } from '../private/canonical';
import { Listeners } from '../private/listeners';
import { Loop } from '../private/loop';
import { ledgerRules, REPORT_RULE } from '../private/rules';
import { output, runtimeTemplate, tokenEnv, WAKE_ENV } from '../private/runtime-template';
import { isServed } from '../task/task-env';
import { foldersFromGate, runTemplate } from './run-graph';

/**
 * Argo's own two containers, which Pod Security `restricted` refuses as they come. The patch names
 * no image, so it only adds to containers that are there.
 */
const ARGO_CONTAINERS = `initContainers: [{name: init, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
containers: [{name: wait, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
`;

/** Adds the axon's WorkflowTemplate: a template a task, a graph a sensor, and the steps of the loop itself. */
export function contributeWorkflows(assembly: Assembly, loop: Loop): void {
  const { name, taskAccount, parameters } = loop.identity;
  const listeners = new Listeners(loop);
  const templates: Template[] = [...assembly.templates, gate(loop), sweep(loop), ...(emits(loop, listeners) ? [emit(loop)] : []),
    ...loop.sensors.map((sensor) => runTemplate(loop, sensor, listeners))];
  const spec: WorkflowSpec = {
    entrypoint: 'sweep',
    serviceAccountName: taskAccount,
    arguments: { parameters: workflowParameters(parameters) },
    podMetadata: { labels: { ...assembly.labels('run'), ...NO_SIDECAR } },
    securityContext: POD_SECURITY,
    podSpecPatch: ARGO_CONTAINERS,
    // Run-once Workflows stay for ever; their pods, and with them the logs, for a day.
    podGC: { strategy: 'OnWorkflowSuccess', deleteDelayDuration: '24h' },
    templates: sortedBy(templates, (template) => template.name),
  };
  assembly.custom('argoproj.io/v1alpha1', 'WorkflowTemplate', name, 'workflows', spec);
  assembly.custom('argoproj.io/v1alpha1', 'CronWorkflow', `${name}-sweep`, 'sweep', sweeps(assembly, name));
  accounts(assembly, loop, listeners);
}

/** The parameters that every run has: the event that woke it and how it was delivered, then those of the axon. */
function workflowParameters(parameters: Readonly<Record<string, string>>): Parameter[] {
  return [
    { name: 'delivery', value: '' },
    { name: 'event', value: '{}' },
    ...sortedBy(Object.entries(parameters), ([key]) => key).map(([key, value]) => ({ name: key, value })),
  ];
}

function accounts(assembly: Assembly, loop: Loop, listeners: Listeners): void {
  const { name, taskAccount } = loop.identity;
  assembly.account(taskAccount, 'task', [REPORT_RULE], { shared: taskAccount !== `${name}-task`, usersCode: true });
  const readReleases = { apiGroups: [''], resources: ['configmaps'], resourceNames: [releasesName(name)], verbs: ['get'] };
  // Whether an alert must be looked at again depends on what is live.
  const renews = loop.sensors.some(({ triggers }) => triggers.some(({ kind }) => kind === 'alert'));
  assembly.account(`${name}-gate`, 'gate', [REPORT_RULE, ...ledgerRules(name), readReleases]);
  assembly.account(`${name}-sweep`, 'sweep', [REPORT_RULE, ...ledgerRules(name), ...(renews ? [readReleases] : []),
    { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'list'] }]);
  if (emits(loop, listeners)) {
    assembly.account(`${name}-emit`, 'emit', [REPORT_RULE, ...ledgerRules(name)]);
  }
}

/** Decides whether this run holds a complete set of events that may act, and makes its folders. */
function gate(loop: Loop): Template {
  return runtimeTemplate(loop, {
    name: 'gate',
    program: 'gate',
    inputs: ['sensor'],
    env: WAKE_ENV,
    outputs: [
      output('decision'), output('version', ''), output('events', '[]'), output('trained-data-hash', ''),
      ...foldersFromGate(loop).map((task) => output(folderParameter(task), '')),
      ...loop.tasks.filter((task) => isServed(loop, task)).map((task) => output(liveParameter(task.identifier), '')),
    ],
    store: true,
    timeout: 600,
  });
}

/** Whether some end is told by a step of its own. */
function emits(loop: Loop, listeners: Listeners): boolean {
  return loop.tasks.some((task) => listeners.needStep(task, 'succeeded') || listeners.needStep(task, 'failed'));
}

/** Tells those who listen that a task has ended. */
function emit(loop: Loop): Template {
  return runtimeTemplate(loop, {
    name: 'emit',
    program: 'emit',
    inputs: ['task', 'phase', 'metrics', 'data-hash'],
    env: tokenEnv(loop),
    timeout: 3600,
  });
}

/** Every few minutes is often enough: what it repairs is rare, and each look costs a pod. */
function sweeps(assembly: Assembly, name: string): CronWorkflowSpec {
  return {
    schedules: ['*/5 * * * *'],
    timezone: 'Etc/UTC',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: 240,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    workflowMetadata: { labels: assembly.labels('sweep') },
    workflowSpec: { entrypoint: 'sweep', workflowTemplateRef: { name }, ttlStrategy: { secondsAfterSuccess: 600, secondsAfterFailure: 24 * 60 * 60 } },
  };
}

/** Starts what should run and does not: lost events, outages, sets that were put off. */
function sweep(loop: Loop): Template {
  return runtimeTemplate(loop, { name: 'sweep', program: 'sweep', inputs: [], timeout: 600 });
}

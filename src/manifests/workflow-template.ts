import { NO_SIDECAR, PARAMETER, POD_SECURITY } from '../contract/constants';
import { ArgoParameter, ArgoWorkflowSpec } from '../crd/argo-workflows';
import { PullSecret } from '../crd/kube';
import { sortedBy } from '../loop/canonical';
import { Loop } from '../loop/loop';
import { podOf } from '../loop/pods-of';
import { axonLabels } from './labels';
import { Manifest } from './manifest';
import { pullSecretsOf } from './pod';
import { ARGO_REQUESTS } from './requests';
import { runGraph } from './run-graph';
import { stepsOf } from './steps/steps';
import { existingAccounts } from './steps/task-accounts';

/**
 * Argo's own two containers: without the patch, Pod Security `restricted` and quotas reject them. The patch names no
 * image, so it only adds to containers that exist.
 */
const ARGO_CONTAINERS = `initContainers:
  - name: init
    resources: {requests: {cpu: ${ARGO_REQUESTS.cpu}, memory: ${ARGO_REQUESTS.memory}}}
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
containers:
  - name: wait
    resources: {requests: {cpu: ${ARGO_REQUESTS.cpu}, memory: ${ARGO_REQUESTS.memory}}}
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`;

/** The axon's one WorkflowTemplate: a template for each step, and a graph for each sensor. */
export function workflowTemplate(loop: Loop): Manifest {
  const { name, namespace, taskAccount } = loop;
  const templates = [...stepsOf(loop).map(({ template }) => template), ...loop.sensors.map((sensor) => runGraph(loop, sensor))];
  const spec: ArgoWorkflowSpec = {
    entrypoint: 'sweep',
    serviceAccountName: taskAccount.name,
    arguments: { parameters: parameters(loop) },
    podMetadata: { labels: { ...axonLabels(loop, 'run'), ...NO_SIDECAR } },
    securityContext: POD_SECURITY,
    podSpecPatch: ARGO_CONTAINERS,
    imagePullSecrets: pullSecrets(loop),
    // Run-once Workflows stay for ever; their pods and logs stay for a day.
    podGC: { strategy: 'OnWorkflowSuccess', deleteDelayDuration: '24h' },
    templates: sortedBy(templates, (template) => template.name),
  };
  return { kind: 'WorkflowTemplate', id: name, name, namespace, labels: axonLabels(loop, 'workflows'), body: { spec } };
}

/**
 * The pull secrets of all pods of a run. They are the workflow's, because Argo looks up the command of an image that has none in
 * its template with the pull secrets of the workflow alone.
 */
function pullSecrets(loop: Loop): PullSecret[] | undefined {
  return pullSecretsOf([loop.stepPod, ...loop.tasks.map((task) => podOf(loop, task))], {
    login: loop.platform.registryCredentials, existingAccount: existingAccounts(loop).length > 0,
  });
}

/** The parameters of every run: the event that started it and how it was delivered, then those of the axon. */
function parameters(loop: Loop): ArgoParameter[] {
  return [
    { name: PARAMETER.DELIVERY, value: '' },
    { name: PARAMETER.EVENT, value: '{}' },
    ...sortedBy(Object.entries(loop.parameters), ([key]) => key).map(([name, value]) => ({ name, value })),
  ];
}

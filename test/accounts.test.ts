import { Chart } from 'cdk8s';
import { IServiceAccount, ServiceAccount } from 'cdk8s-plus-27';
import {
  Axon, AxonProps, ContainerTask, Model, ModelGraph, ModelServer, Objective, Parameter, RandomSearchTuner, Sensor, TrainingTask,
} from '../src';
import { importedAccount } from './helpers/imported-account';
import { emptyAxon, importedPlatform, platformChart, READY, smallLoop } from './helpers/loop';
import { documentOf, find, Manifest, messageOf, synthesise, templateOf, testChart } from './helpers/manifests';
import { danglingReferences } from './helpers/references';
import { secretValue } from './helpers/secret-value';

const REPORTS = [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }];

/** The kind and name of each object for the accounts of user code, with the subjects of bindings. */
function accountsOf(objects: Manifest[]): string[] {
  return objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'task')
    .map(({ kind, metadata, subjects }) => `${kind} ${metadata.name}${subjects ? ` of ${subjects.map(({ name }: Manifest) => name).join(', ')}` : ''}`);
}

/** A task, a tuned training and a server, each under an existing account of its own. */
function threeAccounts(props: AxonProps = {}): { chart: Chart; axon: Axon } {
  const { chart, axon } = emptyAxon(props);
  const prepare = new ContainerTask(axon, 'prepare', { image: READY, serviceAccount: importedAccount('warehouse-reader') });
  const train = new TrainingTask(axon, 'train', { image: READY, objective: Objective.minimize('loss'), serviceAccount: importedAccount('trainer') });
  new RandomSearchTuner(axon, 'tuner', { task: train, trials: 2, concurrency: 1, budget: 1, space: { rate: Parameter.float({ min: 0.1, max: 1 }) } });
  const server = new ModelServer(axon, 'serve', { image: READY, serviceAccount: importedAccount('feature-reader') });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('digits', { trainer: train, server })] });
  new Sensor(axon, 'start', { steps: [prepare, train, model.deploy()] });
  return { chart, axon };
}

test('an axon under an existing account creates no account for user code, and grants that one the permission that Argo requires', () => {
  const objects = synthesise(smallLoop({ serviceAccount: importedAccount('ml-runner') }).chart);

  expect(accountsOf(objects)).toEqual(['Role small-task', 'RoleBinding small-task of ml-runner']);
  expect(find(objects, 'Role', 'small-task').rules).toEqual(REPORTS);
  expect(templateOf(objects, 'task-work').serviceAccountName).toBe('ml-runner');
  expect(find(objects, 'WorkflowTemplate').spec.serviceAccountName).toBe('ml-runner');
});

test('an axon can run under an account that the app creates', () => {
  const chart = testChart();
  const objects = synthesise(smallLoop({ serviceAccount: new ServiceAccount(chart, 'account') }, chart).chart);
  const { name } = find(objects.filter(({ metadata }) => metadata.labels?.['myelin.io/axon'] === undefined), 'ServiceAccount').metadata;

  expect(accountsOf(objects)).toEqual(['Role small-task', `RoleBinding small-task of ${name}`]);
  expect(templateOf(objects, 'task-work').serviceAccountName).toBe(name);
});

test.each<[string, () => IServiceAccount]>([
  ['is imported for its namespace', () => importedAccount('runner', 'ml')],
  ['is imported without a namespace', () => importedAccount('runner')],
  ['the app creates in its namespace', () => new ServiceAccount(testChart({ namespace: 'ml' }), 'account', { metadata: { name: 'runner' } })],
  ['the app creates without a namespace', () => new ServiceAccount(testChart(), 'account', { metadata: { name: 'runner' } })],
])('an axon grants the permission in its namespace to an account that %s', (_, account) => {
  const objects = synthesise(smallLoop({ namespace: 'ml', serviceAccount: account() }).chart);

  expect(find(objects, 'RoleBinding', 'small-task').subjects).toEqual([{ kind: 'ServiceAccount', name: 'runner', namespace: 'ml' }]);
});

test('existing accounts of tasks get the permission by the same binding as the account of the axon', () => {
  const { chart } = threeAccounts();
  const objects = synthesise(chart);

  expect(accountsOf(objects)).toEqual(['ServiceAccount digits-task', 'Role digits-task', 'RoleBinding digits-task of digits-task, warehouse-reader']);
  expect(templateOf(objects, 'task-prepare').serviceAccountName).toBe('warehouse-reader');
});

test('trials and model servers run under their existing accounts, which need no permission', () => {
  const { chart } = threeAccounts();
  const objects = synthesise(chart);

  expect(documentOf(objects, 'digits-study-train').trial.serviceAccount).toBe('trainer');
  expect(documentOf(objects, 'digits-model-model').serviceAccount).toBe('digits-serve');
  expect(documentOf(objects, 'digits-model-model').models[0].backends[0].server.serviceAccount).toBe('feature-reader');
});

test('an account by another name is shared with other axons, so existing accounts get a binding of their own', () => {
  const { chart } = threeAccounts({ serviceAccountName: 'ml-pods' });

  expect(accountsOf(synthesise(chart))).toEqual([
    'ServiceAccount ml-pods', 'Role digits-task', 'Role ml-pods', 'RoleBinding digits-task of warehouse-reader', 'RoleBinding ml-pods of ml-pods',
  ]);
});

test('an account that the axon creates and a task names is bound once', () => {
  const { chart, axon } = emptyAxon({ serviceAccountName: 'ml-pods' });
  const task = new ContainerTask(axon, 'work', { image: READY, serviceAccount: importedAccount('ml-pods') });
  new Sensor(axon, 'start', { steps: [task] });

  expect(accountsOf(synthesise(chart))).toEqual(['ServiceAccount ml-pods', 'Role ml-pods', 'RoleBinding ml-pods of ml-pods']);
});

test('the login of the platform reaches pods under existing accounts, which do not have it', () => {
  const platform = importedPlatform({ registryCredentials: secretValue('registry-login', '.dockerconfigjson') });
  const objects = synthesise(threeAccounts({ platform }).chart);
  const created = synthesise(smallLoop({ platform }).chart);
  const login = [{ name: 'registry-login' }];

  expect(find(objects, 'WorkflowTemplate').spec.imagePullSecrets).toEqual(login);
  expect(documentOf(objects, 'digits-study-train').trial.pod.spec.imagePullSecrets).toEqual(login);
  expect(documentOf(objects, 'digits-model-model').models[0].backends[0].server.pod.spec.imagePullSecrets).toEqual(login);
  expect(find(created, 'WorkflowTemplate').spec.imagePullSecrets).toBeUndefined();
  expect(find(created, 'ServiceAccount', 'small-task').imagePullSecrets).toEqual(login);
});

test('every reference of an axon with existing accounts resolves', () => {
  const { chart } = threeAccounts({ serviceAccount: importedAccount('ml-runner') });
  const platform = platformChart(chart.node.scope);
  const objects = synthesise(platform, chart);

  expect(accountsOf(objects)).toEqual(['Role digits-task', 'RoleBinding digits-task of ml-runner, warehouse-reader']);
  expect(danglingReferences(objects, { accounts: ['ml-runner', 'trainer', 'warehouse-reader', 'feature-reader'] })).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  ['an axon runs under the account of a step', () => new Axon(testChart(), 'x', { serviceAccount: importedAccount('x-gate') }),
    "'serviceAccount' (x-gate) is the account of one of the loop's own steps, with its permissions, use another account"],
  ['a task runs under the account of a step', () => new ContainerTask(emptyAxon().axon, 'work', { image: READY, serviceAccount: importedAccount('digits-tune') }),
    "'serviceAccount' (digits-tune) is the account of one of the loop's own steps, with its permissions, use another account"],
  ['a model server runs under the account of a step', () => new ModelServer(emptyAxon().axon, 'serve', { image: READY, serviceAccount: importedAccount('digits-deploy') }),
    "'serviceAccount' (digits-deploy) is the account of one of the loop's own steps, with its permissions, use another account"],
  ['an existing account has a name with capitals', () => new Axon(testChart(), 'x', { serviceAccount: importedAccount('Runner') }),
    "'serviceAccount' (Runner) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'runner'"],
  ['an axon runs under the account of the platform', () => new Axon(testChart(), 'x', { serviceAccount: importedAccount('myelin-bootstrap') }),
    "'serviceAccount' (myelin-bootstrap) is the account of the platform's Job, which can create Secrets, use another account"],
  ['an axon creates the account of the platform', () => new Axon(testChart(), 'x', { serviceAccountName: 'myelin-bootstrap' }),
    "'serviceAccountName' (myelin-bootstrap) is the account of the platform's Job, which can create Secrets, use another account"],
  ['an existing account lies in another namespace', () => new Axon(testChart(), 'x', { namespace: 'ml', serviceAccount: importedAccount('runner', 'elsewhere') }),
    "'serviceAccount' (elsewhere/runner) is in another namespace than the axon (ml), whose pods cannot use it, use an account of the namespace of the axon"],
  ['the app creates the account of a task in another namespace', () => new ContainerTask(emptyAxon().axon, 'work', {
    image: READY, serviceAccount: new ServiceAccount(testChart({ namespace: 'other' }), 'account', { metadata: { name: 'runner' } }),
  }), "'serviceAccount' (other/runner) is in another namespace than the axon (default), whose pods cannot use it, use an account of the namespace of the axon"],
  ['the account of a model server lies in another namespace', () => new ModelServer(emptyAxon().axon, 'serve', { image: READY, serviceAccount: importedAccount('reader', 'elsewhere') }),
    "'serviceAccount' (elsewhere/reader) is in another namespace than the axon (default), whose pods cannot use it, use an account of the namespace of the axon"],
  ['an axon has an existing and a created account', () => new Axon(testChart(), 'x', { serviceAccount: importedAccount('a'), serviceAccountName: 'b' }),
    "'serviceAccount' (a) contradicts 'serviceAccountName' (b), the name of an account that the axon creates, remove one of them"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

import { Chart } from 'cdk8s';
import { Axon, ContainerTask, Image, Model, ModelGraph, ModelServer, Route, Sensor, TrainingTask } from '../../src';
import { importedAccount } from '../helpers/imported-account';
import { synthesise, testChart } from '../helpers/manifests';
import { objectsOf, told } from './digits';

/** A file whose axon, task and model server state an account. */
function file(axon: string, task: string = '', server: string = ''): string {
  return `apiVersion: myelin.io/v1alpha1
kind: Axon
metadata: {name: loop}
spec:
  ${axon}
  tasks:
    - {name: prepare, container: {image: "i:1", command: [run]${task}}}
    - {name: train, train: {image: "i:1", command: [run]}}
    - {name: serve, deploy: {image: "i:1"${server}}}
  sensors:
    - name: start
      tasks:
        - {resourceExecutor: {task: prepare}}
        - {trainer: {task: train}}
        - deployer: {name: model, models: [{name: m, backendModels: [{name: m, trainer: train, deployer: serve}]}], routes: [{path: /predict, dag: [{model: m}]}]}
`;
}

function program(): Chart {
  const chart = testChart({ namespace: 'default' });
  const axon = new Axon(chart, 'loop', { serviceAccount: importedAccount('runner') });
  const image = Image.fromRegistry('i:1', { command: ['run'] });
  const prepare = new ContainerTask(axon, 'prepare', { image, serviceAccount: importedAccount('reader') });
  const train = new TrainingTask(axon, 'train', { image });
  const server = new ModelServer(axon, 'serve', { image: Image.fromRegistry('i:1'), serviceAccount: importedAccount('server') });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('m', { trainer: train, server })], routes: [Route.to('/predict', 'm')] });
  new Sensor(axon, 'start', { steps: [prepare, train, model.deploy()] });
  return chart;
}

test('a file can name existing accounts of the axon, a task and a model server', () => {
  const named = (name: string) => `, serviceAccount: {name: ${name}, create: false}`;

  expect(objectsOf(file('serviceAccount: {name: runner, create: false}', named('reader'), named('server')))).toEqual(synthesise(program()));
});

test('an account that the axon creates has two spellings', () => {
  expect(objectsOf(file('serviceAccount: {name: runner, create: true}'))).toEqual(objectsOf(file('serviceAccountName: runner')));
});

test.each<[string, string, string[]]>([
  ['the account of a task is to be created', file('parameters: []', ', serviceAccount: {name: reader, create: true}'), [
    "7:104 error: 'create' (true) would create an account for one task or model server, which is not supported, "
      + "create the account with a manifest of its own and write 'create: false'",
  ]],
  ['an account does not state whether it exists', file('serviceAccount: {name: runner}'), ["5:3 error: 'create' (nothing) is required in a service account, add it"]],
  ['an axon has two accounts', file('serviceAccountName: a\n  serviceAccount: {name: b, create: false}'), [
    "6:3 error: 'serviceAccount' (a map) contradicts 'serviceAccountName': there is one account, remove one of them",
  ]],
  ['an axon runs under the account of a step', file('serviceAccount: {name: loop-gate, create: false}'), [
    "5:26 error: 'name' (loop-gate) is the account of one of the loop's own steps, with its permissions, use another account",
  ]],
  ['a task runs under the account of a step', file('parameters: []', ', serviceAccount: {name: loop-gate, create: false}'), [
    "7:88 error: 'name' (loop-gate) is the account of one of the loop's own steps, with its permissions, use another account",
  ]],
  ['a model server runs under an account with capitals', file('parameters: []', '', ', serviceAccount: {name: Server, create: false}'), [
    "9:67 error: 'name' (Server) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'server'",
  ]],
])('fails if %s', (_, text, problems) => {
  expect(told(text).filter((line) => line.includes('error'))).toEqual(problems);
});

import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { ComputeResources, ContainerTask, Sensor, Step } from '../../src';
import { edited, objectsOf, told } from '../axon-file/digits';
import { emptyAxon, READY } from '../helpers/loop';
import { messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

function refused(nodeSelector: Record<string, string>): string[] {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, pod: { nodeSelector } })] });
  return refusals(chart).map((text) => text.replace(/^work: /, ''));
}

/** The digits file with resources of its first task. */
function inFile(resources: string): string {
  return edited('command: [python, prepare.py]', `command: [python, prepare.py]\n        resources: ${resources}`);
}

test('typed resources become quantities, and an extended resource becomes a limit', () => {
  const { chart, axon } = emptyAxon();
  const resources: ComputeResources = {
    cpu: { request: Cpu.millis(500), limit: Cpu.units(2) },
    memory: { request: Size.gibibytes(1), limit: Size.mebibytes(1536) },
    ephemeralStorage: { limit: Size.mebibytes(2048) },
    extendedResources: { 'nvidia.com/gpu': 1 },
  };
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, resources, pod: { nodeSelector: { 'example.org/pool': 'gpu' } } })] });

  const template = templateOf(synthesise(chart), 'task-work');

  expect(template.container.resources).toEqual({
    requests: { cpu: '500m', memory: '1Gi' },
    limits: { 'cpu': '2', 'memory': '1536Mi', 'ephemeral-storage': '2Gi', 'nvidia.com/gpu': '1' },
  });
  expect(template.nodeSelector).toEqual({ 'example.org/pool': 'gpu' });
});

test('quantities of a file keep their spelling', () => {
  const objects = objectsOf(inFile('{requests: {cpu: 0.50, memory: 1024Mi}, limits: {memory: 2e9, hugepages-2Mi: 4Mi, nvidia.com/gpu: 1}}'));

  expect(templateOf(JSON.parse(JSON.stringify(objects)), 'task-prepare').container.resources).toEqual({
    requests: { cpu: '0.50', memory: '1024Mi' }, limits: { 'memory': '2e9', 'hugepages-2Mi': '4Mi', 'nvidia.com/gpu': '1' },
  });
});

test.each<[string, ComputeResources, string]>([
  ['an amount of CPU is negative', { cpu: { request: Cpu.millis(-1) } }, "'resources.cpu.request' (-1m) must not be negative, remove the sign"],
  ['a request exceeds its limit', { memory: { request: Size.gibibytes(2), limit: Size.gibibytes(1) } },
    "'resources.memory.request' (2Gi) exceeds its limit of 1Gi, lower it or raise the limit"],
  ['half a GPU is requested', { extendedResources: { 'nvidia.com/gpu': 0.5 } },
    "'resources.extendedResources.nvidia.com/gpu' (0.5) must be a whole number, 'nvidia.com/gpu' cannot be divided, round it"],
  ['an extended resource has no domain', { extendedResources: { gpu: 1 } },
    "'resources.extendedResources' (gpu) is not the name of an extended resource, which has a domain before a slash, write it as 'nvidia.com/gpu'"],
])('fails if %s', (_, resources, message) => {
  expect(messageOf(() => new ContainerTask(emptyAxon().axon, 'work', { image: READY, resources }))).toBe(message);
});

test.each<[string, string, string]>([
  ['a quantity is malformed', '{limits: {memory: 1 GB}}',
    "'resources.limits.memory' (1 GB) must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3, write '1G'"],
  ['a request exceeds its limit', '{requests: {memory: 2Gi}, limits: {memory: 1Gi}}', "'resources.requests.memory' (2Gi) exceeds its limit of 1Gi, lower it or raise the limit"],
  ['half a GPU is requested', '{limits: {nvidia.com/gpu: 0.5}}',
    "'resources.limits.nvidia.com/gpu' (0.5) must be a whole number, 'nvidia.com/gpu' cannot be divided, round it"],
  ['a GPU is requested without a limit', '{requests: {nvidia.com/gpu: 1}}',
    "'resources.requests.nvidia.com/gpu' (1) is an extended resource, which needs an equal limit, write it under 'limits' alone"],
  ['fewer GPUs are requested than limited', '{requests: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: 2}}',
    "'resources.requests.nvidia.com/gpu' (1) is an extended resource, which needs an equal limit, write it under 'limits' alone"],
  ['a resource is misspelt', '{limits: {memroy: 1Gi}}', "'resources.limits.memroy' (1Gi) is of a resource that Kubernetes does not know, did you mean 'memory'?"],
])('fails in a file if %s', (_, resources, message) => {
  expect(told(inFile(resources)).map((line) => line.replace(/^[0-9]+:[0-9]+ error: /, ''))).toEqual([message]);
});

test.each<[string, Record<string, string>, string]>([
  ['the value of a node label has a space', { pool: 'gpu nodes' },
    "'pod.nodeSelector' (pool: gpu nodes) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation"],
  ['the key of a node label ends with a dash', { 'pool-': 'gpu' },
    "'pod.nodeSelector' (pool-: gpu) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation"],
])('fails if %s', (_, nodeSelector, message) => {
  expect(refused(nodeSelector)).toEqual([message]);
});

test('parallel steps start together, nested ones included', () => {
  const { chart, axon } = emptyAxon();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => new ContainerTask(axon, name, { image: READY }));
  new Sensor(axon, 'start', { steps: [Step.parallel(a, Step.parallel(b, c)), d] });

  const last = templateOf(synthesise(chart), 'sensor-start').dag.tasks.find(({ name }: { name: string }) => name === 'task-d');

  expect(last.depends).toBe('task-a.Succeeded && task-b.Succeeded && task-c.Succeeded');
});

test('fails if a parallel step has no members', () => {
  expect(messageOf(() => Step.parallel())).toBe("'steps' ([]) must hold at least one step, list the steps to run in parallel");
});

import { ComputeResources, ContainerTask, Sensor, Step } from '../../src';
import { emptyAxon, READY } from '../helpers/loop';
import { messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

function refused(resources: ComputeResources, nodeSelector?: Record<string, string>): string[] {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, resources, pod: { nodeSelector } })] });
  return refusals(chart).map((text) => text.replace(/^work: /, ''));
}

test('resources, extended ones among them, arrive as they were written', () => {
  const { chart, axon } = emptyAxon();
  const resources = { requests: { cpu: '500m' }, limits: { 'memory': '1Gi', 'nvidia.com/gpu': '1' } };
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, resources, pod: { nodeSelector: { 'example.org/pool': 'gpu' } } })] });

  const template = templateOf(synthesise(chart), 'task-work');

  expect(template.container.resources).toEqual(resources);
  expect(template.nodeSelector).toEqual({ 'example.org/pool': 'gpu' });
});

test.each<[string, ComputeResources, string]>([
  ['a quantity is none', { limits: { memory: '1 GB' } },
    "'resources.limits.memory' (1 GB) must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3, write '1G'"],
  ['a request exceeds its limit', { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } },
    "'resources.requests.memory' (2Gi) exceeds its limit of 1Gi, lower it or raise the limit"],
  ['half a GPU is asked for', { limits: { 'nvidia.com/gpu': '0.5' } },
    "'resources.limits.nvidia.com/gpu' (0.5) must be a whole number, 'nvidia.com/gpu' cannot be divided, round it"],
  ['a GPU is requested without a limit', { requests: { 'nvidia.com/gpu': '1' } },
    "'resources.requests.nvidia.com/gpu' (1) is an extended resource, which needs an equal limit, write it under 'limits' alone"],
  ['fewer GPUs are requested than limited', { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '2' } },
    "'resources.requests.nvidia.com/gpu' (1) is an extended resource, which needs an equal limit, write it under 'limits' alone"],
  ['a resource is misspelt', { limits: { memroy: '1Gi' } },
    "'resources.limits.memroy' (1Gi) is of a resource that Kubernetes does not know, did you mean 'memory'?"],
])('fails if %s', (_, resources, message) => {
  expect(refused(resources)).toEqual([message]);
});

test.each<[string, Record<string, string>, string]>([
  ['the value of a node label has a space', { pool: 'gpu nodes' },
    "'pod.nodeSelector' (pool: gpu nodes) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, correct it or write it into an annotation"],
  ['the key of a node label ends with a dash', { 'pool-': 'gpu' },
    "'pod.nodeSelector' (pool-: gpu) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, correct it or write it into an annotation"],
])('fails if %s', (_, nodeSelector, message) => {
  expect(refused({}, nodeSelector)).toEqual([message]);
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

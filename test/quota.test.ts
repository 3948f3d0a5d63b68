import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { load, loadAll } from 'js-yaml';
import { ComputeResources, ContainerTask, Sensor } from '../src';
import { emptyAxon, READY } from './helpers/loop';
import { Manifest, synthesise, templateOf } from './helpers/manifests';

/*
 * A namespace with a ResourceQuota over CPU and memory admits no pod with a container that requests nothing of either. The pods
 * of an axon come from many kinds of objects, so each kind is read here for the containers that its controller makes of it.
 */
const EXAMPLES = join(__dirname, '..', 'examples');

interface PodContainer {
  readonly name: string;
  readonly resources?: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
}

const DOCUMENTS: Readonly<Record<string, (document: Manifest) => PodContainer[]>> = {
  'study.json': ({ trial }) => [{ name: 'trial', resources: trial.resources }],
  'model.json': ({ models }) => models.flatMap(({ backends }: Manifest) => backends.map(({ server }: Manifest) => ({ name: server.task, resources: server.resources }))),
};

const CONTAINERS: Readonly<Record<string, (object: Manifest) => PodContainer[]>> = {
  Deployment: ({ spec }) => ofPod(spec.template.spec),
  Job: ({ spec }) => ofPod(spec.template.spec),
  EventSource: ({ spec }) => [{ name: 'main', ...spec.template.container }],
  Sensor: ({ spec }) => [{ name: 'main', ...spec.template.container }],
  EventBus: ({ spec: { jetstream } }) => ['container', 'reloaderContainer', 'metricsContainer'].map((name) => ({ name, ...jetstream[`${name}Template`] })),
  WorkflowTemplate: ({ spec }) => [
    // Argo adds its own two containers to each of these.
    ...ofPod(load(spec.podSpecPatch)),
    ...spec.templates.filter(({ container }: Manifest) => container).map(({ name, container }: Manifest) => ({ name, ...container })),
  ],
  ConfigMap: ({ data }) => Object.entries(data).flatMap(([key, text]) => (DOCUMENTS[key]?.(JSON.parse(text as string)) ?? [])),
};

function ofPod({ initContainers = [], containers }: Manifest): PodContainer[] {
  return [...initContainers, ...containers];
}

/** The containers of objects that lack a request, as `kind/name container: resource`. */
function unadmitted(objects: Manifest[]): string[] {
  return objects.flatMap((object) => (CONTAINERS[object.kind]?.(object) ?? []).flatMap(({ name, resources }) => (
    ['cpu', 'memory'].filter((resource) => (resources?.requests ?? {})[resource] === undefined && (resources?.limits ?? {})[resource] === undefined)
      .map((resource) => `${object.kind}/${object.metadata.name} ${name}: ${resource}`))));
}

const FILES = readdirSync(EXAMPLES).flatMap((example) => {
  try {
    return readdirSync(join(EXAMPLES, example, 'expected')).map((file) => join(example, 'expected', file));
  } catch {
    return [];
  }
});

// The chart of the namespaces has no pod.
test.each(FILES.filter((file) => !file.endsWith('namespaces.k8s.yaml')))('a quota over CPU and memory admits every pod of %s', (file) => {
  const objects = loadAll(readFileSync(join(EXAMPLES, file), 'utf8')) as Manifest[];

  expect(objects.flatMap((object) => CONTAINERS[object.kind]?.(object) ?? []).length).toBeGreaterThan(0);
  expect(unadmitted(objects)).toEqual([]);
});

test('the check finds a container that requests nothing', () => {
  expect(unadmitted([{ kind: 'Job', metadata: { name: 'job' }, spec: { template: { spec: { containers: [{ name: 'main', resources: { limits: { cpu: '1' } } }] } } } }]))
    .toEqual(['Job/job main: memory']);
});

test.each<[string, ComputeResources | undefined, Manifest]>([
  ['nothing is set', undefined, { requests: { cpu: '100m', memory: '256Mi' } }],
  ['only a device is set', { extendedResources: { 'nvidia.com/gpu': 1 } }, { requests: { cpu: '100m', memory: '256Mi' }, limits: { 'nvidia.com/gpu': '1' } }],
  ['a limit stands for its request', { memory: { limit: Size.gibibytes(1) } }, { requests: { cpu: '100m' }, limits: { memory: '1Gi' } }],
  ['a request is set', { cpu: { request: Cpu.units(2) } }, { requests: { cpu: '2', memory: '256Mi' } }],
])('a container of user code requests what it does not set: %s', (_, resources, requested) => {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, resources })] });

  expect(templateOf(synthesise(chart), 'task-work').container.resources).toEqual(requested);
});

import { App, Chart, IResolver, ResolutionContext, Size, Yaml } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { ContainerTask, Platform, Sensor, Step, Storage } from '../../../src';
import { importedClaim } from '../../helpers/imported-claim';
import { emptyAxon, READY, smallLoop } from '../../helpers/loop';
import { find, Manifest, testChart } from '../../helpers/manifests';
import { expectGolden } from '../golden';
import { everything, ATTRIBUTES } from './everything';

/*
 * The whole output is the claim: a rebuild of the synthesis must not change a byte of it.
 * The contract documents are part of it, in the ConfigMaps.
 */

function yamlOf(chart: Chart): string {
  return Yaml.stringify(...chart.toJson());
}

/** The objects of a chart that are not in another chart, or differ from it. */
function changed(chart: Chart, from: Chart): string {
  const known = new Set(from.toJson().map((object) => Yaml.stringify(object)));
  return Yaml.stringify(...chart.toJson().filter((object) => !known.has(Yaml.stringify(object))));
}

test('an axon with every kind of part', () => {
  const chart = testChart({ namespace: 'ml' });
  everything(chart);

  expectGolden('manifests/everything.yaml', yamlOf(chart));
});

test('an axon with one task', () => {
  expectGolden('manifests/one-task.yaml', yamlOf(smallLoop().chart));
});

test('a platform with every setting', () => {
  const chart = testChart({ namespace: 'ml' });
  new Platform(chart, 'platform', {
    ...ATTRIBUTES,
    pushgateway: undefined,
    eventBusReplicas: 5,
    eventBusSize: Size.gibibytes(8),
    eventBusStorageClass: 'fast',
    gatewaySelector: { istio: 'public' },
    runPushgateway: true,
    runtimeImage: 'registry.example.org/myelin/runtime:1.2.3',
  });

  expectGolden('manifests/platform.yaml', yamlOf(chart));
});

test.each([
  ['a folder of the node', 'storage-host-path', Storage.hostPath('/srv/data')],
  ['an existing claim', 'storage-existing-claim', Storage.fromClaim(importedClaim('shared-data'))],
  ['a claim that one node mounts at a time', 'storage-read-write-once', Storage.claim({ size: Size.mebibytes(500), accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE, storageClassName: 'fast' })],
])('the objects that change when the storage is %s', (_, name, storage) => {
  expectGolden(`manifests/${name}.yaml`, changed(smallLoop({ storage }).chart, smallLoop().chart));
});

test('the labels of a chart are added to the labels of every object', () => {
  const { chart } = smallLoop({}, testChart({ labels: { 'example.org/team': 'ml', 'example.org/cost-center': '42' } }));

  expectGolden('manifests/chart-labels.yaml', Yaml.stringify(...chart.toJson().map(({ kind, metadata }) => ({ kind, metadata }))));
});

/** Pulls every image through a mirror, and labels every object. */
class Mirror implements IResolver {
  public resolve(context: ResolutionContext): void {
    const key = context.key[context.key.length - 1];
    if (key === 'image' && typeof context.value === 'string' && !context.value.startsWith('mirror.example.org/')) {
      context.replaceValue(`mirror.example.org/${context.value}`);
    }
    if (context.key.join('.') === 'metadata.labels' && context.value['example.org/mirrored'] === undefined) {
      context.replaceValue({ ...context.value, 'example.org/mirrored': context.obj.kind });
    }
  }
}

test('the resolvers of an app change every object', () => {
  const resolved = new Chart(new App({ resolvers: [new Mirror()] }), 'test');
  smallLoop({}, resolved);
  new Platform(resolved, 'platform');
  const objects = resolved.toJson();

  const images = objects.flatMap((object) => [...Yaml.stringify(object).matchAll(/^[- ]*image: .*$/gm)].map(([line]) => `${object.kind} ${line.trim().replace(/^- /, '')}`));
  expectGolden('manifests/resolvers.yaml', Yaml.stringify({ images: [...new Set(images)] }, ...objects.map(({ kind, metadata }) => ({ kind, metadata }))));
});

test('the folders that each task of a large axon can read', () => {
  const { chart, axon } = emptyAxon({ storage: Storage.fromClaim(importedClaim('store')) });
  const tasks = Array.from({ length: 26 }, (_, index) => new ContainerTask(axon, `Task_${index}`, { image: READY }));
  const told = new ContainerTask(axon, 'told', { image: READY, inputs: [tasks[3], tasks[1]] });
  new Sensor(axon, 'start', { steps: [Step.parallel(...tasks.slice(0, 9)), Step.parallel(...tasks.slice(9, 12)), Step.parallel(...tasks.slice(12)), told] });
  const { templates } = find(chart.toJson(), 'WorkflowTemplate').spec;

  expectGolden('manifests/folders.yaml', Yaml.stringify(
    Object.fromEntries(templates.filter(({ container }: Manifest) => container).map(({ name, inputs, container: { env } }: Manifest) => [name, {
      inputs: inputs?.parameters.map((input: Manifest) => input.name),
      env: (env ?? []).filter((variable: Manifest) => variable.name.startsWith('DATA_PATH')),
    }])),
    Object.fromEntries(templates.filter(({ dag }: Manifest) => dag).map(({ name, dag }: Manifest) => [name, dag.tasks])),
  ));
});

import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode, PersistentVolumeClaim } from 'cdk8s-plus-27';
import { ContainerTask, Sensor, Step, Storage } from '../../src';
import { importedClaim } from '../helpers/imported-claim';
import { emptyAxon, READY, smallLoop } from '../helpers/loop';
import { find, Manifest, messageOf, refusals, synthesise, templateOf, testChart } from '../helpers/manifests';

const { READ_ONLY_MANY, READ_WRITE_MANY, READ_WRITE_ONCE, READ_WRITE_ONCE_POD } = PersistentVolumeAccessMode;

function volumesOf(storage: Storage): Manifest[] {
  return templateOf(synthesise(smallLoop({ storage }).chart), 'task-work').volumes;
}

test('an axon keeps its data in a claim of 10 GiB for pods of all nodes', () => {
  const objects = synthesise(smallLoop().chart);

  expect(find(objects, 'PersistentVolumeClaim', 'small-store').spec).toEqual({ accessModes: ['ReadWriteMany'], resources: { requests: { storage: '10Gi' } } });
  expect(templateOf(objects, 'task-work').volumes).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: 'small-store' } });
});

test('no tool prunes the claim with the axon', () => {
  expect(find(synthesise(smallLoop().chart), 'PersistentVolumeClaim').metadata.annotations)
    .toEqual({ 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
});

test.each<[Size, string]>([
  [Size.gibibytes(2), '2Gi'], [Size.mebibytes(2048), '2Gi'], [Size.mebibytes(1536), '1536Mi'], [Size.tebibytes(1), '1Ti'], [Size.kibibytes(3), '3Ki'],
])('a size is written as the quantity that the API server would write', (size, quantity) => {
  expect(find(synthesise(smallLoop({ storage: Storage.claim({ size }) }).chart), 'PersistentVolumeClaim').spec.resources.requests.storage).toBe(quantity);
});

test('a claim can have a name, a class and an access mode', () => {
  const storage = Storage.claim({ size: Size.gibibytes(1), accessMode: READ_WRITE_ONCE, storageClassName: 'fast', claimName: 'mine' });

  expect(find(synthesise(smallLoop({ storage }).chart), 'PersistentVolumeClaim', 'mine').spec).toMatchObject({ accessModes: ['ReadWriteOnce'], storageClassName: 'fast' });
});

test('a claim that exists is mounted and not created', () => {
  const { chart } = smallLoop({ storage: Storage.fromClaim(importedClaim('shared')) });

  expect(synthesise(chart).map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
  expect(volumesOf(Storage.fromClaim(importedClaim('shared')))).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: 'shared' } });
});

test('a folder of the node is a volume that only the claim of the axon can bind, so that no pod mounts a folder of its node', () => {
  const { axon, chart } = smallLoop({ storage: Storage.hostPath('/data') });
  const objects = synthesise(chart);

  expect(axon.podSecurityLevel).toBe('restricted');
  expect(volumesOf(Storage.hostPath('/data'))).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: `${axon.identifier}-store` } });
  const volume = find(objects, 'PersistentVolume', `default-${axon.identifier}-store`);
  expect(volume.metadata.namespace).toBeUndefined();
  expect(volume.spec).toMatchObject({
    claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: `${axon.identifier}-store` },
    local: { path: '/data' },
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: '',
  });
  expect(find(objects, 'PersistentVolumeClaim', `${axon.identifier}-store`).spec).toMatchObject({ volumeName: volume.metadata.name, storageClassName: '' });
});

test('the pods of an imported claim, whose access mode is unknown, can run on any node', () => {
  const { affinity, metadata } = templateOf(synthesise(smallLoop({ storage: Storage.fromClaim(importedClaim('shared')) }).chart), 'task-work');

  expect([affinity, metadata]).toEqual([undefined, undefined]);
});

test.each<[string, PersistentVolumeAccessMode[], Manifest]>([
  ['one node can mount run on one node', [READ_WRITE_ONCE, READ_ONLY_MANY], { 'myelin.io/store': 'mine' }],
  ['all nodes can mount run on any node', [READ_WRITE_ONCE, READ_WRITE_MANY], undefined],
])('the pods of a claim of the app that %s', (_, accessModes, labels) => {
  const chart = testChart();
  const claim = new PersistentVolumeClaim(chart, 'claim', { accessModes, storage: Size.gibibytes(1), metadata: { name: 'mine' } });
  const template = templateOf(synthesise(smallLoop({ storage: Storage.fromClaim(claim) }, chart).chart), 'task-work');

  expect(template.volumes).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: 'mine' } });
  expect(template.metadata?.labels).toEqual(labels);
  expect(template.affinity?.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels).toEqual(labels);
});

test('warns about parallel tasks on a claim of one node', () => {
  const { chart, axon } = emptyAxon({ storage: Storage.claim({ size: Size.gibibytes(1), accessMode: READ_WRITE_ONCE }) });
  new Sensor(axon, 'start', { steps: [Step.parallel(new ContainerTask(axon, 'a', { image: READY }), new ContainerTask(axon, 'b', { image: READY }))] });

  expect(refusals(chart)).toEqual([]);
  expect(axon.warnings).toEqual([
    "start: 'steps' (start) runs tasks in parallel, and the claim 'digits-store' (ReadWriteOnce) keeps them all on one node, use ReadWriteMany to spread them",
  ]);
});

test.each<[string, () => unknown, string]>([
  ['a claim has capitals', () => Storage.fromClaim(importedClaim('Store')), "'claim' (Store) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'store'"],
  ['the name of a new claim is too long', () => Storage.claim({ size: Size.gibibytes(1), claimName: 'x'.repeat(64) }), `'claimName' (${'x'.repeat(64)}) has 64 characters of at most 63, shorten it`],
  ['a new claim lets no pod write', () => Storage.claim({ size: Size.gibibytes(1), accessMode: READ_ONLY_MANY }),
    "'accessMode' (ReadOnlyMany) lets no pod write, use READ_WRITE_MANY, or READ_WRITE_ONCE to run all pods on one node"],
  ['a new claim admits one pod', () => Storage.claim({ size: Size.gibibytes(1), accessMode: READ_WRITE_ONCE_POD }),
    "'accessMode' (ReadWriteOncePod) admits one pod, and tasks, trials and servers share the store, use READ_WRITE_MANY, or READ_WRITE_ONCE to run all pods on one node"],
  ['a claim of the app lets no pod write', () => Storage.fromClaim(new PersistentVolumeClaim(testChart(), 'claim', { accessModes: [READ_ONLY_MANY] })),
    "'claim.accessModes' (ReadOnlyMany) lets no pod write, use READ_WRITE_MANY, or READ_WRITE_ONCE to run all pods on one node"],
  ['a claim of the app lies in another namespace', () => {
    const metadata = { name: 'mine', namespace: 'other' };
    return emptyAxon({ storage: Storage.fromClaim(new PersistentVolumeClaim(testChart(), 'claim', { accessModes: [READ_WRITE_MANY], metadata })) });
  }, "'storage' (other/mine) is in another namespace than the axon (default), whose pods cannot use it, use a claim of the namespace of the axon"],
  ['a folder of the node is relative', () => Storage.hostPath('data'), "'path' (data) must be an absolute path, write '/data'"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

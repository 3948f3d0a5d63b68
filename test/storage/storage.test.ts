import { Size } from 'cdk8s';
import { ContainerTask, Sensor, Step, Storage, StorageAccess } from '../../src';
import { emptyAxon, READY, smallLoop } from '../helpers/loop';
import { find, Manifest, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

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

test('a claim may have a name, a class and one node', () => {
  const storage = Storage.claim({ size: Size.gibibytes(1), access: StorageAccess.READ_WRITE_ONCE, storageClass: 'fast', name: 'mine' });

  expect(find(synthesise(smallLoop({ storage }).chart), 'PersistentVolumeClaim', 'mine').spec).toMatchObject({ accessModes: ['ReadWriteOnce'], storageClassName: 'fast' });
});

test('a claim that exists is mounted and not made', () => {
  const { chart } = smallLoop({ storage: Storage.existingClaim('shared') });

  expect(synthesise(chart).map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
  expect(volumesOf(Storage.existingClaim('shared'))).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: 'shared' } });
});

test('a folder of the node is a volume that only the claim of the axon can bind, so that no pod mounts a folder of its node', () => {
  const { axon, chart } = smallLoop({ storage: Storage.hostPath('/data') });
  const objects = synthesise(chart);

  expect(axon.podSecurityLevel).toBe('restricted');
  expect(volumesOf(Storage.hostPath('/data'))).toContainEqual({ name: 'store', persistentVolumeClaim: { claimName: `${axon.axonName}-store` } });
  const volume = find(objects, 'PersistentVolume', `default-${axon.axonName}-store`);
  expect(volume.metadata.namespace).toBeUndefined();
  expect(volume.spec).toMatchObject({
    claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: `${axon.axonName}-store` },
    local: { path: '/data' },
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: '',
  });
  expect(find(objects, 'PersistentVolumeClaim', `${axon.axonName}-store`).spec).toMatchObject({ volumeName: volume.metadata.name, storageClassName: '' });
});

test('warns about parallel tasks on a claim of one node', () => {
  const { chart, axon } = emptyAxon({ storage: Storage.claim({ size: Size.gibibytes(1), access: StorageAccess.READ_WRITE_ONCE }) });
  new Sensor(axon, 'start', { steps: [Step.parallel(new ContainerTask(axon, 'a', { image: READY }), new ContainerTask(axon, 'b', { image: READY }))] });

  expect(refusals(chart)).toEqual([]);
  expect(axon.warnings).toEqual([
    "start: 'steps' (start) runs tasks in parallel, and the claim 'digits-store' (ReadWriteOnce) keeps them all on one node, use ReadWriteMany to spread them",
  ]);
});

test.each<[string, () => unknown, string]>([
  ['a claim has capitals', () => Storage.existingClaim('Store'), "'name' (Store) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'store'"],
  ['the name of a new claim is too long', () => Storage.claim({ size: Size.gibibytes(1), name: 'x'.repeat(64) }), `'name' (${'x'.repeat(64)}) has 64 characters of at most 63, shorten it`],
  ['a folder of the node is relative', () => Storage.hostPath('data'), "'path' (data) must be an absolute path, write '/data'"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

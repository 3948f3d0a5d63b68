import { KINDS } from '../../src/kube/client.js';
import type { ConfigMapObject } from '../../src/kube/config-map-document.js';
import { MemoryKube, type KubeCall } from '../../src/kube/memory-client.js';
import { hasCode } from '../../src/shared/errors.js';

const note = (name: string, data: Record<string, string> = {}): ConfigMapObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

test('what was created is read back, with a uid, a resourceVersion and its namespace', async () => {
  const client = new MemoryKube().client('ml');
  const created = await client.create(KINDS.ConfigMap, note('a'));
  expect(created.metadata).toMatchObject({ name: 'a', namespace: 'ml', uid: expect.any(String), resourceVersion: '1' });
  expect(await client.get(KINDS.ConfigMap, 'a')).toEqual(created);
});

test('namespaces and kinds are apart', async () => {
  const kube = new MemoryKube();
  await kube.client('ml').create(KINDS.ConfigMap, note('a'));
  expect(await kube.client('other').get(KINDS.ConfigMap, 'a')).toBeUndefined();
  expect(await kube.client('ml').get(KINDS.Secret, 'a')).toBeUndefined();
});

test('callers hold copies', async () => {
  const client = new MemoryKube().client('ml');
  const created = await client.create(KINDS.ConfigMap, note('a', { key: 'before' }));
  created.data!.key = 'after';
  expect((await client.get<ConfigMapObject>(KINDS.ConfigMap, 'a'))!.data).toEqual({ key: 'before' });
});

test('fails if an object of that name exists', async () => {
  const client = new MemoryKube().client('ml');
  await client.create(KINDS.ConfigMap, note('a'));
  await expect(client.create(KINDS.ConfigMap, note('a'))).rejects.toMatchObject({ code: 'MYELIN_KUBE_EXISTS' });
});

test('fails if the object was changed since it was read, or is gone', async () => {
  const client = new MemoryKube().client('ml');
  const read = await client.create(KINDS.ConfigMap, note('a'));
  await client.replace(KINDS.ConfigMap, { ...read, data: { key: 'mine' } });
  await expect(client.replace(KINDS.ConfigMap, { ...read, data: { key: 'theirs' } })).rejects.toMatchObject({ code: 'MYELIN_KUBE_CONFLICT' });
  await client.remove(KINDS.ConfigMap, 'a');
  await expect(client.replace(KINDS.ConfigMap, read)).rejects.toMatchObject({ code: 'MYELIN_KUBE_CONFLICT' });
});

test('fails if a replacement names no resourceVersion', async () => {
  const client = new MemoryKube().client('ml');
  await client.create(KINDS.ConfigMap, note('a'));
  await expect(client.replace(KINDS.ConfigMap, note('a'))).rejects.toThrow(/^'ConfigMap ml\/a' \(without a resourceVersion\) must be replaced as it was read/);
});

test('a replacement with the same content is no write', async () => {
  const client = new MemoryKube().client('ml');
  const read = await client.create(KINDS.ConfigMap, note('a', { b: '1', a: '2' }));
  expect(await client.replace(KINDS.ConfigMap, { ...read, data: { a: '2', b: '1' } })).toEqual(read);
});

test('a replacement keeps the status and counts the generation up when the spec differs', async () => {
  const kube = new MemoryKube();
  const client = kube.client('default');
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas: 1 } };
  await client.create(KINDS.Deployment, deployment);
  kube.edit('Deployment', 'a', (object) => { object.status = { availableReplicas: 1 }; });
  const read = kube.find('Deployment', 'a')!;
  await client.replace(KINDS.Deployment, { ...deployment, metadata: read.metadata, spec: { replicas: 2 } });
  expect(kube.find('Deployment', 'a')).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { availableReplicas: 1 } });
});

test('a list holds the objects that carry all the labels, sorted by name', async () => {
  const kube = new MemoryKube();
  for (const name of ['b', 'a', 'c']) {
    kube.put({ ...note(name), metadata: { name, labels: { app: 'digits', tier: name === 'c' ? 'x' : 'y' } } });
  }
  const found = await kube.client('default').list(KINDS.ConfigMap, { app: 'digits', tier: 'y' });
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
});

test('what a removed object owned goes with it, and removing nothing is fine', async () => {
  const kube = new MemoryKube();
  kube.put(note('owner'));
  const { uid } = kube.find('ConfigMap', 'owner')!.metadata;
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid };
  kube.put({ ...note('owned'), metadata: { name: 'owned', ownerReferences: [owner] } });
  kube.put({ ...note('shared'), metadata: { name: 'shared', ownerReferences: [owner, { ...owner, name: 'other', uid: 'other' }] } });
  const client = kube.client('default');
  await client.remove(KINDS.ConfigMap, 'owner');
  await client.remove(KINDS.ConfigMap, 'owner');
  expect(kube.all('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['shared']);
});

test.each([['before', false], ['after', true]] as const)('a call that fails %s its effect leaves the object there: %s', async (when, there) => {
  const kube = new MemoryKube();
  kube.failAt(2, when);
  const client = kube.client('default');
  await client.get(KINDS.ConfigMap, 'a');
  await expect(client.create(KINDS.ConfigMap, note('a'))).rejects.toThrow(`connection lost ${when} the effect of call 2`);
  expect(kube.find('ConfigMap', 'a') !== undefined).toBe(there);
});

test('the hook sees every call twice', async () => {
  const kube = new MemoryKube();
  const seen: KubeCall[] = [];
  kube.onCall = (call) => void seen.push(call);
  await kube.client('ml').get(KINDS.ConfigMap, 'a');
  expect(seen).toEqual([
    { number: 1, when: 'before', verb: 'get', kind: 'ConfigMap', name: 'a', namespace: 'ml' },
    { number: 1, when: 'after', verb: 'get', kind: 'ConfigMap', name: 'a', namespace: 'ml' },
  ]);
});

test('fails if an object is sent to the address of another kind, or has no valid name', async () => {
  const client = new MemoryKube().client('ml');
  await expect(client.create(KINDS.Secret, note('a'))).rejects.toThrow('a v1 ConfigMap was sent to v1 secrets');
  await expect(client.create(KINDS.ConfigMap, note('A'))).rejects.toThrow("'A' is no name of a ConfigMap");
  expect(() => new MemoryKube().edit('ConfigMap', 'a', () => {})).toThrow('no ConfigMap default/a to edit');
  expect(hasCode(new Error(), 'MYELIN_KUBE_EXISTS')).toBe(false);
});

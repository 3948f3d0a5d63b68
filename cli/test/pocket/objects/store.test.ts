import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { WatchEvent } from '../../../src/pocket/controller.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { Notes } from '../pods/fixture.js';

let folder: string;
let store: ObjectStore;
let notes: Notes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocket-core-store-'));
  notes = new Notes();
  reopen();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function reopen(): void {
  store = ObjectStore.open(folder, notes);
}

function config(name: string, data: Record<string, string> = {}, metadata: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

const ref = (name: string, kind = 'ConfigMap') => ({ kind, namespace: 'default', name });

test('an object is given a uid, a version, a time and its namespace, and is there after a restart', () => {
  const created = store.create(config('a', { key: 'value' }));
  reopen();

  expect(created.metadata).toMatchObject({ namespace: 'default', uid: expect.any(String), resourceVersion: expect.any(String), creationTimestamp: expect.stringMatching(/Z$/) });
  expect(store.get(ref('a'))).toEqual(created);
});

test('fails if there is one of that name', () => {
  store.create(config('a'));

  expect(() => store.create(config('a'))).toThrow('ConfigMap default/a already exists');
});

test('a write that read an older version is refused, and so is one to an object made anew', () => {
  const first = store.create(config('a'));
  store.replace({ ...first, data: { by: 'other' } });

  expect(() => store.replace({ ...first, data: { by: 'me' } })).toThrow('has been modified');

  store.remove(ref('a'));
  store.create(config('a'));
  expect(() => store.replace({ ...first, metadata: { ...first.metadata, resourceVersion: undefined } })).toThrow('has been removed and made anew');
});

test('the same content is no write', () => {
  const created = store.create(config('a', { x: '1', y: '2' }));

  expect(store.replace(config('a', { y: '2', x: '1' })).metadata.resourceVersion).toBe(created.metadata.resourceVersion);
});

test('versions rise over restarts, even when the newest object was removed before', () => {
  store.create(config('kept'));
  const gone = store.create(config('gone'));
  store.remove(ref('gone'));
  reopen();

  expect(Number(store.create(config('gone')).metadata.resourceVersion)).toBeGreaterThan(Number(gone.metadata.resourceVersion));
});

test('the generation counts changes of what is wanted, not of status or labels', () => {
  const job: KubeObject = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: { n: 1 } };
  store.create(job);
  store.update(ref('j', 'Job'), (now) => ({ ...now, status: { active: 1 } }));
  store.update(ref('j', 'Job'), (now) => ({ ...now, metadata: { ...now.metadata, labels: { a: 'b' } } }));
  expect(store.get(ref('j', 'Job'))!.metadata.generation).toBe(1);

  store.update(ref('j', 'Job'), (now) => ({ ...now, spec: { n: 2 } }));
  expect(store.get(ref('j', 'Job'))!.metadata.generation).toBe(2);
});

test('what is handed out is a copy', () => {
  store.create(config('a', { key: 'value' }));
  store.get(ref('a'))!.data.key = 'changed';
  store.list('ConfigMap')[0]!.data.key = 'changed';

  expect(store.get(ref('a'))!.data.key).toBe('value');
});

test('what an object owns goes with it, and what that owns, unless another owner is left', () => {
  const owner = (object: KubeObject) => ({ apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name, uid: object.metadata.uid! });
  const top = store.create(config('top'));
  const other = store.create(config('other'));
  const middle = store.create(config('middle', {}, { ownerReferences: [owner(top)] }));
  store.create(config('low', {}, { ownerReferences: [owner(middle)] }));
  store.create(config('shared', {}, { ownerReferences: [owner(top), owner(other)] }));

  store.remove(ref('top'));

  expect(store.list('ConfigMap').map(({ metadata }) => metadata.name).sort()).toEqual(['other', 'shared']);
});

test('an object whose owner is gone is removed soon after it is made, and when the store is opened', async () => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'no-such-uid' }];
  store.create(config('orphan', {}, { ownerReferences }));
  reopen();
  expect(store.get(ref('orphan'))).toBeUndefined();

  store.create(config('orphan', {}, { ownerReferences }));
  await turn();
  await turn();
  expect(store.get(ref('orphan'))).toBeUndefined();
});

test('a watcher hears of what is there and of each change, later and in order, and of no deletion too few', async () => {
  store.create(config('there'));
  const heard: string[] = [];
  const listener = ({ type, object }: WatchEvent) => heard.push(`${type} ${object.metadata.name} ${object.data.v ?? ''}`.trim());
  const end = store.watch('ConfigMap', listener);
  expect(heard).toEqual([]);
  await turn();

  store.create(config('a', { v: '1' }));
  store.replace(config('a', { v: '2' }));
  store.remove(ref('a'));
  store.create(config('a', { v: '3' }));
  expect(heard).toEqual(['added there']);
  await turn();

  expect(heard).toEqual(['added there', 'added a 2', 'deleted a 2', 'added a 3']);
  end();
  store.remove(ref('there'));
  await turn();
  expect(heard).toHaveLength(4);
});

test('a listener that fails is told in the log and harms no other', async () => {
  const heard: string[] = [];
  store.watch('ConfigMap', () => {
    throw new Error('of the listener');
  });
  store.watch('ConfigMap', ({ object }) => heard.push(object.metadata.name));
  store.create(config('a'));
  await turn();

  expect(heard).toEqual(['a']);
  expect(notes.lines.join()).toContain('of the listener');
});

test('half a write of a killed cluster is ignored, and a broken file is put aside and told', () => {
  store.create(config('a', { key: 'value' }));
  const path = join(folder, 'ConfigMap');
  writeFileSync(join(path, 'default.a.json.tmp'), '{"object":');
  writeFileSync(join(path, 'default.b.json'), '{"object":');
  reopen();

  expect(store.list('ConfigMap').map(({ data }) => data)).toEqual([{ key: 'value' }]);
  expect(readdirSync(path).sort()).toEqual(['default.a.json', 'default.b.json.broken']);
  expect(notes.lines.join()).toContain('default.b.json.broken');
});

const onLinux = existsSync('/dev/full') ? test : test.skip;

onLinux('a full disk is told with the file, and changes neither memory nor disk', () => {
  const before = store.create(config('a', { key: 'value' }));
  const fill = (name: string) => symlinkSync('/dev/full', join(folder, 'ConfigMap', `default.${name}.json.tmp`));
  fill('a');
  fill('b');

  expect(() => store.replace(config('a', { key: 'new' }))).toThrow(/default.a.json' cannot be written, the disk is full, make room and it goes on/);
  expect(() => store.create(config('b'))).toThrow('the disk is full');

  expect(store.list('ConfigMap')).toEqual([before]);
  reopen();
  expect(store.list('ConfigMap')).toEqual([before]);
  // With room again it goes on.
  expect(store.replace(config('a', { key: 'new' })).data).toEqual({ key: 'new' });
});

test('fails if a name could leave its folder', () => {
  for (const name of ['../evil', 'a/b', '', 'Upper']) expect(() => store.create(config(name))).toThrow('metadata.name');
  expect(() => store.create({ ...config('a'), kind: '../x' })).toThrow('needs');
  expect(() => store.create(config('a', {}, { namespace: '..' }))).toThrow('metadata.namespace');
});

test('fails if a ConfigMap holds more than a cluster takes', () => {
  expect(() => store.create(config('big', { key: 'x'.repeat(1024 * 1024 + 1) }))).toThrow('may not be more than 1048576 bytes');
});

test('the text of a Secret is stored in base64, in a file for its owner alone', () => {
  const secret = store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { token: 'geheim' } });

  expect(secret.data).toEqual({ token: 'Z2VoZWlt' });
  expect(secret.stringData).toBeUndefined();
  expect(statSync(join(folder, 'Secret', 'default.s.json')).mode % 0o1000).toBe(0o600);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { default as fc } from 'fast-check';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { mergePatch } from '../../../src/pocket/objects/merge.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { Notes } from '../pods/fixture.js';

let folder: string;
let store: ObjectStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocket-core-apply-'));
  store = ObjectStore.open(folder, new Notes());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const service = (spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', ...metadata }, spec });
const ref = { kind: 'Service', namespace: 'default', name: 's' };

test('applied twice, a manifest changes nothing the second time', () => {
  expect(store.apply(service({ a: 1 })).change).toBe('created');
  expect(store.apply(service({ a: 1 })).change).toBe('unchanged');
  expect(store.apply(service({ a: 2 })).change).toBe('changed');
});

test('what others set stays, what the manifest had and has no more goes', () => {
  store.apply(service({ mine: 1, dropped: { x: 1 }, list: [1, 2] }, { labels: { app: 'a', old: 'b' } }));
  store.update(ref, (now) => ({
    ...now, status: { ready: true }, spec: { ...now.spec, theirs: 3, dropped: { ...now.spec.dropped, y: 2 } }, metadata: { ...now.metadata, annotations: { by: 'controller' } },
  }));

  store.apply(service({ mine: 1, list: [3] }, { labels: { app: 'a' } }));

  const { spec, status, metadata } = store.get(ref)!;
  expect(spec).toEqual({ mine: 1, theirs: 3, dropped: { y: 2 }, list: [3] });
  expect(status).toEqual({ ready: true });
  expect(metadata.labels).toEqual({ app: 'a' });
  expect(metadata.annotations).toEqual({ by: 'controller' });
});

test('what was applied is remembered over a restart', () => {
  store.apply(service({ a: 1, b: 1 }));
  store = ObjectStore.open(folder, new Notes());

  store.apply(service({ a: 1 }));

  expect(store.get(ref)!.spec).toEqual({ a: 1 });
});

test('the data of a ConfigMap is taken whole', () => {
  const map = (data: Record<string, string>): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data });
  store.create(map({ found: 'before' }));

  store.apply(map({ only: 'this' }));

  expect(store.get({ ...ref, kind: 'ConfigMap', name: 'm' })!.data).toEqual({ only: 'this' });
});

test('merge patches follow the examples of RFC 7386', () => {
  expect(mergePatch({ a: 'b' }, { a: 'c' })).toEqual({ a: 'c' });
  expect(mergePatch({ a: 'b', b: 'c' }, { a: null })).toEqual({ b: 'c' });
  expect(mergePatch({ a: [{ b: 'c' }] }, { a: [1] })).toEqual({ a: [1] });
  expect(mergePatch(['a', 'b'], { c: null, d: 1 })).toEqual({ d: 1 });
  expect(mergePatch({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
});

test('whatever is done, a watcher that follows the events knows what is stored, and so does the disk', async () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const spec = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.oneof(fc.integer({ min: 0, max: 2 }), fc.dictionary(fc.constantFrom('p', 'q'), fc.integer({ min: 0, max: 1 }))));
  const step = fc.record({ verb: fc.constantFrom('create', 'replace', 'apply', 'remove', 'status', 'turn', 'reopen'), name, spec });
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const place = mkdtempSync(join(folder, 'run-'));
    let objects = ObjectStore.open(place, new Notes());
    let seen = new Map<string, KubeObject>();
    const watch = () => {
      seen = new Map();
      return objects.watch('Service', ({ type, object }) => {
        if (type === 'deleted') seen.delete(object.metadata.name);
        else seen.set(object.metadata.name, object);
      });
    };
    let end = watch();
    let version = 0;
    for (const { verb, name: called, spec: wanted } of steps) {
      const at = { kind: 'Service', namespace: 'default', name: called };
      const object: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: called }, spec: wanted };
      const there = objects.get(at);
      if (verb === 'create' && there === undefined) objects.create(object);
      if (verb === 'replace' && there !== undefined) objects.replace({ ...object, status: there.status });
      if (verb === 'apply') {
        objects.apply(object);
        // All that the manifest says holds.
        expect(objects.get(at)!.spec).toMatchObject(wanted);
        expect(objects.get(at)!.status).toEqual(there?.status);
        expect(objects.apply(object).change).toBe('unchanged');
      }
      if (verb === 'remove') objects.remove(at);
      if (verb === 'status') objects.update(at, (now) => ({ ...now, status: wanted }));
      if (verb === 'turn') await turn();
      if (verb === 'reopen') {
        end();
        const before = objects.list('Service');
        objects = ObjectStore.open(place, new Notes());
        expect(sorted(objects.list('Service'))).toEqual(sorted(before));
        end = watch();
      }
      expect(objects.resourceVersion).toBeGreaterThanOrEqual(version);
      version = objects.resourceVersion;
    }
    await turn();
    await turn();
    expect(sorted([...seen.values()])).toEqual(sorted(objects.list('Service')));
    end();
  }), { numRuns: 60 });
});

function sorted(objects: KubeObject[]): KubeObject[] {
  return [...objects].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

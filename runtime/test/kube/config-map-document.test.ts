import type { ReleaseDocument } from '../../src/contract/documents.js';
import { ConfigMapDocument } from '../../src/kube/config-map-document.js';
import { MemoryKube } from '../../src/kube/memory-client.js';
import { hasCode, MyelinError } from '../../src/shared/errors.js';
import { contractJson } from '../fixtures.js';

const EMPTY: ReleaseDocument = { contract: 1, axon: 'digits', namespace: 'default', releases: [] };
const RELEASE = (contractJson('fixtures', 'release', 'digits.json') as ReleaseDocument).releases[0]!;

function documentIn(kube: MemoryKube): ConfigMapDocument<'release'> {
  return new ConfigMapDocument(kube.client('default'), 'release', 'digits-releases', 'releases.json', () => ({ ...EMPTY }), { team: 'ml' });
}

/** Adds a release of that model, once. */
const adding = (model: string) => (current: ReleaseDocument) => ({
  next: { ...current, releases: [{ ...RELEASE, model }, ...current.releases] }, result: current.releases.length,
});

test('a document that is not there yet is empty, and reading makes none', async () => {
  const kube = new MemoryKube();
  expect(await documentIn(kube).read()).toEqual(EMPTY);
  expect(kube.all('ConfigMap')).toEqual([]);
});

test('the first change makes the ConfigMap with its labels, the next one keeps what else is in it', async () => {
  const kube = new MemoryKube();
  expect(await documentIn(kube).change(adding('a'))).toBe(0);
  kube.edit('ConfigMap', 'digits-releases', (map) => { map.data.note = 'keep'; });
  expect(await documentIn(kube).change(adding('b'))).toBe(1);
  const map = kube.find('ConfigMap', 'digits-releases')!;
  expect(map.metadata.labels).toEqual({ team: 'ml' });
  expect(map.data.note).toBe('keep');
  expect((await documentIn(kube).read()).releases.map(({ model }) => model)).toEqual(['b', 'a']);
});

test('a change that returns the same document writes nothing', async () => {
  const kube = new MemoryKube();
  expect(await documentIn(kube).change((current) => ({ next: current, result: 'seen' }))).toBe('seen');
  expect(kube.all('ConfigMap')).toEqual([]);
});

test('of many writers at once none is lost', async () => {
  const kube = new MemoryKube();
  const models = Array.from({ length: 20 }, (_, index) => `model-${index}`);
  await Promise.all(models.map((model) => documentIn(kube).change(adding(model))));
  expect((await documentIn(kube).read()).releases.map(({ model }) => model).sort()).toEqual([...models].sort());
});

test('a change whose answer was lost has happened', async () => {
  const kube = new MemoryKube();
  kube.failAt(2, 'after');
  await expect(documentIn(kube).change(adding('a'))).rejects.toThrow('connection lost');
  expect((await documentIn(kube).read()).releases).toHaveLength(1);
});

test('fails if others change it at every try', async () => {
  const kube = new MemoryKube();
  kube.onCall = ({ verb, when }) => {
    if (verb === 'create' && when === 'before') throw new MyelinError('MYELIN_KUBE_CONFLICT', { object: 'x' });
  };
  const failure = await documentIn(kube).change(adding('a')).catch((error: unknown) => error);
  expect(hasCode(failure, 'MYELIN_KUBE_CONTENDED')).toBe(true);
  expect((failure as Error).message).toBe("'ConfigMap digits-releases, releases.json' was changed by others at each of 60 tries, try again later");
}, 20_000);

test('an abort ends the tries', async () => {
  const kube = new MemoryKube();
  const stopping = new AbortController();
  kube.onCall = ({ verb, when, number }) => {
    if (number > 6) stopping.abort();
    if (verb === 'create' && when === 'before') throw new MyelinError('MYELIN_KUBE_CONFLICT', { object: 'x' });
  };
  await expect(documentIn(kube).change(adding('a'), stopping.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

test('fails if what is there is no such document, and if the change makes none', async () => {
  const kube = new MemoryKube();
  kube.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'digits-releases' }, data: { 'releases.json': '{' } } as never);
  await expect(documentIn(kube).read()).rejects.toMatchObject({ code: 'MYELIN_DOCUMENT_NOT_JSON' });
  const fresh = new MemoryKube();
  const wrong = documentIn(fresh).change((current) => ({ next: { ...current, axon: 'No' }, result: undefined }));
  await expect(wrong).rejects.toMatchObject({ code: 'MYELIN_DOCUMENT_INVALID' });
  expect(fresh.all('ConfigMap')).toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from '../../../src/pocket/api/server.js';
import { Tokens } from '../../../src/pocket/api/tokens.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { done, expected, recorded, type Differences } from './behaviours.js';

const NAMESPACE = 'myelin-behaviours';

interface Request {
  readonly name: string;
  readonly as?: string;
  /** What is sent as authorization by somebody whom nobody knows. */
  readonly header?: string;
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
}

interface Refusal {
  readonly name: string;
  readonly status: number;
  readonly reason?: string;
  readonly message?: string;
}

const words = (message: string) => ({ name, status, reason }: Refusal) => ({ name, status, reason, message });

const DIFFERENCES: Differences = {
  'another kind than the address says': {
    here: words('the object provided is unrecognized (must be of type ConfigMap, got v1, Secret)'), why: 'the words are types of Go',
  },
  'to replace another of that name': {
    here: words('Operation cannot be fulfilled on configmaps "there": the object has been modified; please apply your changes to the latest version and try again'),
    why: 'the words are keys of the store below; whoever reads it again finds out',
  },
  'a body that is no JSON': { here: words('the body is no JSON: Unexpected end of JSON input'), why: 'each parser has words of its own' },
  'a patch of a type that there is not': {
    here: words("a patch of type 'text/plain' is not supported by the laptop's cluster, send application/merge-patch+json"),
    why: 'the laptop takes fewer types, so it says which',
  },
  'a selector that is none': { here: words('unable to parse requirement: a b c'), why: 'each parser has words of its own' },
};

const { stands, requests } = done<{ stands: KubeObject[]; requests: Request[] }>('refusals');
const { refusals } = recorded<{ refusals: Refusal[] }>('refusals');
const log = { info: () => undefined, warn: () => undefined };
const answers = new Map<string, Refusal>();

/** Asks everything once, in the order of the record: a request finds what those before it left. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pocket-engines-'));
  const objects = ObjectStore.open(folder, log);
  const tokens = new Tokens();
  const api = await ApiServer.start({ objects, tokens, log, logs: { readLog: async function* () { /* no pod has said anything */ } } });
  for (const object of filled(stands, '')) objects.apply({ ...object, metadata: { ...object.metadata, namespace: NAMESPACE } });
  const there = { kind: 'ConfigMap', namespace: NAMESPACE, name: 'there' };
  const { resourceVersion } = objects.get(there)!.metadata;
  objects.update(there, (object) => ({ ...object, data: { a: '2' } }));
  for (const request of requests) answers.set(request.name, await ask(api.url, tokens, filled(request, resourceVersion!), resourceVersion!));
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

function filled<T>(value: T, version: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('NS', NAMESPACE).replaceAll('VERSION', version).replaceAll('LONG', 'a'.repeat(254))
    .replaceAll('MEGABYTE', 'x'.repeat(1024 * 1024 + 1))) as T;
}

async function ask(url: string, tokens: Tokens, { name, as, header, method, path, type, body }: Request, version: string): Promise<Refusal> {
  const token = as === undefined ? tokens.admin : tokens.issue(NAMESPACE, as);
  const answer = await fetch(url + path, {
    method,
    headers: { 'authorization': header ?? `Bearer ${token}`, 'content-type': type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json') },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status < 400) return { name, status: answer.status };
  const { reason, message } = text.startsWith('{') ? JSON.parse(text) as Refusal : { reason: undefined, message: text };
  return { name, status: answer.status, ...(reason !== undefined && { reason }), message: stable(message!, version) };
}

/** As the record has it. Versions are small numbers here, so only where one is told. */
function stable(message: string, version: string): string {
  return message.replace(`precondition (${version})`, 'precondition (VERSION)').replaceAll(NAMESPACE, 'NS').replace(/(?<=in record \()[^)]*/, 'ITS OWN');
}

test.each(refusals.map((refusal) => [refusal.name, refusal] as const))('the API answers %s as a cluster does', (name, refusal) => {
  expect(answers.get(name)).toEqual(expected(name, refusal, DIFFERENCES));
});

test('the record has an answer to every request', () => {
  expect(refusals.map(({ name }) => name)).toEqual(requests.map(({ name }) => name));
});

import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from '../../../src/pocket/api/server.js';
import { Tokens } from '../../../src/pocket/api/tokens.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { PodCluster, until } from '../pods/fixture.js';

let cluster: PodCluster;
let tokens: Tokens;
let api: ApiServer;
beforeEach(async () => {
  cluster = await new PodCluster('api').start();
  tokens = new Tokens();
  api = await ApiServer.start({ objects: cluster.objects, tokens, logs: cluster.pods, log: cluster.notes });
});
afterEach(async () => {
  await api.stop();
  await cluster.close();
});

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: Record<string, string> = {}, labels?: Record<string, string>): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data });

async function call(method: string, path: string, body?: unknown, { token = tokens.admin, type = 'application/json' } = {}) {
  const answer = await fetch(api.url + path, {
    method, headers: { 'authorization': `Bearer ${token}`, 'content-type': type }, ...body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  return { status: answer.status, body: await answer.json() as any };
}

test('an object is made, read, listed, replaced and removed at its Kubernetes address', async () => {
  const made = await call('POST', MAPS, map('a', { v: '1' }));
  expect(made).toMatchObject({ status: 201, body: { metadata: { name: 'a', namespace: 'default', uid: expect.any(String) } } });
  expect(await call('GET', `${MAPS}/a`)).toEqual({ status: 200, body: made.body });
  expect((await call('GET', MAPS)).body).toMatchObject({ kind: 'ConfigMapList', items: [made.body] });
  expect((await call('PUT', `${MAPS}/a`, { ...made.body, data: { v: '2' } })).body.data).toEqual({ v: '2' });
  expect((await call('DELETE', `${MAPS}/a`)).body).toMatchObject({ status: 'Success' });
  expect((await call('GET', `${MAPS}/a`))).toMatchObject({ status: 404, body: { kind: 'Status', reason: 'NotFound', message: 'configmaps "a" not found' } });
});

test('a second create and an old version are conflicts that programs can tell apart', async () => {
  const { body } = await call('POST', MAPS, map('a'));
  expect(await call('POST', MAPS, map('a'))).toMatchObject({ status: 409, body: { reason: 'AlreadyExists', message: 'configmaps "a" already exists' } });

  await call('PUT', `${MAPS}/a`, { ...body, data: { v: '2' } });
  expect(await call('PUT', `${MAPS}/a`, { ...body, data: { v: '3' } })).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
});

test('of writers that read the same version one wins', async () => {
  const { body } = await call('POST', MAPS, map('a', { v: '0' }));

  const answers = await Promise.all(Array.from({ length: 8 }, async (_, i) => call('PUT', `${MAPS}/a`, { ...body, data: { v: String(i + 1) } })));

  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(409)]);
});

test('a merge patch changes what it names, also of the status alone', async () => {
  await call('POST', MAPS, map('a', { v: '1', w: '2' }));
  const patch = { type: 'application/merge-patch+json' };

  expect((await call('PATCH', `${MAPS}/a`, { data: { v: null, x: '3' } }, patch)).body.data).toEqual({ w: '2', x: '3' });
  expect((await call('PATCH', `${MAPS}/a/status`, { data: { x: '4' }, status: { fine: true } }, patch)).body).toMatchObject({ data: { x: '3' }, status: { fine: true } });
  expect(await call('PATCH', `${MAPS}/a`, {}, { type: 'application/strategic-merge-patch+json' })).toMatchObject({ status: 415 });
});

test('lists are by labels, by name and over all namespaces', async () => {
  await call('POST', MAPS, map('a', {}, { app: 'x', tier: '1' }));
  await call('POST', MAPS, map('b', {}, { app: 'y' }));
  await call('POST', '/api/v1/namespaces/other/configmaps', map('c', {}, { app: 'x' }));
  const names = async (path: string) => (await call('GET', path)).body.items.map(({ metadata }: KubeObject) => metadata.name);

  expect(await names(`${MAPS}?labelSelector=app%3Dx`)).toEqual(['a']);
  expect(await names(`${MAPS}?labelSelector=${encodeURIComponent('app in (x, y),!tier')}`)).toEqual(['b']);
  expect(await names(`${MAPS}?labelSelector=${encodeURIComponent('app!=x')}`)).toEqual(['b']);
  expect(await names(`${MAPS}?fieldSelector=metadata.name%3Db`)).toEqual(['b']);
  expect(await names('/api/v1/configmaps?labelSelector=app%3Dx')).toEqual(['a', 'c']);
  expect(await call('GET', `${MAPS}?fieldSelector=spec.x%3Db`)).toMatchObject({ status: 400 });
});

test('a watch tells what is there and each change after, and goes on from a version', async () => {
  await call('POST', MAPS, map('there'));
  const lines = watch(`${MAPS}?watch=true`);
  await until('the first line', () => lines.seen.length === 1);

  const { body } = await call('POST', MAPS, map('a', { v: '1' }));
  await until('the second line', () => lines.seen.length === 2);
  await call('PUT', `${MAPS}/a`, map('a', { v: '2' }));
  await until('the third line', () => lines.seen.length === 3);
  await call('DELETE', `${MAPS}/a`);
  await until('the fourth line', () => lines.seen.length === 4);
  expect(lines.seen).toEqual(['ADDED there', 'ADDED a', 'MODIFIED a', 'DELETED a']);
  lines.end();

  const late = watch(`${MAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
  await until('the refusal', () => late.seen.length === 1);
  expect(late.seen).toEqual(['ERROR Expired']);

  const { body: list } = await call('GET', MAPS);
  const again = watch(`${MAPS}?watch=true&resourceVersion=${list.metadata.resourceVersion}`);
  await call('PUT', `${MAPS}/there`, map('there', { v: '9' }));
  await until('the change', () => again.seen.length === 1);
  expect(again.seen).toEqual(['MODIFIED there']);
  again.end();
});

test('without a token nobody is let in, and an account only as far as its Role goes', async () => {
  await call('POST', MAPS, map('ledger'));
  expect(await call('GET', MAPS, undefined, { token: 'wrong' })).toMatchObject({ status: 401, body: { reason: 'Unauthorized' } });
  const nobody = await fetch(`${api.url}${MAPS}`);
  expect([nobody.status, (await nobody.json() as { message: string }).message]).toEqual([403, expect.stringContaining('User "system:anonymous" cannot list')]);
  expect([(await fetch(`${api.url}/apis`)).status, (await fetch(`${api.url}/version`)).status]).toEqual([403, 200]);
  const token = tokens.issue('default', 'gate');
  expect(tokens.issue('default', 'gate')).toBe(token);
  const refused = await call('GET', `${MAPS}/ledger`, undefined, { token });
  expect(refused).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  expect(refused.body.message).toContain('User "system:serviceaccount:default:gate" cannot get resource "configmaps"');

  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'gate' } };
  cluster.objects.apply({ ...rbac, kind: 'Role', rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['ledger'], verbs: ['get'] }] });
  cluster.objects.apply({ ...rbac, kind: 'RoleBinding', roleRef: { kind: 'Role', name: 'gate' }, subjects: [{ kind: 'ServiceAccount', name: 'gate', namespace: 'default' }] });

  expect(await call('GET', `${MAPS}/ledger`, undefined, { token })).toMatchObject({ status: 200 });
  expect(await call('GET', MAPS, undefined, { token })).toMatchObject({ status: 403 });
  expect(await call('PUT', `${MAPS}/ledger`, map('ledger'), { token })).toMatchObject({ status: 403 });
});

test.each<[string, string, string, unknown, number]>([
  ['an address that nobody serves', 'GET', '/apis/apps/v1/namespaces/default/statefulsets', undefined, 404],
  ['another version', 'GET', '/apis/apps/v1beta1/namespaces/default/deployments', undefined, 404],
  ['a body that is no JSON', 'POST', MAPS, '{"half":', 400],
  ['an object of another kind', 'POST', MAPS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }, 400],
  ['a name that differs from the address', 'PUT', `${MAPS}/a`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }, 400],
  ['a name that no cluster takes', 'POST', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'No Name' } }, 422],
  ['a replacement of nothing', 'PUT', `${MAPS}/a`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, 404],
  ['a dry run', 'POST', `${MAPS}?dryRun=All`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, 400],
  ['a body beyond what a cluster takes', 'POST', MAPS, 'x'.repeat(3 * 1024 * 1024 + 1), 413],
  ['an escape that is none', 'GET', `${MAPS}/%ZZ`, undefined, 404],
])('fails if it is %s', async (_, method, path, body, status) => {
  expect(await call(method, path, body)).toMatchObject({ status, body: { kind: 'Status', status: 'Failure', code: status } });
});

test('logs are read from the end and followed to the end', async () => {
  cluster.script('talker', 'echo 1; echo 2; echo 3; until [ -e /work/go ]; do sleep 0.02; done; echo 4', { volumes: [{ name: 'work', emptyDir: {} }] }, {
    volumeMounts: [{ name: 'work', mountPath: '/work' }],
  });
  const pod = await cluster.phase('talker', 'Running');
  await until('three lines', async () => (await cluster.log('talker')) === '1\n2\n3\n');
  const log = async (query: string) => (await fetch(`${api.url}/api/v1/namespaces/default/pods/talker/log?${query}`, { headers: { authorization: `Bearer ${tokens.admin}` } })).text();
  expect(await log('tailLines=2')).toBe('2\n3\n');

  const followed = log('follow=true&container=main');
  await delay(50);
  (await import('node:fs')).writeFileSync(cluster.pods.hostPath(pod, '/work/go'), '');

  expect(await followed).toBe('1\n2\n3\n4\n');
  expect(await log('container=other')).toContain('container other is not valid for pod talker');
});

test('what kubectl asks to know the kinds is answered', async () => {
  expect((await call('GET', '/apis')).body.groups.map(({ name }: { name: string }) => name)).toContain('argoproj.io');
  expect((await call('GET', '/apis/apps/v1')).body.resources).toContainEqual(expect.objectContaining({ name: 'deployments', kind: 'Deployment', namespaced: true }));
});

test('a server that stops ends its watches', async () => {
  const lines = watch(`${MAPS}?watch=true`);
  await until('the watch', () => lines.open);

  await api.stop();

  await lines.ended;
});

function watch(path: string) {
  const ending = new AbortController();
  const state = { seen: [] as string[], open: false, end: () => ending.abort(), ended: Promise.resolve() };
  state.ended = (async () => {
    const answer = await fetch(api.url + path, { headers: { authorization: `Bearer ${tokens.admin}` }, signal: ending.signal });
    state.open = true;
    let rest = '';
    for await (const piece of answer.body!) {
      const lines = (rest + Buffer.from(piece).toString()).split('\n');
      rest = lines.pop()!;
      for (const { type, object } of lines.map((line) => JSON.parse(line))) state.seen.push(`${type} ${object.metadata?.name ?? object.reason}`);
    }
  })().catch(() => undefined);
  return state;
}

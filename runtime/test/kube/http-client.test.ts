import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS, type KubeObject } from '../../src/kube/client.js';
import { Connection } from '../../src/kube/connection.js';
import { HttpKubeClient, httpKubeClient } from '../../src/kube/http-client.js';
import { ApiServer, failure } from './api-server.js';
import { AUTHORITY } from './authority.js';

let api: ApiServer;
beforeEach(async () => { api = await ApiServer.start(); });
afterEach(() => api.stop());

const connection = (timeout?: number) => Connection.of({ MYELIN_KUBE_API: api.url, MYELIN_KUBE_TOKEN: 'secret' }, timeout);
/** A client that waits little between its tries. */
const client = (timeout?: number) => new HttpKubeClient(connection(timeout), 'ml', [1, 1]);
const note: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: '7' } };

test('kinds of the core and of groups have their addresses, and the token goes with each request', async () => {
  await client().get(KINDS.ConfigMap, 'a');
  await client().get(KINDS.VirtualService, 'b');
  expect(api.asked.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    'GET /api/v1/namespaces/ml/configmaps/a', 'GET /apis/networking.istio.io/v1/namespaces/ml/virtualservices/b',
  ]);
  expect(api.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
});

test('an object that is not there is undefined', async () => {
  api.reply = () => failure(404, 'NotFound', 'configmaps "a" not found');
  expect(await client().get(KINDS.ConfigMap, 'a')).toBeUndefined();
});

test('a list asks for labels, reads page by page, and its items say what they are', async () => {
  api.reply = ({ url }) => (url.searchParams.get('continue') === null
    ? { status: 200, body: { metadata: { continue: 'more/=' }, items: [{ metadata: { name: 'a' } }] } }
    : { status: 200, body: { metadata: {}, items: [{ metadata: { name: 'b' } }] } });
  expect(await client().list(KINDS.Job, { app: 'digits', tier: 'x' })).toEqual([
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } }, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'b' } },
  ]);
  expect(api.asked.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
    { labelSelector: 'app=digits,tier=x', limit: '500' }, { labelSelector: 'app=digits,tier=x', limit: '500', continue: 'more/=' },
  ]);
});

test('a list whose place has expired is read anew at once', async () => {
  api.reply = ({ url }) => {
    if (url.searchParams.has('continue')) return failure(410, 'Expired', 'too old');
    return { status: 200, body: { metadata: url.searchParams.has('limit') ? { continue: 'x' } : {}, items: [{ metadata: { name: 'a' } }] } };
  };
  expect(await client().list(KINDS.Job)).toHaveLength(1);
  expect(api.asked).toHaveLength(3);
});

test('writes send the object, a removal takes what is owned in the background', async () => {
  api.reply = ({ body }) => ({ status: 200, body });
  expect(await client().create(KINDS.ConfigMap, note)).toEqual(note);
  expect(await client().replace(KINDS.ConfigMap, note)).toEqual(note);
  await client().remove(KINDS.ConfigMap, 'a');
  expect(api.asked.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
    'POST /api/v1/namespaces/ml/configmaps', 'PUT /api/v1/namespaces/ml/configmaps/a', 'DELETE /api/v1/namespaces/ml/configmaps/a?propagationPolicy=Background',
  ]);
});

test('removing what is not there is fine', async () => {
  api.reply = () => failure(404, 'NotFound', 'gone');
  await client().remove(KINDS.ConfigMap, 'a');
});

test('connections are used again', async () => {
  const one = client();
  for (let i = 0; i < 3; i++) await one.get(KINDS.ConfigMap, 'a');
  expect(api.connections).toBe(1);
});

describe('errors have codes', () => {
  test.each([
    ['create', 409, 'AlreadyExists', 'MYELIN_KUBE_EXISTS', "'ConfigMap ml/a' exists already, replace it or leave it"],
    ['create', 409, 'Conflict', 'MYELIN_KUBE_REFUSED', "'ConfigMap ml/a' (create) was answered with 409, try again later: the reason"],
    ['replace', 409, 'Conflict', 'MYELIN_KUBE_CONFLICT', "'ConfigMap ml/a' was changed since it was read, read it again and repeat the change"],
    ['replace', 404, 'NotFound', 'MYELIN_KUBE_CONFLICT', "'ConfigMap ml/a' was changed since it was read, read it again and repeat the change"],
    ['replace', 403, 'Forbidden', 'MYELIN_KUBE_FORBIDDEN',
      "'ConfigMap ml/a' (replace) must be allowed to this program's service account, apply the Role that was synthesised: the reason"],
    ['create', 422, 'Invalid', 'MYELIN_KUBE_INVALID',
      "'ConfigMap ml/a' (create) was refused by the API server as invalid (422), correct what it names: the reason"],
    ['create', 500, 'InternalError', 'MYELIN_KUBE_REFUSED', "'ConfigMap ml/a' (create) was answered with 500, try again later: the reason"],
  ] as const)('fails if a %s is answered with %i %s', async (verb, status, reason, code, message) => {
    api.reply = () => failure(status, reason, 'the reason');
    await expect(client()[verb](KINDS.ConfigMap, note)).rejects.toMatchObject({ code, message });
    expect(api.asked).toHaveLength(1);
  });

  test('fails if an answer is no JSON', async () => {
    api.reply = () => ({ status: 200, text: '<html>' });
    await expect(client().list(KINDS.Pod)).rejects.toThrow("'Pod ml' (list) was answered with 200, try again later: no JSON: <html>");
  });

  test('fails if an error is told by something that is no API server', async () => {
    api.reply = () => ({ status: 407, text: 'proxy says no' });
    await expect(client().get(KINDS.Pod, 'a')).rejects.toThrow("'Pod ml/a' (get) was answered with 407, try again later: proxy says no");
  });

  test('fails if a replacement names no resourceVersion, before it is sent', async () => {
    const read = { ...note, metadata: { name: 'a' } };
    await expect(client().replace(KINDS.ConfigMap, read)).rejects.toMatchObject({ code: 'MYELIN_KUBE_VERSION_MISSING' });
    expect(api.asked).toEqual([]);
  });
});

describe('what fails in passing', () => {
  test.each([['a lost connection', 'drop' as const], ['an overloaded server', failure(503, 'ServiceUnavailable', 'busy')]])('a read is tried again after %s', async (_, bad) => {
    api.reply = () => (api.asked.length < 3 ? bad : { status: 200, body: note });
    expect(await client().get(KINDS.ConfigMap, 'a')).toEqual(note);
    expect(api.asked).toHaveLength(3);
  });

  test('a read gives up after its tries', async () => {
    api.reply = () => 'drop';
    await expect(client().get(KINDS.ConfigMap, 'a')).rejects.toMatchObject({ code: 'MYELIN_KUBE_UNREACHABLE', permanent: false });
    expect(api.asked).toHaveLength(3);
  });

  test('a write whose connection is lost is never sent again', async () => {
    api.reply = () => 'drop';
    await expect(client().create(KINDS.ConfigMap, note)).rejects.toThrow(`'ConfigMap ml/a' (create) got no answer from 127.0.0.1:${api.port}, try again later: `);
    expect(api.asked).toHaveLength(1);
  });

  test('a server that says nothing is given up after the timeout', async () => {
    api.reply = () => 'hang';
    await expect(client(50).replace(KINDS.ConfigMap, note)).rejects.toMatchObject({ code: 'MYELIN_KUBE_UNREACHABLE' });
  });

  test('fails if nobody listens', async () => {
    const one = client();
    await api.stop();
    await expect(one.get(KINDS.ConfigMap, 'a')).rejects.toThrow(/ECONNREFUSED/);
    api = await ApiServer.start();
  });
});

test('in a pod the token is read for each request and the server must show the cluster\'s certificate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'myelin-kube-'));
  const secure = await ApiServer.start(true);
  const env = {
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(secure.port),
    MYELIN_MOUNTS: JSON.stringify({ '/var/run/secrets/kubernetes.io/serviceaccount': folder }),
  };
  try {
    await writeFile(join(folder, 'ca.crt'), AUTHORITY.cert);
    await writeFile(join(folder, 'token'), 'first\n');
    const inside = httpKubeClient(env, 'ml');
    await inside.get(KINDS.ConfigMap, 'a');
    await writeFile(join(folder, 'token'), 'second\n');
    await inside.get(KINDS.ConfigMap, 'a');
    expect(secure.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    await writeFile(join(folder, 'ca.crt'), '');
    await expect(httpKubeClient(env, 'ml').create(KINDS.ConfigMap, note)).rejects.toMatchObject({ code: 'MYELIN_KUBE_UNREACHABLE' });
    expect(secure.asked).toHaveLength(2);
  } finally {
    await secure.stop();
    await rm(folder, { recursive: true });
  }
});

test('fails if the environment names no API server', () => {
  expect(() => httpKubeClient({}, 'ml')).toThrow("'KUBERNETES_SERVICE_HOST' (absent) or 'MYELIN_KUBE_API' must name an API server");
});

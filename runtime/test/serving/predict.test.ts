import { METRIC_DECLARATIONS } from '../../src/contract/names.js';
import { ModelPod, VERSION } from './model-pod.js';

const CODE = `
class Model:
    class_names = ["sum", "names"]

    def predict(self, X, feature_names):
        print("what a class prints does not get between frames", flush=True)
        if isinstance(X, str):
            return X.upper()
        if isinstance(X, bytes):
            return X[::-1]
        if isinstance(X, dict):
            return {"got": X}
        rows = X.tolist() if hasattr(X, "tolist") else X
        return [[sum(row), len(feature_names)] for row in rows]

    def tags(self):
        return {"network": "64-10"}

    def metrics(self):
        return [{"key": "rows", "type": "GAUGE", "value": 1.5}]
`;

let pod: ModelPod;
beforeAll(async () => { pod = await (await ModelPod.start({ code: CODE, env: { MYELIN_MAX_BODY_BYTES: '5000' } })).ready(); });
afterAll(() => pod.stop());

test('an answer carries its data, its id and version, and the tags and metrics of the class', async () => {
  const { status, headers, body } = await pod.predict([[1, 2], [3, 4]]);
  expect(status).toBe(200);
  expect(body).toEqual({
    data: { names: ['sum', 'names'], ndarray: [[3, 0], [7, 0]] },
    meta: {
      id: expect.stringMatching(new RegExp(`^${VERSION}\\.[A-Za-z0-9_-]{22}$`)),
      version: VERSION,
      tags: { network: '64-10' },
      metrics: [{ key: 'rows', type: 'GAUGE', value: 1.5 }],
    },
  });
  expect([headers.get('x-myelin-version'), headers.get('x-myelin-prediction-id')]).toEqual([VERSION, body.meta.id]);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
});

test('no two predictions have one id', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, async () => (await pod.predict([[1]])).body.meta.id));
  expect(new Set(ids).size).toBe(20);
});

test.each([
  ['a tensor', { data: { names: ['a', 'b'], tensor: { shape: [2, 2], values: [1, 2, 3, 4] } } },
    { data: { names: ['sum', 'names'], tensor: { shape: [2, 2], values: [3, 2, 7, 2] } } }],
  ['text', { strData: 'seven' }, { strData: 'SEVEN' }],
  ['JSON', { jsonData: { pixels: [1] } }, { jsonData: { got: { pixels: [1] } } }],
  ['bytes', { binData: 'AQI=' }, { binData: 'AgE=' }],
])('%s is answered in its own form', async (_, message, answer) => {
  const { body } = await pod.post('/predict', message);
  expect({ ...body, meta: undefined }).toEqual(answer);
});

describe('a message may come', () => {
  const message = JSON.stringify({ data: { ndarray: [[5, 6]] } });
  const form = new FormData();
  form.set('json', message);

  test.each<[string, string, RequestInit]>([
    ['as a form', '/predict', { method: 'POST', body: new URLSearchParams({ json: message }) }],
    ['as a multipart form', '/predict', { method: 'POST', body: form }],
    ['in the query', `/predict?json=${encodeURIComponent(message)}`, { method: 'POST' }],
    ['in the query of a GET', `/predict?json=${encodeURIComponent(message)}`, {}],
    ['as JSON that curl -d calls a form', '/predict', { method: 'POST', body: `\n ${message}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['as JSON of no declared type', '/predict', { method: 'POST', body: Buffer.from(message) }],
  ])('%s', async (_, path, init) => {
    const response = await fetch(pod.url + path, init);
    expect(await response.json()).toMatchObject({ data: { ndarray: [[11, 0]] } });
  });
});

test.each<[string, string, number, string, RegExp]>([
  ['no JSON', '{"data":', 400, 'MYELIN_REQUEST_NOT_JSON', /^'body' \("\{\\"data\\":"\) must be a JSON message/],
  ['nothing', '', 400, 'MYELIN_REQUEST_NOT_JSON', /^'body' \(absent\) must be/],
  ['no data', '{"rows": [[1]]}', 422, 'MYELIN_REQUEST_WITHOUT_DATA', /must have 'data.ndarray', 'data.tensor'/],
  ['a list', '[[1]]', 422, 'MYELIN_REQUEST_WITHOUT_DATA', /^'body' \(\[\[1\]\]\) must have/],
  ['a tensor that does not fit', '{"data":{"tensor":{"shape":[2,2],"values":[1]}}}', 422, 'MYELIN_REQUEST_UNREADABLE',
    /^'data.tensor.shape' \(\[2, 2\]\) must fit the 1 values/],
  ['no base64', '{"binData": "?"}', 422, 'MYELIN_REQUEST_UNREADABLE', /^'binData' \(str '\?'\) must be base64/],
  ['more than is taken', JSON.stringify({ strData: 'x'.repeat(6000) }), 413, 'MYELIN_REQUEST_TOO_LARGE', /must not be longer than 5000 bytes/],
])('fails if the body is %s', async (_, body, status, code, message) => {
  const reply = await pod.post('/predict', body);
  expect([reply.status, reply.body.error.code]).toEqual([status, code]);
  expect(reply.body.error.message).toMatch(message);
  expect(reply.headers.get('x-myelin-version')).toBe(VERSION);
});

test('fails if the body is not UTF-8', async () => {
  const { status, body } = await pod.post('/predict', '', { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) });
  expect([status, body.error.message]).toEqual([400, expect.stringMatching(/^'body' \(not UTF-8\)/)]);
});

test('fails if there is no such route, naming those that are', async () => {
  const { status, body } = await pod.post('/predicts?x=1', {});
  expect([status, body.error]).toEqual([404, { code: 'MYELIN_ROUTE_UNKNOWN', message: expect.stringMatching(/^'POST \/predicts' is no route of a model, use POST \/predict/) }]);
});

test('health is told once a worker has loaded the class', async () => {
  const response = await fetch(`${pod.url}/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }]);
});

test('metrics are those of the contract and begin at zero, and failures are counted by code', async () => {
  const fresh = await (await ModelPod.start({ code: CODE })).ready();
  try {
    const text = await (await fetch(`http://127.0.0.1:${fresh.service.metricsPort}/metrics`)).text();
    const declared = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => ({ name, type }));
    expect(declared).toEqual(METRIC_DECLARATIONS.map(({ name, type }) => ({ name, type })));
    expect(text).toContain(`myelin_feedback_total{axon="digits",model="model",version="${VERSION}"} 0`);
    expect(text).toContain('myelin_prediction_seconds_bucket{le="0.001",');
    expect(text).not.toMatch(/_errors_total\{/);

    await fresh.predict([[1]]);
    await fresh.post('/predict', '{}');
    expect(await fresh.metrics()).toMatchObject({
      'myelin_predictions_total': 1, 'myelin_prediction_errors_total{MYELIN_REQUEST_WITHOUT_DATA}': 1, 'myelin_prediction_seconds_count': 1, 'myelin_predictions_in_flight': 0,
    });
  } finally {
    await fresh.stop();
  }
});

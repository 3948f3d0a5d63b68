import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serverName } from '../../src/release/plan/names.js';
import { serviceFetch } from '../../src/shared/service-fetch.js';
import { sha256 } from '../../src/shared/sha256.js';
import { ModelPod, until, VERSION } from './model-pod.js';

const CODE = `
class Model:
    class_names = ["digit"]
    taught = []

    def predict(self, X, feature_names):
        if isinstance(X, str):
            return {"taught": self.taught}
        rows = X.tolist() if hasattr(X, "tolist") else X
        return [[sum(row)] for row in rows]

    def send_feedback(self, features, feature_names, reward, truth):
        rows, truth = (value.tolist() if hasattr(value, "tolist") else value for value in (features, truth))
        if reward == 13:
            raise ValueError("unlucky")
        self.taught.append([rows, feature_names, reward, truth])
`;

const OTHER = 'aaaaaaaaaa';
const pods: ModelPod[] = [];
async function start(options: Parameters<typeof ModelPod.start>[0] = {}): Promise<ModelPod> {
  const pod = await ModelPod.start({ code: CODE, ...options });
  pods.push(pod);
  return pod.ready();
}
const truth = (value: unknown) => ({ data: { ndarray: value } });
const taught = async (pod: ModelPod) => (await pod.post('/predict', { strData: '?' })).body.jsonData.taught;
afterEach(async () => { for (const pod of pods.splice(0).reverse()) await pod.stop(); });

test('a truth is counted once, whether it was right, and handed to the class with its request', async () => {
  const pod = await start();
  const { body } = await pod.post('/predict', { data: { names: ['a', 'b'], ndarray: [[3, 4]] } });
  const { id } = body.meta;

  const first = await pod.feedback({ id, truth: truth([[7]]) });
  const second = await pod.feedback({ id, truth: truth([[8]]) });

  expect([first.status, first.body]).toEqual([200, { id, matched: true, counted: true, correct: true }]);
  expect([second.status, second.body]).toEqual([200, { id, matched: true, counted: false, correct: false, message: 'known already' }]);
  expect(await taught(pod)).toEqual([[[[3, 4]], ['a', 'b'], null, [[7]]]]);
  expect(await pod.metrics()).toMatchObject({ myelin_feedback_total: 1, myelin_feedback_correct_total: 1, myelin_feedback_unmatched_total: 0 });
});

test('the same truth from many clients at once is counted once', async () => {
  const pod = await start({ capture: {} });
  const { id } = (await pod.predict([[1, 1]])).body.meta;
  const replies = await Promise.all(Array.from({ length: 10 }, () => pod.feedback({ id, truth: 2, reward: 1 })));
  expect(replies.filter(({ body }) => body.counted)).toHaveLength(1);
  expect(await pod.metrics()).toMatchObject({ myelin_feedback_total: 1, myelin_feedback_reward_total: 1, myelin_feedback_reward: 1 });
});

test('a reward may come apart from the truth, and a reward of 0 counts', async () => {
  const pod = await start();
  const { id } = (await pod.predict([[1, 1]])).body.meta;
  await pod.feedback({ id, reward: 0 });
  await pod.feedback({ id, reward: 5 });
  await pod.feedback({ id, truth: 3 });
  expect(await pod.metrics()).toMatchObject({
    myelin_feedback_reward_total: 1, myelin_feedback_reward: 0, myelin_feedback_total: 1, myelin_feedback_correct_total: 0,
  });
});

test("the original's form finds the prediction by its request, written as ndarray or tensor", async () => {
  const pod = await start();
  await pod.predict([[2, 3]]);
  const { status, body } = await pod.feedback({ request: { data: { tensor: { shape: [1, 2], values: [2, 3] } } }, truth: truth([[5]]), reward: 1 });
  expect([status, body.correct]).toEqual([200, true]);
});

test("the original's form with the response finds the prediction by the id in it", async () => {
  const pod = await start();
  const response = (await pod.predict([[2, 3]])).body;
  const { body } = await pod.feedback({ request: truth([[9, 9]]), response, truth: truth([[4]]) });
  expect(body).toMatchObject({ id: response.meta.id, correct: false });
});

test('a class that fails on feedback changes nothing for the caller', async () => {
  const pod = await start();
  const { id } = (await pod.predict([[1, 1]])).body.meta;
  expect((await pod.feedback({ id, reward: 13 })).status).toBe(200);
  expect(pod.logs.join('')).toContain('ValueError: unlucky');
  expect(await pod.metrics()).toMatchObject({ myelin_feedback_reward: 13 });
});

test('a truth of another form than the answer is not counted, and a better one may follow', async () => {
  const pod = await start();
  const { id } = (await pod.predict([[1, 1]])).body.meta;
  const odd = await pod.feedback({ id, truth: truth([[1], [2], [3]]) });
  expect([odd.status, odd.body]).toEqual([200, {
    id, matched: true, counted: false, message: 'the truth has another form than the answer and was not compared',
  }]);
  expect((await pod.feedback({ id, truth: truth([[2]]) })).body).toMatchObject({ counted: true, correct: true });
});

test('feedback on an unknown prediction is kept and counted as unmatched', async () => {
  const pod = await start({ capture: {} });
  const id = `${VERSION}.unknown`;
  const { status, body } = await pod.feedback({ id, truth: 5 });
  expect([status, body]).toEqual([202, { id, matched: false, counted: false, message: 'the prediction is unknown or too old, the feedback was not counted' }]);
  expect(await pod.metrics()).toMatchObject({ myelin_feedback_unmatched_total: 1, myelin_feedback_total: 0 });
  await until(() => pod.captured().length > 0);
  expect(pod.captured()).toMatchObject([{ id, version: VERSION, truth: 5 }]);
});

test('feedback that brings a request which nobody asked is kept as a record of its own, once', async () => {
  const pod = await start({ capture: {} });
  const request = truth([[6, 6]]);
  for (let time = 0; time < 2; time++) expect((await pod.feedback({ request, truth: truth([[12]]) })).status).toBe(202);
  await until(() => pod.captured().length === 2);
  const [first, second] = pod.captured();
  expect(first).toMatchObject({ id: second.id, request, truth: truth([[12]]) });
});

test.each<[string, unknown, string]>([
  ['neither truth nor reward', { id: `${VERSION}.a` }, 'MYELIN_FEEDBACK_EMPTY'],
  ['no object', [1], 'MYELIN_FEEDBACK_EMPTY'],
  ['no prediction', { truth: 1 }, 'MYELIN_FEEDBACK_WITHOUT_PREDICTION'],
  ['an id of no prediction', { id: '../../x', truth: 1 }, 'MYELIN_FEEDBACK_ID_INVALID'],
  ['a reward that is no number', { id: `${VERSION}.a`, reward: '1' }, 'MYELIN_FEEDBACK_REWARD_INVALID'],
])('fails if the feedback has %s', async (_, body, code) => {
  const pod = await ModelPod.start({ worker: false });
  pods.push(pod);
  const reply = await pod.feedback(body);
  expect([reply.status, reply.body.error.code]).toEqual([422, code]);
});

test('feedback on another version is passed on to its server, and no further', async () => {
  const hosts: string[] = [];
  // Stands for every Service of the cluster.
  const proxy = createServer((request, response) => {
    hosts.push(String(request.headers['x-forwarded-host']));
    void fetch(`${newer.url}${request.url}`, {
      method: 'POST', headers: request.headers as Record<string, string>, body: request as unknown as ReadableStream, duplex: 'half',
    } as RequestInit).then(async (reply) => response.writeHead(reply.status).end(await reply.text()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const services = serviceFetch({ MYELIN_SERVICE_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  const newer = await start({ server: { version: OTHER }, fetch: services });
  const older = await ModelPod.start({ fetch: services, worker: false });
  pods.push(older);
  const { id } = (await newer.predict([[1, 1]])).body.meta;

  const { status, body } = await older.feedback({ id, truth: 2 });
  const unknown = await older.feedback({ id: 'bbbbbbbbbb.x', truth: 2 });

  proxy.close();
  expect([status, body]).toEqual([200, { id, matched: true, counted: true, correct: true }]);
  expect(await newer.metrics()).toMatchObject({ myelin_feedback_correct_total: 1 });
  // The proxy gives everything to the newer one, which is not asked to look further.
  expect([unknown.status, unknown.body.message]).toEqual([202, 'version bbbbbbbbbb cannot be reached, the feedback was not counted']);
  const server = { model: 'model', node: 'digits', backend: 'digits' };
  expect(hosts).toEqual([OTHER, 'bbbbbbbbbb'].map((version) => `${serverName('digits', version, server, sha256)}.default.svc:5000`));
});

test('feedback on a version that cannot be reached is kept', async () => {
  const pod = await ModelPod.start({ worker: false, capture: {}, fetch: () => Promise.reject(new TypeError('fetch failed')) });
  pods.push(pod);
  const { status, body } = await pod.feedback({ id: `${OTHER}.x`, truth: 2 });
  expect([status, body.message]).toEqual([202, `version ${OTHER} cannot be reached, the feedback was not counted`]);
  await until(() => pod.captured().length === 1);
  expect(pod.captured()).toMatchObject([{ id: `${OTHER}.x`, version: OTHER, truth: 2 }]);
});

test('a prediction is known to other replicas and after a restart by its captured record, and counted once among all', async () => {
  const first = await start({ capture: {} });
  const { id } = (await first.predict([[4, 4]])).body.meta;
  const second = await start({ capture: {}, folder: first.folder });

  // At once: the record may not have reached its segment.
  expect((await second.feedback({ id, truth: 8 })).body).toMatchObject({ counted: true, correct: true });
  expect(await taught(second)).toEqual([[[[4, 4]], [], null, 8]]);
  await until(() => second.captured().some((line) => line.truth === 8));
  await until(async () => (await first.feedback({ id, truth: 8 })).body.message === 'known already');

  expect((await first.metrics()).myelin_feedback_total + (await second.metrics()).myelin_feedback_total).toBe(1);
});

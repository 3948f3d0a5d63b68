import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from '../../../src/contract/read.js';
import { REPOSITORY } from '../../fixtures.js';
import { ModelPod, until, VERSION } from '../model-pod.js';

const CODE = `
class Model:
    def predict(self, X, feature_names):
        rows = X.tolist() if hasattr(X, "tolist") else X
        return [[len(rows)]]
`;

const pods: ModelPod[] = [];
async function start(options: Parameters<typeof ModelPod.start>[0] = {}): Promise<ModelPod> {
  const pod = await ModelPod.start({ code: CODE, capture: {}, ...options });
  pods.push(pod);
  return pod.ready();
}
afterEach(async () => { for (const pod of pods.splice(0).reverse()) await pod.stop(); });

test('requests, answers and truths become records of the contract, which the Python client trains on', async () => {
  const pod = await start();
  const { id } = (await pod.post('/predict', { data: { names: ['a', 'b'], ndarray: [[1, 2]] } })).body.meta;
  await pod.feedback({ id, truth: { data: { ndarray: [[1]] } }, reward: 0.5 });
  await pod.predict([[3, 4]]);
  await until(() => pod.captured().length === 3);

  for (const line of pod.captured()) checkDocument('capture', line, 'line');
  expect(pod.captured()[0]).toEqual({
    id,
    version: VERSION,
    at: expect.stringMatching(/^20.*Z$/),
    request: { data: { names: ['a', 'b'], ndarray: [[1, 2]] } },
    answer: { data: { ndarray: [[1]] } },
  });
  const code = 'import json; from myelin import feedback; print(json.dumps([vars(f) for f in feedback.load()] + [feedback.load_xy()]))';
  const env = { ...process.env, PYTHONPATH: join(REPOSITORY, 'python/src'), FEEDBACK_PATH: join(pod.folder, 'store/feedback') };
  const loaded = JSON.parse(execFileSync('python3', ['-c', code], { env, encoding: 'utf8' }));
  expect(loaded).toHaveLength(3);
  const message = { data: { ndarray: [[1]] } };
  expect(loaded.find((one: any) => one.id === id)).toMatchObject({ truth: message, reward: 0.5, answer: message });
  expect(loaded[2]).toEqual([[[1, 2]], [1]]);
  expect(await pod.metrics()).toMatchObject({ myelin_capture_records_total: 3 });
});

test('dropped fields are in no record', async () => {
  const pod = await start({ capture: { dropFields: ['secret', 'customer.name'] } });
  await pod.post('/predict', { data: { names: ['a', 'secret'], ndarray: [[1, 42]] } });
  await pod.post('/predict', { jsonData: { customer: { name: 'Ada', age: 36 }, rows: [1] } });
  await until(() => pod.captured().length === 2);
  expect(pod.captured().map(({ request }) => request)).toEqual([{ data: { names: ['a'], ndarray: [[1]] } }, { jsonData: { customer: { age: 36 }, rows: [1] } }]);
});

test('of a sample, truths are kept for the very predictions that are', async () => {
  const pod = await start({ capture: { rate: 0.5 } });
  const ids = await Promise.all(Array.from({ length: 40 }, async () => (await pod.predict([[1]])).body.meta.id));
  await Promise.all(ids.map((id) => pod.feedback({ id, truth: 1 })));
  pod.terminate();
  await pod.running;
  const [asked, told] = ['request', 'truth'].map((key) => pod.captured().filter((line) => key in line).map((line) => line.id).sort());
  expect(told).toEqual(asked);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThan(35);
});

test('a capture that cannot be written loses records, which are counted, and no prediction', async () => {
  const pod = await start();
  // A file where the folder should be: even root cannot write there.
  writeFileSync(join(pod.folder, 'store/feedback'), '');
  expect((await pod.predict([[1]])).status).toBe(200);
  await until(async () => Object.keys(await pod.metrics()).some((name) => name.startsWith('myelin_capture_dropped_total{')));
  expect(await pod.metrics()).toMatchObject({ 'myelin_capture_records_total': 0, 'myelin_capture_dropped_total{not-writable}': 1 });
  expect(pod.logs.filter((line) => line.includes('data capture is in trouble'))).toHaveLength(1);

  rmSync(join(pod.folder, 'store/feedback'));
  await pod.predict([[1]]);
  await until(async () => (await pod.metrics()).myelin_capture_records_total === 1);
});

test('segments past the retention go, those of retired versions too', async () => {
  const pod = await start({ capture: { retentionSeconds: 60 } });
  const old = join(pod.folder, 'store/feedback/aaaaaaaaaa');
  mkdirSync(old, { recursive: true });
  for (const name of ['20200101T000000000Z-x-0.jsonl', '20200101T000000000Z-x-1.jsonl']) {
    writeFileSync(join(old, name), '');
    utimesSync(join(old, name), 1577836800, 1577836800);
  }
  await pod.predict([[1]]);
  await until(() => !readdirSync(join(pod.folder, 'store/feedback')).includes('aaaaaaaaaa'));
  expect(pod.captured()).toHaveLength(1);
});

test('what was captured last is in its segment when the server has ended', async () => {
  const pod = await start();
  for (let count = 0; count < 5; count++) await pod.predict([[count]]);
  pod.terminate();
  await pod.running;
  expect(pod.captured()).toHaveLength(5);
});

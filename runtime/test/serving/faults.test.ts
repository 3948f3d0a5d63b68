import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelPod, until } from './model-pod.js';

const CODE = `
import os, signal, time, ctypes
class Model:
    def predict(self, X, feature_names):
        what = X if isinstance(X, str) else None
        if what == "pid": return {"pid": os.getpid()}
        if what == "crash": os._exit(3)
        if what == "exit": raise SystemExit(4)
        if what == "hang": time.sleep(60)
        if what == "hang-with-interpreter": ctypes.PyDLL(None).sleep(60)
        if what == "slow": time.sleep(0.3); return "done"
        if what == "raise": raise ValueError("no such digit: 11")
        if what == "none": return None
        if what == "nan": return [[float("nan")]]
        if what == "object": return [object()]
        return X
`;

const pods: ModelPod[] = [];
async function start(options: Parameters<typeof ModelPod.start>[0] = {}): Promise<ModelPod> {
  const pod = await ModelPod.start({ code: CODE, ...options });
  pods.push(pod);
  return pod;
}
const say = (pod: ModelPod, what: string) => pod.post('/predict', { strData: what });
afterEach(async () => { await Promise.all(pods.splice(0).map((pod) => pod.stop())); });

test('a class that fails is told by type and message, and its traceback stays in the log', async () => {
  const pod = await (await start()).ready();
  for (const [what, code, message] of [
    ['raise', 'MYELIN_MODEL_RAISED', "'Model.predict' raised ValueError: no such digit: 11, see the log of the container server"],
    ['exit', 'MYELIN_MODEL_RAISED', "'Model.predict' raised SystemExit: 4, see the log of the container server"],
    ['none', 'MYELIN_MODEL_ANSWER_WRONG',
      "'Model.predict' (None) must return an array, a list, a number, a string, bytes or a dictionary, add a return statement"],
    ['nan', 'MYELIN_MODEL_ANSWER_WRONG',
      "'Model.predict' (NaN or infinity) must return finite numbers, JSON has no others, replace them, for example by numpy.nan_to_num"],
    ['object', 'MYELIN_MODEL_ANSWER_WRONG',
      "'Model.predict' (object is no JSON value) must return numbers, strings, booleans, lists and dictionaries with text keys, convert the rest"],
  ]) {
    const { status, body } = await say(pod, what);
    expect([status, body]).toEqual([500, { error: { code, message } }]);
  }
  expect(pod.logs.join('')).toContain('raise ValueError("no such digit: 11")');
  expect((await say(pod, 'pid')).status).toBe(200);
  expect(await pod.metrics()).toMatchObject({ 'myelin_prediction_errors_total{MYELIN_MODEL_ANSWER_WRONG}': 3 });
});

test('a worker that crashes loses the one request that it had, and those that wait are answered by the next', async () => {
  const pod = await (await start()).ready();
  const before = (await say(pod, 'pid')).body.jsonData.pid;
  const [crashed, ...others] = await Promise.all(['crash', 'pid', 'pid', 'pid'].map((what) => say(pod, what)));
  expect([crashed.status, crashed.body.error.code, crashed.headers.get('retry-after')]).toEqual([503, 'MYELIN_WORKER_LOST', '1']);
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(others[0].body.jsonData.pid).not.toBe(before);
});

test('a worker that is killed while it is idle loses nothing', async () => {
  const pod = await (await start()).ready();
  for (let round = 0; round < 2; round++) {
    const { pid } = (await say(pod, 'pid')).body.jsonData;
    process.kill(pid, 'SIGKILL');
    // At once, so that the request may well be on its way to a process that is gone.
    expect((await say(pod, 'pid')).status).toBe(200);
  }
});

test.each(['hang', 'hang-with-interpreter'])('a worker that hangs is given up after the deadline and replaced: %s', async (what) => {
  const pod = await (await start({ env: { MYELIN_PREDICT_TIMEOUT_SECONDS: '0.5' } })).ready();
  const { status, body } = await say(pod, what);
  expect([status, body.error]).toEqual([504, { code: 'MYELIN_WORKER_LATE', message: "'predict' was not answered within 0.5 s, send fewer rows at a time or raise 'TIMEOUT'" }]);
  await until(async () => (await say(pod, 'pid')).status === 200, () => pod.logs.join(''));
});

test("the image's TIMEOUT is the deadline unless the server has its own", async () => {
  const pod = await (await start({ workerEnv: { TIMEOUT: '0.5' } })).ready();
  expect((await say(pod, 'hang')).body.error.message).toMatch('was not answered within 0.5 s');
});

test('a model that does not load is told with its error, and ends the container', async () => {
  const pod = await start({ code: 'import no_such_package\nclass Model: pass\n' });
  const [code] = await once(pod.worker!, 'exit');
  expect(code).toBe(1);
  const { status, body } = await pod.predict([[1]]);
  expect([status, body.error.code]).toEqual([503, 'MYELIN_WORKER_ABSENT']);
  const health = await fetch(`${pod.url}/health`);
  expect([health.status, await health.json()]).toEqual([503, {
    status: 'unavailable', reason: "the model does not load: ModuleNotFoundError: No module named 'no_such_package'",
  }]);
  expect(pod.logs.join('')).toContain('import no_such_package');
  // The kubelet starts the container again; the image was mended meanwhile.
  pod.startWorker({ MYELIN_PREDICTOR: 'json.JSONDecoder' });
  await until(async () => ((await (await fetch(`${pod.url}/health`)).json()) as any).reason.includes('(no method predict)'));
});

test('while no worker was there yet, requests are refused at once', async () => {
  const pod = await start({ worker: false });
  const { status, body, headers } = await pod.predict([[1]]);
  expect([status, body.error.message, headers.get('retry-after')]).toEqual([503, "'predict' cannot be answered now (no worker is connected), try again later", '1']);
});

test('more requests than the queue holds are refused at once', async () => {
  const pod = await (await start({ env: { MYELIN_QUEUE_LENGTH: '2' } })).ready();
  const replies = await Promise.all(Array.from({ length: 6 }, () => say(pod, 'slow')));
  const codes = replies.map(({ status, body }) => (status === 200 ? 'answered' : body.error.code)).sort();
  expect(codes).toEqual(['MYELIN_WORKER_BUSY', 'MYELIN_WORKER_BUSY', 'MYELIN_WORKER_BUSY', 'answered', 'answered', 'answered']);
});

test('a request whose client has gone is not given to a worker', async () => {
  const pod = await (await start()).ready();
  const first = say(pod, 'slow');
  const gone = new AbortController();
  const waiting = fetch(`${pod.url}/predict`, { method: 'POST', body: '{"strData":"crash"}', signal: gone.signal }).catch((error: Error) => error.name);
  await until(async () => (await pod.metrics()).myelin_predictions_in_flight === 2);
  gone.abort();
  expect(await waiting).toBe('AbortError');
  expect((await first).body.strData).toBe('done');
  await until(async () => (await pod.metrics())['myelin_prediction_errors_total{MYELIN_REQUEST_ABANDONED}'] === 1);
});

test('NUM_WORKERS processes answer at the same time, and leave together with the server', async () => {
  const pod = await (await start({ workerEnv: { NUM_WORKERS: '3' } })).ready();
  const pids = new Set<number>();
  await until(async () => {
    const replies = await Promise.all([...Array.from({ length: 3 }, () => say(pod, 'pid')), ...Array.from({ length: 3 }, () => say(pod, 'slow'))]);
    for (const { body } of replies) if (body.jsonData) pids.add(body.jsonData.pid);
    return pids.size === 3;
  });
  await pod.stop();
  pods.pop();
  expect(pod.worker!.exitCode).toBe(0);
});

test('a path that is too long for the address of a socket works all the same', async () => {
  const root = mkdtempSync(join(tmpdir(), 'myelin-serving-'));
  const pod = await (await start({ folder: join(root, 'long-'.repeat(30)) })).ready();
  expect(pod.socket.length).toBeGreaterThan(150);
  expect((statSync(pod.socket).mode % 0o1000).toString(8)).toBe('666');
  expect((await say(pod, 'pid')).status).toBe(200);
  await pod.stop();
  pods.pop();
  rmSync(root, { recursive: true });
});

test('fails if a variable of the server is no number of its range', async () => {
  await expect(ModelPod.start({ env: { MYELIN_DRAIN_SECONDS: 'soon' }, worker: false })).rejects.toMatchObject({
    code: 'MYELIN_SERVER_VARIABLE_INVALID', message: "'MYELIN_DRAIN_SECONDS' (\"soon\") must be a number from 0 to 3600, correct or remove it",
  });
});

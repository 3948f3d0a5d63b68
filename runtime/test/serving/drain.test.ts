import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ModelPod } from './model-pod.js';

const CODE = `
import time
class Model:
    def predict(self, X, feature_names):
        time.sleep(0.002)
        return [[1]]
`;

/** One request over kept connections, as a proxy makes it: the status, or the error's code. */
function ask(agent: Agent, port: number, path: string, body?: string): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request({ agent, port, path, method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!)).on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!)).end(body);
  });
}

test('a server that is asked to end under load loses no request, captures every prediction and lets the worker go', async () => {
  const pod = await (await ModelPod.start({ code: CODE, capture: {}, env: { MYELIN_DRAIN_SECONDS: '1.5' }, workerEnv: { NUM_WORKERS: '2' } })).ready();
  const { port } = pod.service;
  const agent = new Agent({ keepAlive: true });
  let isReady = true;
  const replies: (number | string)[] = [];
  // As a Service does it: new requests while it is ready, and somewhat longer, since endpoints take their time.
  const clients = Array.from({ length: 16 }, async () => {
    while (isReady) replies.push(await ask(agent, port, '/predict', '{"data":{"ndarray":[[1]]}}'));
  });
  const watch = (async () => {
    while (await ask(agent, port, '/health') === 200) await delay(20);
    await delay(300);
    isReady = false;
  })();
  await delay(500);

  pod.terminate();
  await Promise.all([...clients, watch]);
  await pod.running;

  expect(new Set(replies)).toEqual(new Set([200]));
  expect(replies.length).toBeGreaterThan(100);
  expect(pod.captured()).toHaveLength(replies.length);
  expect(existsSync(pod.socket)).toBe(false);
  expect(await ask(agent, port, '/health')).toBe('ECONNREFUSED');
  agent.destroy();
  await pod.stop();
  expect(pod.worker!.exitCode).toBe(0);
}, 60_000);

test('a request that runs when the drain ends is answered', async () => {
  const slow = CODE.replace('0.002', '1');
  const pod = await (await ModelPod.start({ code: slow })).ready();
  const running = pod.predict([[1]]);
  await delay(200);
  pod.terminate();
  expect((await running).status).toBe(200);
  await pod.stop();
});

test('while it drains it says so, and asks clients to leave', async () => {
  const pod = await (await ModelPod.start({ code: CODE, env: { MYELIN_DRAIN_SECONDS: '1' } })).ready();
  pod.terminate();
  const health = await fetch(`${pod.url}/health`);
  expect([health.status, await health.json()]).toEqual([503, { status: 'unavailable', reason: 'the server is stopping' }]);
  expect(health.headers.get('connection')).toBe('close');
  expect((await pod.predict([[1]])).status).toBe(200);
  await pod.stop();
});

import { bootstrap } from '../../src/kube/bootstrap.js';
import { MemoryKube } from '../../src/kube/memory-client.js';
import { openLog } from '../../src/shared/log.js';
import { ProgramContext } from '../../src/shared/program.js';
import { asProgram } from '../rights.js';

function run(kube: MemoryKube, args: Record<string, string> = { secret: 'myelin-webhook-token', key: 'token' }): Promise<void> {
  return bootstrap(new ProgramContext({
    args, env: { NAMESPACE: 'default' }, log: openLog('bootstrap', 'silent'), signal: new AbortController().signal, kube: (ns) => asProgram('bootstrap', 'digits', kube.client(ns)), fetch,
  }));
}

test('a Secret with 32 random bytes is made, in letters that a header can carry', async () => {
  const [kube, other] = [new MemoryKube(), new MemoryKube()];
  await run(kube);
  await run(other);
  const secret = kube.find('Secret', 'myelin-webhook-token')!;
  const token = Buffer.from(secret.data.token, 'base64').toString();
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(secret.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'cdk8s-myelin' });
  expect(other.find('Secret', 'myelin-webhook-token')!.data.token).not.toBe(secret.data.token);
});

test('the Secret has the labels that bootstrap is given', async () => {
  const kube = new MemoryKube();
  await run(kube, { secret: 'myelin-webhook-token', key: 'token', labels: '{"cost-centre":"4711"}' });
  expect(kube.find('Secret', 'myelin-webhook-token')!.metadata.labels).toEqual({ 'cost-centre': '4711', 'app.kubernetes.io/managed-by': 'cdk8s-myelin' });
});

test('a Secret that is there is never touched', async () => {
  const kube = new MemoryKube();
  kube.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'myelin-webhook-token' }, data: { own: 'eA==' } } as never);
  const before = kube.find('Secret', 'myelin-webhook-token');
  await run(kube);
  expect(kube.find('Secret', 'myelin-webhook-token')).toEqual(before);
});

test('two bootstraps at once agree on one token', async () => {
  const kube = new MemoryKube();
  await Promise.all([run(kube), run(kube)]);
  expect(kube.all('Secret')).toHaveLength(1);
});

test('run again after a crash at any call, the token stays what it was', async () => {
  for (const number of [1, 2]) {
    for (const when of ['before', 'after'] as const) {
      const kube = new MemoryKube();
      kube.failAt(number, when);
      await expect(run(kube)).rejects.toThrow('connection lost');
      kube.onCall = undefined;
      const before = kube.find('Secret', 'myelin-webhook-token');
      await run(kube);
      expect(kube.find('Secret', 'myelin-webhook-token')).toEqual(before ?? expect.anything());
    }
  }
});

test('fails if an error other than a race comes up, or an argument is missing', async () => {
  const kube = new MemoryKube();
  kube.failAt(2, 'before');
  await expect(run(kube)).rejects.toThrow('connection lost before');
  await expect(run(kube, { secret: 'x' })).rejects.toThrow("'--key' (absent) must be given");
});

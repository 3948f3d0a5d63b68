import { hopeless, unready, type PodObject } from '../../src/release/pod-trouble.js';

type Status = NonNullable<PodObject['status']>;

const pod = (status: Status, metadata: Partial<PodObject['metadata']> = {}): PodObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', ...metadata }, status });
const server = (status: Omit<NonNullable<Status['containerStatuses']>[number], 'name'>): PodObject => pod({ containerStatuses: [{ name: 'server', ...status }] });

test.each(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])('an image that does not come is hopeless: %s', (reason) => {
  expect(hopeless([server({ state: { waiting: { reason, message: 'not found' } } })])).toBe('the image of container server of pod p cannot be pulled: not found');
});

test('the first failed pull is not', () => {
  const pods = [server({ state: { waiting: { reason: 'ErrImagePull', message: 'timeout' } } })];
  expect(hopeless(pods)).toBeUndefined();
  expect(unready(pods)).toBe('container server of pod p waits: ErrImagePull: timeout');
});

test('a third restart is hopeless, with the last line of the log, where the error stands', () => {
  const crashed = (message: string) => hopeless([server({ restartCount: 3, lastState: { terminated: { exitCode: 1, message } } })])!;
  expect(crashed(`Traceback\n${'x'.repeat(400)}\nValueError: shape\n`)).toBe('container server of pod p ended 3 times, exit code 1: ValueError: shape');
  expect(crashed('x'.repeat(400))).toMatch(/exit code 1: x{300}\.\.\.$/);
});

test('a server that is ready after restarts is fine, and so are two restarts', () => {
  expect(hopeless([server({ restartCount: 5, ready: true })])).toBeUndefined();
  expect(hopeless([server({ restartCount: 2 })])).toBeUndefined();
  expect(unready([server({ restartCount: 2, state: { terminated: { exitCode: 3 } } })])).toBe('container server of pod p ended 3 times, exit code 3');
});

test('a server that outgrew its memory is told so', () => {
  expect(hopeless([server({ restartCount: 4, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })]))
    .toBe('container server of pod p ended 4 times, it used more memory than its limit');
});

test('an init container counts while it has not succeeded', () => {
  const failing = { name: 'worker', restartCount: 3, lastState: { terminated: { exitCode: 2 } } };
  expect(hopeless([pod({ initContainerStatuses: [failing] })])).toBe('container worker of pod p ended 3 times, exit code 2');
  expect(hopeless([pod({ initContainerStatuses: [{ ...failing, state: { terminated: { exitCode: 0 } } }] })])).toBeUndefined();
});

test('pods that go are not looked at', () => {
  expect(hopeless([pod({ containerStatuses: [{ name: 'server', restartCount: 9 }] }, { deletionTimestamp: '2026-01-01T00:00:00Z' })])).toBeUndefined();
});

test('a pod that no node takes says why', () => {
  expect(unready([pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes: insufficient nvidia.com/gpu' }] })]))
    .toBe('no node takes pod p: 0/3 nodes: insufficient nvidia.com/gpu');
});

test.each([
  ['no pods', [], 'it has no pods'],
  ['a server that loads its model', [server({ ready: false, state: {} })], 'container server of pod p runs but is not ready'],
  ['a server that is being made', [server({ ready: false, state: { waiting: { reason: 'ContainerCreating' } } })], 'container server of pod p is still being made'],
  ['pods without a word', [pod({})], 'its pods are not ready'],
])('%s', (_, pods, said) => expect(unready(pods)).toBe(said));

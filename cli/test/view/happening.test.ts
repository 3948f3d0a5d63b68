import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../src/pocket/objects/kube-object.js';
import { failureLine } from '../../src/view/failure.js';
import { happenings, type Scene } from '../../src/view/happening.js';

function workflow(nodes: Readonly<Record<string, object>>, { phase = 'Running', axon = 'a' } = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: `${axon}-start-1`, uid: axon, labels: { 'myelin.io/axon': axon, 'myelin.io/sensor': 'start' } },
    status: { phase, nodes },
  };
}

function texts(scene: Partial<Scene>): string[] {
  return happenings({ workflows: [], jobs: [], ledgers: [], releases: [], ...scene }).map(({ text }) => text);
}

const failed = (displayName: string, message: string) => ({ displayName, type: 'Pod', phase: 'Failed', message });

test('an attempt that failed is told when another follows, and the last one as the failure of the step', () => {
  const first = failed('task-train(0)', 'Traceback\nOSError: busy\n');
  const waiting = { displayName: 'task-train', type: 'Retry', phase: 'Running', message: 'Backoff for 10 seconds', children: ['t0'] };
  expect(texts({ workflows: [workflow({ t: waiting, t0: first })] })).toEqual([
    'run a-start-1 started', 'task train started', 'task train failed: OSError: busy; it is tried again',
  ]);
  const over = { ...waiting, phase: 'Failed', message: 'No more retries left', children: ['t0', 't1'] };
  expect(texts({ workflows: [workflow({ t: over, t0: first, t1: failed('task-train(1)', 'OSError: gone') }, { phase: 'Failed' })] })).toEqual([
    'run a-start-1 started', 'task train failed: OSError: busy; it is tried again', 'task train failed: OSError: gone',
    "run a-start-1 failed; see 'myelin logs a-start-1'",
  ]);
});

test('an attempt of which nobody knows yet whether another follows is not told', () => {
  const step = { displayName: 'task-train', type: 'Retry', phase: 'Running', children: ['t0'] };
  expect(texts({ workflows: [workflow({ t: step, t0: failed('task-train(0)', 'gone') })] })).toEqual(['run a-start-1 started', 'task train started']);
});

test('gates and events are told when they fail only', () => {
  expect(texts({ workflows: [workflow({ g: { displayName: 'gate', type: 'Retry', phase: 'Succeeded' }, e: { displayName: 'emit-train', type: 'Retry', phase: 'Running' } })] }))
    .toEqual(['run a-start-1 started']);
  expect(texts({ workflows: [workflow({ g: { displayName: 'gate', type: 'Retry', phase: 'Failed', message: "'x' is no sensor, correct it" } })] }))
    .toEqual(['run a-start-1 started', "gate failed: 'x' is no sensor, correct it"]);
});

test.each([
  ['passed', 'Succeeded', 'pass', ['deployment of model done in 7.0 s']],
  ['was decided by the gate before it', 'Succeeded', '', ['deployment of model done in 7.0 s']],
  ['was refused, which the ledger tells', 'Succeeded', 'refused', []],
  ['has not been decided yet', 'Running', '', []],
])('a deployment that %s is told so', (_, phase, value, told) => {
  const step = {
    displayName: 'deploy-model', type: 'Retry', phase, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:07Z', outputs: { parameters: [{ name: 'decision', value }] },
  };
  expect(texts({ workflows: [workflow({ d: step })] })).toEqual(['run a-start-1 started', ...told]);
});

test('of the trials that fail the first three are told', () => {
  const job = (config: string): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `a-train-${config}`, labels: { 'myelin.io/study': 'train', 'myelin.io/config': config }, annotations: { 'myelin.io/run': 'a-start-1' } },
    status: { conditions: [{ type: 'Failed', status: 'True' }] },
  });
  expect(texts({ workflows: [workflow({})], jobs: ['0', '1', '2', '3'].map(job) })).toEqual([
    'run a-start-1 started', ...['0', '1', '2'].map((config) => `trial ${config} of train failed; see 'myelin logs a-train-${config}'`),
  ]);
});

test('where several axons run, each line names its own', () => {
  expect(texts({ workflows: [workflow({}), workflow({}, { axon: 'b' })] })).toEqual(['a: run a-start-1 started', 'b: run b-start-1 started']);
});

test.each([
  ['one of ours is told by its first line', "'https://x' was not reached, say where it is\n  fatal: no host", "'https://x' was not reached, say where it is"],
  ['a trace by its last', 'Traceback (most recent call last):\n  File "x"\nValueError: no table\n', 'ValueError: no table'],
  ['a tool of ours by its error', "WARNING: slow\nerror: 'pip install' (x) failed, see\n  more of it", "'pip install' (x) failed, see"],
  ['a long one in part', 'x'.repeat(1000), `${'x'.repeat(400)}...`],
])('of failures %s', (_, message, line) => {
  expect(failureLine(message)).toBe(line);
});

import { jest } from '@jest/globals';
import fc from 'fast-check';
import { dag, Lab, step, until } from './lab.js';

jest.setTimeout(60_000);

let lab: Lab;

afterEach(() => lab.close());

const TASKS = [
  { name: 'a', template: 'word' },
  { name: 'b', template: 'run', depends: 'a', when: "'{{tasks.a.outputs.parameters.word}}' == 'yes'" },
  { name: 'c', template: 'run', depends: 'a', when: "'{{tasks.a.outputs.parameters.word}}' == 'no'" },
  { name: 'd', template: 'often', depends: 'b.Succeeded && c.Skipped' },
  { name: 'e', template: 'run', depends: 'c.Succeeded' },
  { name: 'f', template: 'run', depends: 'd' },
];
const TEMPLATES = [
  step('word', { outputs: { parameters: [{ name: 'word', valueFrom: { path: '/out/word' } }] } }),
  step('often', { retryStrategy: { limit: '3', retryPolicy: 'Always', backoff: { duration: '1ms' } } }),
];

test('an engine that is killed after any write and started again ends as one that never was', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }), async (kills) => {
    lab = await new Lab().start();
    lab.script = ({ node }) => (node === 'a' ? { files: { '/out/word': 'yes\n' } } : node === 'd(0)' ? { exit: 1 } : {});
    lab.objects.create(dag('killed', TASKS, TEMPLATES));
    for (const writes of kills) {
      const killedAt = lab.objects.resourceVersion + writes;
      for (let looks = 0; lab.objects.resourceVersion < killedAt && looks < 200; looks++) await new Promise((resolve) => setImmediate(resolve));
      await lab.restart();
    }
    expect((await lab.ended('killed')).status!.phase).toBe('Succeeded');
    expect(lab.phases('killed')).toEqual({ a: 'Succeeded', b: 'Succeeded', c: 'Skipped', d: 'Succeeded', e: 'Omitted', f: 'Succeeded' });
    // No step ran twice.
    expect(new Set(lab.steps('killed')).size).toBe(lab.ran.length);
    await lab.close();
  }), { numRuns: 12 });
});

test('pods that were lost while the engine was away are tried again', async () => {
  lab = await new Lab().start();
  lab.script = ({ node }) => ({ hangs: node === 'only(0)' });
  lab.objects.create(dag('lost', [{ name: 'only', template: 'often' }], TEMPLATES));
  const pod = await until('the step to run', () => lab.ran[0]?.pod);
  await lab.stop();
  lab.finish(pod, { lost: true });
  await lab.start();
  expect((await lab.ended('lost')).status!.phase).toBe('Succeeded');
  expect(lab.node('lost', 'only(0)')!.phase).toBe('Error');
});

test('a Workflow that has ended is not run by applying it again, one of another name is', async () => {
  lab = await new Lab().start();
  const workflow = dag('once', [{ name: 'only', template: 'run' }]);
  lab.objects.apply(workflow);
  await lab.ended('once');
  lab.objects.apply({ ...workflow, metadata: { ...workflow.metadata, labels: { changed: 'yes' } } });
  lab.objects.apply(dag('twice', [{ name: 'only', template: 'run' }]));
  await lab.ended('twice');
  await lab.restart();
  lab.objects.apply(dag('thrice', [{ name: 'only', template: 'run' }]));
  await lab.ended('thrice');
  expect(lab.steps('once')).toEqual(['only']);
  expect(lab.workflow('once')!.metadata.labels).toMatchObject({ 'changed': 'yes', 'workflows.argoproj.io/phase': 'Succeeded' });
});

test('a Workflow of the same name as one that is gone has Pods of its own', async () => {
  lab = await new Lab().start();
  lab.script = () => ({ hangs: lab.ran.length === 1 });
  lab.objects.create(dag('same', [{ name: 'only', template: 'run' }]));
  await until('the first to run', () => lab.ran.length === 1);
  lab.objects.remove({ kind: 'Workflow', namespace: 'default', name: 'same' });
  lab.objects.create(dag('same', [{ name: 'only', template: 'run' }]));
  expect((await lab.ended('same')).status!.phase).toBe('Succeeded');
  expect(lab.ran).toHaveLength(2);
});

test('Workflows and Pods go when their time is over, those of a failure later', async () => {
  let now = Date.now();
  lab = await new Lab({ now: () => now }).start();
  lab.script = ({ workflow }) => ({ exit: workflow === 'bad' ? 1 : 0 });
  const keep = { ttlStrategy: { secondsAfterSuccess: 60, secondsAfterFailure: 600 }, podGC: { strategy: 'OnWorkflowSuccess', deleteDelayDuration: '30s' } };
  for (const name of ['good', 'bad']) lab.objects.create(dag(name, [{ name: 'only', template: 'run' }], [], keep));
  await lab.ended('good');
  await lab.ended('bad');
  const pods = (): string[] => lab.objects.list('Pod').map(({ metadata }) => metadata.labels!['workflows.argoproj.io/workflow']!).sort();
  await until('pods to be marked', () => lab.objects.list('Pod', { labels: { 'workflows.argoproj.io/completed': 'true' } }).length === 2);
  expect(pods()).toEqual(['bad', 'good']);
  now += 31_000;
  await lab.restart();
  await until('the pod of the success to go', () => pods().join() === 'bad');
  expect(lab.workflow('good')).toBeDefined();
  now += 31_000;
  await lab.restart();
  await until('the success to go', () => lab.workflow('good') === undefined);
  now += 600_000;
  await lab.restart();
  await until('the failure to go', () => lab.workflow('bad') === undefined && pods().length === 0);
});

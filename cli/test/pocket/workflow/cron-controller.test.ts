import { jest } from '@jest/globals';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import type { Clock } from '../../../src/pocket/workflow/clock.js';
import { CronController } from '../../../src/pocket/workflow/cron-controller.js';
import { Lab, step, until } from './lab.js';

jest.setTimeout(60_000);

const START = Date.parse('2026-01-05T10:02:00Z');
const MINUTE = 60_000;

/** A clock whose hands are moved. */
class HandClock implements Clock {
  time = START;
  private timers = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.time + milliseconds, call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get waiting(): number[] {
    return [...this.timers].map(({ at }) => at);
  }

  forward(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers].filter(({ at }) => at <= this.time)) {
      this.timers.delete(timer);
      timer.call();
    }
  }
}

let lab: Lab;
let clock: HandClock;
let cron: CronController;

beforeEach(async () => {
  lab = await new Lab().start();
  clock = new HandClock();
  await startCron();
});

afterEach(async () => {
  await cron.stop();
  await lab.close();
});

async function startCron(): Promise<void> {
  cron = new CronController({ objects: lab.objects, log: lab.log, clock });
  await cron.start();
}

function sweep(spec: object = {}): KubeObject {
  return lab.objects.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name: 'sweep', namespace: 'default' },
    spec: {
      schedules: ['*/5 * * * *'],
      timezone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 240,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      workflowMetadata: { labels: { kind: 'sweep' } },
      workflowSpec: { entrypoint: 'run', templates: [step('run', { container: { image: 'any', env: [{ name: 'AT', value: '{{workflow.scheduledTime}}' }] } })] },
      ...spec,
    },
  }).object;
}

const nameAt = (time: string): string => `sweep-${Date.parse(`2026-01-05T${time}Z`) / 1000}`;
const made = (): string[] => lab.objects.list('Workflow').map(({ metadata }) => metadata.name).sort();
const status = (): Record<string, any> => lab.objects.get({ kind: 'CronWorkflow', namespace: 'default', name: 'sweep' })?.status ?? {};
const idle = (): Promise<boolean> => until('a timer', () => clock.waiting.length === 1 && clock.waiting[0]! > clock.time);

test('a Workflow is made every five minutes, named by its time', async () => {
  sweep();
  await idle();
  expect(made()).toEqual([]);
  clock.forward(3 * MINUTE + 200);
  const first = await lab.ended(nameAt('10:05:00'));
  expect(first.metadata.labels).toMatchObject({ 'workflows.argoproj.io/cron-workflow': 'sweep', 'kind': 'sweep' });
  expect(lab.ran[0]!.pod.spec.containers[0].env[0].value).toBe('2026-01-05T10:05:00Z');
  await until('it to be counted', () => status().succeeded === 1 && status().active.length === 0);
  expect(status().lastScheduledTime).toBe('2026-01-05T10:05:00Z');
  clock.forward(5 * MINUTE);
  await lab.ended(nameAt('10:10:00'));
  await until('the older one to go', () => made().join() === nameAt('10:10:00'));
});

test('a time that came while another run was in the way is made up for when that ends in time', async () => {
  lab.script = () => ({ hangs: lab.ran.length === 1 });
  sweep();
  await idle();
  clock.forward(3 * MINUTE);
  const slow = await until('the first to run', () => lab.ran[0]);
  clock.forward(5 * MINUTE);
  await idle();
  expect(made()).toEqual([nameAt('10:05:00')]);
  clock.forward(3 * MINUTE);
  lab.finish(slow.pod, {});
  await lab.ended(nameAt('10:10:00'));
});

test('a time that came too long ago is not made up for', async () => {
  lab.script = () => ({ hangs: lab.ran.length === 1 });
  sweep();
  await idle();
  clock.forward(3 * MINUTE);
  const slow = await until('the first to run', () => lab.ran[0]);
  clock.forward(9 * MINUTE + 30_000);
  await idle();
  lab.finish(slow.pod, {});
  await until('it to be counted', () => status().succeeded === 1);
  clock.forward(30_000);
  await lab.ended(nameAt('10:15:00'));
  expect(lab.steps(nameAt('10:10:00'))).toEqual([]);
});

test('a cluster that was away makes up for the last time it missed, once', async () => {
  sweep();
  await idle();
  clock.forward(3 * MINUTE);
  await lab.ended(nameAt('10:05:00'));
  await until('it to be counted', () => status().succeeded === 1);
  await cron.stop();
  clock.forward(57 * MINUTE);
  await startCron();
  await lab.ended(nameAt('11:00:00'));
  await cron.stop();
  await startCron();
  await idle();
  expect(new Set(lab.ran.map(({ workflow }) => workflow))).toEqual(new Set([nameAt('10:05:00'), nameAt('11:00:00')]));
});

test('nothing is made up for after the schedule was changed', async () => {
  sweep();
  await idle();
  clock.forward(3 * MINUTE);
  await lab.ended(nameAt('10:05:00'));
  await cron.stop();
  clock.forward(6 * MINUTE);
  sweep({ schedules: ['*/2 * * * *'] });
  await startCron();
  await idle();
  expect(clock.waiting).toEqual([Date.parse('2026-01-05T10:12:00Z')]);
  expect(lab.ran).toHaveLength(1);
});

test('Replace stops the run that is in the way, Allow leaves it', async () => {
  lab.script = () => ({ hangs: true });
  sweep({ concurrencyPolicy: 'Replace' });
  await idle();
  clock.forward(3 * MINUTE);
  await until('the first to run', () => lab.ran.length === 1);
  clock.forward(5 * MINUTE);
  expect((await lab.ended(nameAt('10:05:00'))).status!.phase).toBe('Failed');
  await until('the second to run', () => lab.ran.length === 2);
  sweep({ concurrencyPolicy: 'Allow' });
  await idle();
  clock.forward(5 * MINUTE);
  await until('the third to run', () => lab.ran.length === 3);
  expect(lab.workflow(nameAt('10:10:00'))!.status!.phase).toBe('Running');
});

test('a schedule is of the time zone it names', async () => {
  sweep({ schedules: ['30 11 * * *'], timezone: 'Europe/Berlin' });
  await idle();
  expect(clock.waiting).toEqual([Date.parse('2026-01-05T10:30:00Z')]);
});

test.each([
  ["'spec.schedules[0]' (* * * * * *)", { schedules: ['* * * * * *'] }],
  ["'spec.schedules[0]' (0 0 32 * *)", { schedules: ['0 0 32 * *'] }],
  ["'spec.schedules[0]' (* * * * *) is no schedule in the time zone Nowhere", { timezone: 'Nowhere', schedules: ['* * * * *'] }],
  ["'spec.stopStrategy'", { stopStrategy: { expression: 'true' } }],
])('fails if %s is given', async (reason, spec) => {
  sweep(spec);
  await until('the refusal', () => status().conditions?.[0]);
  expect(status().conditions[0].message).toContain(reason);
  expect(lab.warnings.join()).toContain('a CronWorkflow cannot be run');
  expect(made()).toEqual([]);
});

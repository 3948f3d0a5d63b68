import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import type { Clock } from '../../../src/pocket/workflow/clock.js';
import { CronController } from '../../../src/pocket/workflow/cron-controller.js';
import { done, expected, recorded, type Differences } from './behaviours.js';

jest.setTimeout(60_000);

interface Done {
  readonly metadata: { readonly name: string };
  readonly for: number;
  readonly act?: 'missed' | 'edited';
  readonly spec: {
    readonly schedules: readonly string[];
    readonly timezone: string;
    readonly workflowSpec: { readonly templates: readonly { readonly suspend?: { readonly duration: string } }[] };
  };
}

interface Traced {
  readonly name: string;
  readonly runs: readonly object[];
  readonly [field: string]: unknown;
}

const MINUTE = 60_000;
const EVERY = 20 * MINUTE;
/** Ten seconds after a minute, and none of the seldom ones is due soon. */
const BEGINS = Date.parse('2026-01-05T10:07:10Z');

const refused = (why: string) => (record: Traced) => ({ ...record, conditions: [`SpecError True ${why}`] });

const DIFFERENCES: Differences = {
  'no-schedule': {
    here: refused("'spec.schedules[0]' (61 * * * *) is no schedule in the time zone Etc/UTC: CronPattern: Invalid value for minute: 61"),
    why: 'each parser has words of its own',
  },
  'no-zone': {
    here: refused("'spec.schedules[0]' (*/20 * * * *) is no schedule in the time zone Nowhere/Else: Invalid time zone specified: Nowhere/Else"),
    why: 'each parser has words of its own',
  },
};

/** A clock whose hands are moved. */
class HandClock implements Clock {
  time = BEGINS;
  private readonly timers = new Set<{ readonly at: number; readonly call: () => void }>();

  now(): number {
    return this.time;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.time + milliseconds, call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  forward(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of [...this.timers].filter(({ at }) => at <= this.time)) {
      this.timers.delete(timer);
      timer.call();
    }
  }
}

async function play({ metadata: { name }, for: seconds, act, spec }: Done): Promise<Traced> {
  const folder = mkdtempSync(join(tmpdir(), 'pocket-engines-'));
  const log = { info: () => undefined, warn: () => undefined };
  const objects = ObjectStore.open(folder, log);
  const clock = new HandClock();
  const cron = new CronController({ objects, log, clock });
  const ref = { kind: 'CronWorkflow', namespace: 'default', name };
  const last = new Date(Math.floor(BEGINS / EVERY) * EVERY - EVERY).toISOString().replace('.000', '');
  const used = `CRON_TZ=${spec.timezone} ${act === 'edited' ? '*/7 * * * *' : spec.schedules.join()}`;
  objects.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name, ...(act && { annotations: { 'cronworkflows.argoproj.io/last-used-schedule': used } }) },
    spec,
    ...(act && { status: { lastScheduledTime: last } }),
  });
  await cron.start();
  const { suspend } = spec.workflowSpec.templates[0]!;
  const takes = Number(suspend?.duration ?? 3) * 1000;
  // What does not wait fails.
  const phase = suspend === undefined ? 'Failed' : 'Succeeded';
  const seen = new Map<string, { at: number; object: KubeObject }>();
  for (const end = BEGINS + seconds * 1000; clock.time < end; clock.forward(5000)) {
    // The controller has looked when its queue has had its turn.
    await delay(3);
    for (const object of objects.list('Workflow')) {
      const known = seen.get(object.metadata.name) ?? { at: clock.time, object };
      seen.set(object.metadata.name, known);
      if (object.status?.phase !== undefined || clock.time - known.at < takes) continue;
      const finishedAt = new Date(clock.time).toISOString();
      objects.update({ ...ref, kind: 'Workflow', name: object.metadata.name }, (live) => ({ ...live, status: { phase, finishedAt } }));
    }
  }
  objects.update(ref, (live) => ({ ...live, spec: { ...live.spec, suspend: true } }));
  clock.forward(takes);
  for (const { metadata, status } of objects.list('Workflow').filter((object) => object.status?.phase === undefined)) {
    const finishedAt = new Date(clock.time).toISOString();
    objects.update({ ...ref, kind: 'Workflow', name: metadata.name }, (live) => ({ ...live, status: { ...status, phase, finishedAt } }));
  }
  await delay(20);
  const unit = act ? EVERY : MINUTE;
  const runs = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([run, { at, object }]) => {
    const { labels, annotations, ownerReferences } = object.metadata;
    const due = Number(run.slice(name.length + 1)) * 1000;
    return {
      due: Math.round((due - Math.floor(BEGINS / unit) * unit) / unit),
      late: at - due > 30_000,
      labels,
      annotated: Object.keys(annotations ?? {}),
      owner: ownerReferences![0]!.kind,
    };
  });
  const left = objects.list('Workflow').length;
  const { metadata, status = {} } = objects.get(ref)!;
  await cron.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    name,
    runs,
    left,
    annotation: metadata.annotations?.['cronworkflows.argoproj.io/last-used-schedule'],
    counted: { succeeded: status.succeeded ?? 0, failed: status.failed ?? 0, active: status.active?.length ?? 0 },
    conditions: (status.conditions ?? []).map(({ type, status: holds, message }: Record<string, string>) => [type, holds, message].filter(Boolean).join(' ')),
  };
}

const { crons } = recorded<{ crons: Traced[] }>('crons');
const all = done<Done[]>('crons');

test.each(crons.map((cron) => [cron.name, cron] as const))('the CronWorkflow %s makes Workflows as on a cluster', async (name, cron) => {
  expect(await play(all.find(({ metadata }) => metadata.name === name)!)).toEqual(expected(name, cron, DIFFERENCES));
});

test('the record has all CronWorkflows', () => {
  expect(crons.map(({ name }) => name)).toEqual(all.map(({ metadata }) => metadata.name));
});

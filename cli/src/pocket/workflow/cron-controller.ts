import type { ClusterLog, Controller, Objects } from '../controller.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue } from '../workqueue.js';
import { systemClock, type Clock } from './clock.js';
import { Schedule } from './schedule.js';
import { SCHEDULED_TIME, seconds } from './spec.js';
import { refuseCronWorkflow } from './supported.js';
import { ended, unsuccessful, type Metadata, type WorkflowSpec } from './types.js';

const CRON_LABEL = 'workflows.argoproj.io/cron-workflow';
const SCHEDULE_ANNOTATION = 'cronworkflows.argoproj.io/last-used-schedule';

interface CronSpec {
  readonly schedules?: string[];
  readonly schedule?: string;
  readonly timezone?: string;
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
  readonly startingDeadlineSeconds?: number;
  readonly successfulJobsHistoryLimit?: number;
  readonly failedJobsHistoryLimit?: number;
  readonly suspend?: boolean;
  readonly workflowMetadata?: Metadata;
  readonly workflowSpec: WorkflowSpec;
}

interface CronStatus {
  active?: { kind: string; name: string; namespace: string; uid: string }[];
  lastScheduledTime?: string;
  succeeded?: number;
  failed?: number;
  conditions?: { type: string; status: string; message: string }[];
}

export interface CronControllerOptions {
  readonly objects: Objects;
  readonly log: ClusterLog;
  readonly clock?: Clock;
}

/**
 * Makes the Workflows of CronWorkflows when they are due, each named by its time. A time that was missed, because the cluster was away or another run
 * was in the way, is made up for within `startingDeadlineSeconds`: only the last one, and not after its schedule was changed.
 */
export class CronController implements Controller {
  readonly name = 'cron';
  private readonly queue: WorkQueue;
  private readonly clock: Clock;
  private watches: (() => void)[] = [];
  private readonly timers = new Map<string, () => void>();
  /** Until when the times of a schedule have been looked at. Lost with the process, as Argo's are: that is what startingDeadlineSeconds is for. */
  private readonly seen = new Map<string, { readonly schedule: string; readonly until: number }>();

  constructor(private readonly options: CronControllerOptions) {
    this.clock = options.clock ?? systemClock;
    this.queue = new WorkQueue(async (key) => this.reconcile(key), options.log);
  }

  async start(): Promise<void> {
    const { objects } = this.options;
    this.watches = [
      objects.watch('CronWorkflow', ({ object }) => this.queue.add(keyOf(object))),
      objects.watch('Workflow', ({ object }) => {
        const cron = object.metadata.labels?.[CRON_LABEL];
        if (cron !== undefined) this.queue.add(`${object.metadata.namespace ?? 'default'}/${cron}`);
      }),
    ];
  }

  async stop(): Promise<void> {
    this.watches.forEach((unwatch) => unwatch());
    await this.queue.stop();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  private reconcile(key: string): void {
    const [namespace, name] = key.split('/') as [string, string];
    const cron = this.options.objects.get({ kind: 'CronWorkflow', namespace, name });
    this.timers.get(key)?.();
    this.timers.delete(key);
    if (cron === undefined) {
      this.seen.delete(key);
      return;
    }
    const spec = cron.spec as CronSpec;
    const status: CronStatus = structuredClone(cron.status ?? {});
    let schedule: Schedule | undefined;
    try {
      const refused = refuseCronWorkflow(spec);
      if (refused !== undefined) throw new Error(refused);
      schedule = new Schedule(spec.schedules ?? (spec.schedule ? [spec.schedule] : []), spec.timezone);
      delete status.conditions;
    } catch (error) {
      const message = (error as Error).message;
      if (status.conditions?.[0]?.message !== message) this.options.log.warn('a CronWorkflow cannot be run', { cronWorkflow: name, namespace, reason: message });
      status.conditions = [{ type: 'SpecError', status: 'True', message }];
    }
    this.count(cron, status);
    const made = schedule !== undefined && this.run(cron, spec, status, schedule);
    // The schedule is noted with a run: what was missed by one that has been edited since is not made up for.
    const used = made ? { annotations: { ...cron.metadata.annotations, [SCHEDULE_ANNOTATION]: scheduleText(spec) } } : {};
    this.options.objects.update(refOf(cron), (object) => ({ ...object, status, metadata: { ...object.metadata, ...used } }));
  }

  /** Takes note of runs that have ended, and removes those that are one too many. */
  private count(cron: KubeObject, status: CronStatus): void {
    const { objects } = this.options;
    const spec = cron.spec as CronSpec;
    const children = objects.list('Workflow', { namespace: cron.metadata.namespace ?? 'default', labels: { [CRON_LABEL]: cron.metadata.name } })
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === cron.metadata.uid));
    const running = children.filter((child) => !ended(child));
    for (const { uid } of status.active ?? []) {
      const child = children.find(({ metadata }) => metadata.uid === uid);
      if (child === undefined || !ended(child)) continue;
      if (unsuccessful(child.status)) status.failed = (status.failed ?? 0) + 1;
      else status.succeeded = (status.succeeded ?? 0) + 1;
    }
    status.active = running.map(({ kind, metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace!, uid: metadata.uid! }));
    const finished = children.filter(ended).sort((a, b) => (a.status.finishedAt < b.status.finishedAt ? 1 : -1));
    const old = [
      ...finished.filter(({ status: { phase } }) => phase === 'Succeeded').slice(spec.successfulJobsHistoryLimit ?? 3),
      ...finished.filter(({ status: { phase } }) => phase !== 'Succeeded').slice(spec.failedJobsHistoryLimit ?? 1),
    ];
    for (const child of old) objects.remove(refOf(child));
  }

  /** Makes the Workflow that is due, if one is; whether it did. */
  private run(cron: KubeObject, spec: CronSpec, status: CronStatus, schedule: Schedule): boolean {
    const key = keyOf(cron);
    const now = this.clock.now();
    const text = scheduleText(spec);
    const seen = this.seen.get(key);
    const unchanged = cron.metadata.annotations?.[SCHEDULE_ANNOTATION] === text;
    const last = status.lastScheduledTime === undefined ? undefined : Date.parse(status.lastScheduledTime);
    const watchedSince = seen?.schedule === text ? seen.until : now;
    const due = schedule.last(unchanged && last !== undefined ? Math.min(last, watchedSince) : watchedSince, now);
    const isNew = due !== undefined && (last === undefined || due > last);
    const inTime = due !== undefined && (due > watchedSince || now < due + (spec.startingDeadlineSeconds ?? 0) * 1000);
    this.seen.set(key, { schedule: text, until: now });
    const runs = isNew && inTime && !spec.suspend && this.mayRun(spec, status);
    if (runs) this.make(cron, spec, status, due);
    const next = schedule.next(now);
    if (next !== Infinity) this.timers.set(key, this.clock.after(next - now, () => this.queue.add(key)));
    return runs;
  }

  private mayRun(spec: CronSpec, status: CronStatus): boolean {
    if (!status.active?.length || (spec.concurrencyPolicy ?? 'Allow') === 'Allow') return true;
    if (spec.concurrencyPolicy === 'Forbid') return false;
    for (const { kind, namespace, name } of status.active) {
      this.options.objects.update({ kind, namespace, name }, (object) => ({ ...object, spec: { ...object.spec, shutdown: 'Terminate' } }));
    }
    return true;
  }

  private make(cron: KubeObject, spec: CronSpec, status: CronStatus, due: number): void {
    const { objects, log } = this.options;
    const { namespace = 'default', uid } = cron.metadata;
    const name = `${cron.metadata.name}-${due / 1000}`;
    const ref = { kind: 'Workflow', namespace, name };
    // One that is there was made before a kill and not noted.
    const workflow = objects.get(ref) ?? objects.create({
      apiVersion: cron.apiVersion,
      kind: 'Workflow',
      metadata: {
        name,
        namespace,
        labels: { [CRON_LABEL]: cron.metadata.name, ...spec.workflowMetadata?.labels },
        annotations: { [SCHEDULED_TIME]: seconds(new Date(due)), ...spec.workflowMetadata?.annotations },
        ownerReferences: [{ apiVersion: cron.apiVersion, kind: 'CronWorkflow', name: cron.metadata.name, uid: uid!, controller: true, blockOwnerDeletion: true }],
      },
      // Argo writes every Workflow with the field, empty or not.
      spec: { ...spec.workflowSpec, arguments: spec.workflowSpec.arguments ?? {} },
    });
    status.lastScheduledTime = seconds(new Date(due));
    if (!ended(workflow) && !status.active?.some((active) => active.uid === workflow.metadata.uid)) {
      status.active = [...(status.active ?? []), { kind: 'Workflow', name, namespace, uid: workflow.metadata.uid! }];
    }
    log.info('a CronWorkflow made a Workflow', { cronWorkflow: cron.metadata.name, workflow: name });
  }
}

function keyOf({ metadata: { name, namespace = 'default' } }: KubeObject): string {
  return `${namespace}/${name}`;
}

/** The schedules as Argo writes them down, each with its time zone. */
function scheduleText({ schedules, schedule = '', timezone }: CronSpec): string {
  return (schedules ?? [schedule]).map((each) => (timezone ? `CRON_TZ=${timezone} ${each}` : each)).join(',');
}

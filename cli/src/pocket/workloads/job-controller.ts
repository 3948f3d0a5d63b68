import type { ClusterLog, Controller, Objects } from '../controller.js';
import { isOwnedBy, ownerOf, refOf, withCondition, type Condition, type KubeObject, type ObjectRef } from '../objects/kube-object.js';
import { randomSuffix } from '../objects/random-suffix.js';
import { holds, isFinished, type Pod } from '../pods/pod.js';
import { WorkQueue, type Reconciled } from '../workqueue.js';
import { countsOf, nextStep, ruleFor } from './job-plan.js';
import { refusedJob, type Job, type JobStatus } from './job.js';

/** Room in a pod's name for `-` and the random end. */
const LONGEST_PREFIX = 57;

/** Runs Jobs of one pod at a time, to one success. */
export class JobController implements Controller {
  readonly name = 'jobs';
  private readonly queue: WorkQueue;
  private readonly ends: (() => void)[] = [];

  constructor(private readonly objects: Objects, private readonly log: ClusterLog) {
    this.queue = new WorkQueue(async (key) => this.reconcile(key), log);
  }

  async start(): Promise<void> {
    this.ends.push(
      this.objects.watch('Job', ({ object }) => this.queue.add(keyOf(object))),
      this.objects.watch('Pod', ({ type, object }) => {
        const { metadata } = object;
        for (const owner of (metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Job')) {
          if (type === 'deleted') this.note({ kind: 'Job', namespace: metadata.namespace!, name: owner.name }, object as Pod);
          this.queue.add(`${metadata.namespace}/${owner.name}`);
        }
      }),
    );
  }

  async stop(): Promise<void> {
    for (const end of this.ends) end();
    await this.queue.stop();
  }

  /** Counts a pod that somebody removed while the Job was at work as one that failed, unless its end was of no account. */
  private note(ref: ObjectRef, pod: Pod): void {
    this.objects.update(ref, (now) => {
      const job = now as Job;
      const isMine = isOwnedBy(pod, job.metadata.uid!) && !holds(job, 'Complete') && !holds(job, 'Failed');
      if (!isMine || pod.status?.phase === 'Succeeded' || ruleFor(job, pod)?.action === 'Ignore') return undefined;
      return { ...job, status: { ...job.status, removed: (job.status?.removed ?? 0) + 1 } };
    });
  }

  private async reconcile(key: string): Promise<Reconciled> {
    const [namespace, name] = key.split('/') as [string, string];
    const job = this.objects.get({ kind: 'Job', namespace, name }) as Job | undefined;
    if (job === undefined) return undefined;
    if (holds(job, 'Complete') || holds(job, 'Failed')) return this.expire(job);
    const refused = refusedJob(job);
    if (refused !== undefined) return this.finish(job, { kind: 'fail', reason: 'Unsupported', message: refused }, []);
    const pods = this.podsOf(job);
    const now = Date.now();
    // From its first look on the clock of its deadline runs.
    if (job.status?.startTime === undefined) {
      this.setStatus(job, { ...job.status, startTime: new Date(now).toISOString() });
      return { again: 0 };
    }
    const step = nextStep(job, pods, now);
    if (step.kind === 'complete' || step.kind === 'fail') return this.finish(job, step, pods);
    if (step.kind === 'start') {
      this.startPod(job);
      return { again: 0 };
    }
    this.setStatus(job, { ...job.status, ...countsOf(job, pods) });
    return step.again === undefined ? undefined : { again: step.again };
  }

  private finish(
    job: Job, step: { readonly kind: 'complete'; readonly at: string } | { readonly kind: 'fail'; readonly reason: string; readonly message: string }, pods: readonly Pod[],
  ): Reconciled {
    const now = new Date().toISOString();
    const [types, reason, message] = step.kind === 'complete'
      ? [['SuccessCriteriaMet', 'Complete'], 'CompletionsReached', 'Reached expected number of succeeded pods'] as const
      : [['FailureTarget', 'Failed'], step.reason, step.message] as const;
    const conditions = types.reduce((all: Condition[] | undefined, type) => withCondition(all, { type, status: 'True', reason, message }, now), job.status?.conditions);
    if (step.kind === 'fail') this.log.info('a job failed', { job: keyOf(job), reason: step.reason, message: step.message });
    const counts = countsOf(job, pods);
    // A failed job's running pod is told to end, and counted as if it had failed.
    this.setStatus(job, {
      startTime: now,
      ...job.status,
      ...counts,
      failed: counts.failed + (step.kind === 'fail' ? counts.active : 0),
      active: 0,
      ready: 0,
      conditions,
      ...step.kind === 'complete' ? { completionTime: step.at } : {},
    });
    for (const pod of pods) if (!isFinished(pod)) this.objects.remove(refOf(pod));
    return { again: 0 };
  }

  /** Removes a finished job when its time has come; its pods go with it. */
  private expire(job: Job): Reconciled {
    for (const pod of this.podsOf(job)) if (!isFinished(pod)) this.objects.remove(refOf(pod));
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    if (ttl === undefined) return undefined;
    const finished = job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True')?.lastTransitionTime;
    const left = Date.parse(finished!) + ttl * 1000 - Date.now();
    if (left > 0) return { again: left };
    this.objects.remove(refOf(job));
    return undefined;
  }

  private startPod(job: Job): void {
    const { metadata, spec } = job;
    const labels = {
      'batch.kubernetes.io/controller-uid': metadata.uid!,
      'batch.kubernetes.io/job-name': metadata.name,
      'controller-uid': metadata.uid!,
      'job-name': metadata.name,
    };
    this.objects.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${metadata.name.slice(0, LONGEST_PREFIX)}-${randomSuffix()}`,
        namespace: metadata.namespace,
        labels: { ...spec.template.metadata?.labels, ...labels },
        annotations: spec.template.metadata?.annotations,
        ownerReferences: [ownerOf(job)],
      },
      spec: spec.template.spec,
    });
  }

  private setStatus(job: Job, status: JobStatus): void {
    this.objects.update(refOf(job), (now) => (now.metadata.uid === job.metadata.uid ? { ...now, status } : undefined));
  }

  private podsOf({ metadata }: Job): Pod[] {
    return this.objects.list('Pod', { namespace: metadata.namespace }).filter((pod) => isOwnedBy(pod, metadata.uid!)) as Pod[];
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

import { JobController } from '../../../src/pocket/workloads/job-controller.js';
import type { Job } from '../../../src/pocket/workloads/job.js';
import { isRunning, PodCluster, until } from '../pods/fixture.js';

let cluster: PodCluster;
let jobs: JobController;
beforeEach(async () => {
  cluster = await new PodCluster('jobs').start();
  await openJobs();
});
afterEach(async () => {
  await jobs.stop();
  await cluster.close();
});

async function openJobs(): Promise<void> {
  jobs = new JobController(cluster.objects, cluster.notes);
  await jobs.start();
}

function run(name: string, script: string, spec: Record<string, unknown> = {}, pod: Record<string, unknown> = {}): void {
  cluster.objects.create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      ...spec,
      template: { metadata: { labels: { app: name } }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'node', command: ['sh', '-c', script] }], ...pod } },
    },
  });
}

const get = (name: string) => cluster.objects.get({ kind: 'Job', namespace: 'default', name }) as Job | undefined;
const pods = () => cluster.objects.list('Pod');

async function ended(name: string): Promise<{ type: string; reason?: string; message?: string; job: Job }> {
  return until(`${name} to end`, () => {
    const job = get(name);
    const condition = job?.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
    return condition === undefined ? undefined : { ...condition, job: job! };
  }, () => JSON.stringify([get(name)?.status, pods().map(({ status }) => status)]));
}

test('a job whose pod succeeds is complete, and the pod carries its name', async () => {
  run('good', 'true');

  const { type, job } = await ended('good');

  expect(type).toBe('Complete');
  expect(job.status).toMatchObject({ succeeded: 1, failed: 0, active: 0, completionTime: expect.any(String), startTime: expect.any(String) });
  expect(pods()[0]!.metadata).toMatchObject({ name: expect.stringMatching(/^good-\w{5}$/), labels: { 'app': 'good', 'job-name': 'good' } });
});

test('a job tries as often as its limit says', async () => {
  run('bad', 'echo why; exit 3', { backoffLimit: 1 });

  const { reason, message, job } = await ended('bad');

  expect([reason, message]).toEqual(['BackoffLimitExceeded', 'Job has reached the specified backoff limit']);
  expect(job.status!.failed).toBe(2);
  expect(pods()).toHaveLength(2);
});

test('an exit code for which the policy fails the job is not tried again', async () => {
  run('permanent', 'exit 65', {
    backoffLimit: 5, podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [65] } }] },
  });

  const { reason, message } = await ended('permanent');

  expect(reason).toBe('PodFailurePolicy');
  expect(message).toMatch(/^Container main for pod default\/permanent-\w{5} failed with exit code 65 matching FailJob rule at index 0$/);
  expect(pods()).toHaveLength(1);
});

test('a pod that was lost with the node does not count where the policy ignores that, and the job goes on after a restart', async () => {
  run('trial', 'test -e /store/go || { touch /store/go; sleep 60; }; echo resumed', {
    podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
  }, {
    containers: [{
      name: 'main', image: 'node', command: ['sh', '-c', 'test -e /store/go || { touch /store/go; sleep 60; }; echo resumed'], volumeMounts: [{ name: 'store', mountPath: '/store' }],
    }],
    volumes: [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }],
  });
  cluster.objects.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'store' }, spec: {} });
  await until('the pod to run', () => pods()[0]?.status?.phase === 'Running');
  const { existsSync } = await import('node:fs');
  await until('its file', () => existsSync(`${cluster.stateDir}/volumes/default/store/go`));

  await jobs.stop();
  await cluster.stop();
  await cluster.start();
  expect(pods()[0]!.status).toMatchObject({ phase: 'Failed', reason: 'NodeLost', conditions: expect.arrayContaining([expect.objectContaining({ type: 'DisruptionTarget', status: 'True' })]) });
  await openJobs();

  const { type, job } = await ended('trial');
  expect(type).toBe('Complete');
  expect(job.status).toMatchObject({ succeeded: 1, failed: 0 });
});

test('a job that runs too long is failed, and its pod is ended', async () => {
  run('slow', 'echo $$$$; sleep 60', { activeDeadlineSeconds: 1 });
  const pid = await until('the pid', async () => pods()[0] !== undefined && Number(await cluster.log(pods()[0]!.metadata.name)) || undefined);

  const { reason } = await ended('slow');

  expect(reason).toBe('DeadlineExceeded');
  await until('the process to end', () => !isRunning(pid) && pods().length === 0);
});

test('containers that restart by themselves count by restarts', async () => {
  run('restarting', 'exit 1', { backoffLimit: 1 }, { restartPolicy: 'OnFailure' });

  expect((await ended('restarting')).reason).toBe('BackoffLimitExceeded');
});

test('a finished job goes when its time has come, with its pods', async () => {
  run('brief', 'true', { ttlSecondsAfterFinished: 0 });

  await until('the job to go', () => get('brief') === undefined && pods().length === 0);
});

test('a removed job ends its pod', async () => {
  run('cancelled', 'echo $$$$; sleep 60');
  const pid = await until('the pid', async () => pods()[0] !== undefined && Number(await cluster.log(pods()[0]!.metadata.name)) || undefined);

  cluster.objects.remove({ kind: 'Job', namespace: 'default', name: 'cancelled' });

  await until('the process to end', () => !isRunning(pid));
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['spec.parallelism', { parallelism: 2 }, {}],
  ['spec.suspend', { suspend: true }, {}],
  ['spec.completionMode', { completionMode: 'Indexed' }, {}],
  ['spec.template.spec.hostNetwork', {}, { hostNetwork: true }],
  ['spec.template.spec.restartPolicy', {}, { restartPolicy: 'Always' }],
  ['spec.podFailurePolicy.rules[0].action', { podFailurePolicy: { rules: [{ action: 'FailIndex' }] } }, {}],
])('fails if a job asks for %s', async (field, spec, pod) => {
  run('odd', 'true', spec, pod);

  const { reason, message } = await ended('odd');

  expect(reason).toBe('Unsupported');
  expect(message).toContain(`'${field}' of Job 'default/odd'`);
});

import type { Pod } from '../../../src/pocket/pods/pod.js';
import { DeploymentController } from '../../../src/pocket/workloads/deployment-controller.js';
import type { Deployment } from '../../../src/pocket/workloads/deployment.js';
import { PodCluster, until } from '../pods/fixture.js';

let cluster: PodCluster;
let deployments: DeploymentController;
beforeEach(async () => {
  cluster = await new PodCluster('deployments').start();
  await open();
});
afterEach(async () => {
  await deployments.stop();
  await cluster.close();
});

async function open(): Promise<void> {
  deployments = new DeploymentController(cluster.objects, cluster.notes);
  await deployments.start();
}

const SERVER = 'require("http").createServer((q, r) => { r.statusCode = +process.env.ANSWER; r.end(process.env.VERSION) })'
  + '.listen(JSON.parse(process.env.MYELIN_PORTS)[5000], "127.0.0.1")';

function server(version: string, { status = 200, ...spec }: Record<string, unknown> = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      ...spec,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{
            name: 'serve',
            image: 'node',
            command: ['node', '-e', SERVER],
            env: [{ name: 'VERSION', value: version }, { name: 'ANSWER', value: String(status) }],
            ports: [{ name: 'http', containerPort: 5000 }],
            readinessProbe: { httpGet: { path: '/health', port: 'http' } },
          }],
        },
      },
    },
  };
}

const get = () => cluster.objects.get({ kind: 'Deployment', namespace: 'default', name: 'web' }) as Deployment | undefined;
const pods = () => cluster.objects.list('Pod') as Pod[];
const condition = (type: string) => get()?.status?.conditions?.find((each) => each.type === type);

async function available(): Promise<void> {
  await until('the deployment to be rolled out', () => get()!.status?.observedGeneration === get()!.metadata.generation
    && condition('Progressing')?.reason === 'NewReplicaSetAvailable' && condition('Available')?.status === 'True', () => JSON.stringify([get()?.status, pods().map(({ status }) => status)]));
}

async function answer(pod: Pod): Promise<string> {
  const port = JSON.parse(pod.metadata.annotations!['pocket.myelin.io/ports']!)['5000'];
  return (await fetch(`http://127.0.0.1:${port}/`)).text();
}

test('pods are started and ready at ports of this machine', async () => {
  cluster.objects.apply(server('one', { replicas: 2 }));

  await available();

  expect(get()!.status).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2, unavailableReplicas: 0 });
  expect(await Promise.all(pods().map(answer))).toEqual(['one', 'one']);
});

test('a new template takes over only when it is ready, so that somebody always answers', async () => {
  cluster.objects.apply(server('one'));
  await available();
  const [old] = pods();
  const left: string[] = [];
  const end = cluster.objects.watch('Pod', ({ type, object }) => {
    const ready = pods().filter((pod) => pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'));
    if (type === 'deleted') left.push(`${object.metadata.name === old!.metadata.name ? 'old' : 'new'} left with ${ready.length} ready`);
  });

  cluster.objects.apply(server('two'));
  await available();

  await until('the old one to leave', () => left.length > 0);
  end();
  expect(left).toEqual(['old left with 1 ready']);
  expect(await Promise.all(pods().map(answer))).toEqual(['two']);
});

test('a template that never gets ready takes nothing over, and says so after its deadline', async () => {
  cluster.objects.apply(server('one'));
  await available();

  cluster.objects.apply(server('broken', { status: 500, progressDeadlineSeconds: 1 }));
  await until('the deadline', () => condition('Progressing')?.reason === 'ProgressDeadlineExceeded');

  const ready = pods().filter((pod) => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));
  expect(await Promise.all(ready.map(answer))).toEqual(['one']);
  expect(condition('Available')!.status).toBe('True');
});

test('scaled to none, nothing runs; the same template again is no rollout', async () => {
  cluster.objects.apply(server('one'));
  await available();
  const [before] = pods();
  cluster.objects.apply({ ...server('one'), metadata: { name: 'web', labels: { more: 'labels' } } });
  await available();
  expect(pods().map(({ metadata }) => metadata.name)).toEqual([before!.metadata.name]);

  cluster.objects.apply(server('one', { replicas: 0 }));

  await until('the pods to go', () => pods().length === 0 && get()!.status?.replicas === 0);
});

test('after a restart of the cluster lost pods are replaced', async () => {
  cluster.objects.apply(server('one'));
  await available();
  const [before] = pods();
  await deployments.stop();
  await cluster.stop();

  await cluster.start();
  await open();
  await until('a new pod', () => pods().length === 1 && pods()[0]!.metadata.name !== before!.metadata.name);
  await available();

  expect(await answer(pods()[0]!)).toBe('one');
});

test('a removed deployment takes its pods along', async () => {
  cluster.objects.apply(server('one'));
  await available();
  const [pod] = pods();

  cluster.objects.remove({ kind: 'Deployment', namespace: 'default', name: 'web' });

  expect(pods()).toEqual([]);
  await until('the server to end', async () => answer(pod!).then(() => false, () => true));
});

test.each<[string, (deployment: any) => void, string]>([
  ['a field that is not supported', ({ spec }) => Object.assign(spec, { paused: true }), "'spec.paused' of Deployment 'default/web' is not supported"],
  ['a field of the pod', ({ spec }) => Object.assign(spec.template.spec, { hostIPC: true }), "'spec.template.spec.hostIPC' of Deployment 'default/web'"],
  ['a selector that finds nothing', ({ spec }) => Object.assign(spec.selector, { matchLabels: { app: 'x' } }), "'spec.selector' of Deployment 'default/web' must match"],
])('fails if it has %s', async (_, change, message) => {
  const deployment = server('one');
  change(deployment);
  cluster.objects.apply(deployment);

  await until('the refusal', () => condition('ReplicaFailure')?.message?.includes(message), () => JSON.stringify(get()));

  expect(pods()).toEqual([]);
});

import { PodCluster, until } from './fixture.js';

let cluster: PodCluster;
beforeEach(async () => {
  cluster = await new PodCluster('probes').start();
});
afterEach(async () => cluster.close());

const SERVER = 'const fs = require("fs"); require("http").createServer((q, r) => { r.statusCode = fs.existsSync("/work/bad") || q.url !== "/health" ? 500 : 200; r.end() })'
  + '.listen(JSON.parse(process.env.MYELIN_PORTS)[5000], "127.0.0.1")';

function serve(probes: Record<string, unknown>, script = SERVER): void {
  cluster.run('web', {
    restartPolicy: 'Always',
    containers: [{
      name: 'serve', image: 'node', command: ['node', '-e', script], ports: [{ containerPort: 5000 }], volumeMounts: [{ name: 'work', mountPath: '/work' }], ...probes,
    }],
    volumes: [{ name: 'work', emptyDir: {} }],
  });
}

const isReady = () => cluster.pod('web')!.status?.containerStatuses?.[0]!.ready === true;
const restarts = () => cluster.pod('web')!.status?.containerStatuses?.[0]!.restartCount ?? 0;

async function spoil(): Promise<void> {
  (await import('node:fs')).writeFileSync(cluster.pods.hostPath(cluster.pod('web')!, '/work/bad'), '');
}

test('a pod is ready soon after its server answers, whatever the period, and not before', async () => {
  const begun = Date.now();
  serve({ readinessProbe: { httpGet: { path: '/health', port: 5000 }, periodSeconds: 3600, initialDelaySeconds: 3600 } }, `setTimeout(() => { ${SERVER} }, 300)`);
  await cluster.phase('web', 'Running');
  expect(isReady()).toBe(false);

  await until('the pod to be ready', isReady);

  expect(Date.now() - begun).toBeGreaterThan(300);
});

test('a pod that stops to answer is ready no more, and its container goes on', async () => {
  serve({ readinessProbe: { httpGet: { path: '/health', port: 5000 }, periodSeconds: 0.05, failureThreshold: 2 } });
  await until('the pod to be ready', isReady);

  await spoil();

  await until('the pod to be unready', () => !isReady());
  expect(cluster.pod('web')!.status!.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }));
  expect(restarts()).toBe(0);
});

test('a container that is not alive any more is restarted and says why', async () => {
  serve({ livenessProbe: { httpGet: { path: '/health', port: 5000 }, initialDelaySeconds: 0.5, periodSeconds: 0.05 } });
  await cluster.phase('web', 'Running');

  await spoil();

  await until('the restart', () => restarts() > 0);
  expect(cluster.pod('web')!.status!.containerStatuses![0]!.lastState.terminated!.message).toContain('failed liveness probe');
});

test('a port that is open is enough for a tcpSocket probe', async () => {
  serve({ readinessProbe: { tcpSocket: { port: 5000 } } });

  await until('the pod to be ready', isReady);
});

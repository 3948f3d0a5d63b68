import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { podFolders } from '../../../src/pocket/pods/pod-folder.js';
import { isRunning, PodCluster, until } from './fixture.js';

let cluster: PodCluster;
beforeEach(async () => {
  cluster = await new PodCluster().start();
});
afterEach(async () => cluster.close());

test('a pod whose container ends well has succeeded, and its output is in its log', async () => {
  cluster.script('hello', 'echo out; echo err >&2');

  const pod = await cluster.phase('hello', 'Succeeded', 'Failed');

  expect(pod.status).toMatchObject({ phase: 'Succeeded', podIP: '127.0.0.1', containerStatuses: [{ name: 'main', restartCount: 0 }] });
  expect(pod.status!.containerStatuses![0]!.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
  expect(await cluster.log('hello')).toBe('out\nerr\n');
});

test('a container that fails tells its exit code and its last words', async () => {
  cluster.script('bad', 'echo the reason; exit 65');

  const pod = await cluster.phase('bad', 'Succeeded', 'Failed');

  expect(pod.status!.phase).toBe('Failed');
  expect(pod.status!.message).toBe('the reason');
  expect(pod.status!.containerStatuses![0]!.state.terminated).toMatchObject({ exitCode: 65, reason: 'Error', message: 'the reason' });
});

test('a container that a signal ends has the exit code 128 and the number of the signal', async () => {
  cluster.script('killed', 'kill -9 $$$$');

  const pod = await cluster.phase('killed', 'Failed');

  expect(pod.status!.containerStatuses![0]!.state.terminated!.exitCode).toBe(137);
});

test('what a container writes to its message file is its message', async () => {
  cluster.script('told', 'echo noise; printf "the point" > /dev/termination-log; exit 1');

  const pod = await cluster.phase('told', 'Failed');

  expect(pod.status!.message).toBe('the point');
});

test('a command that is not there is named with its image', async () => {
  cluster.run('absent', { containers: [{ name: 'main', image: 'node', command: ['no-such-program'] }] });

  const pod = await cluster.phase('absent', 'Failed');

  expect(pod.status!.containerStatuses![0]!.state.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' });
  expect(pod.status!.message).toBe("container 'main' cannot be started, 'no-such-program' is no program of its image 'node' or on PATH (ENOENT)");
});

test('an image that cannot be had fails the pod with the reason', async () => {
  cluster.run('foreign', { containers: [{ name: 'main', image: 'nginx' }] });

  const pod = await cluster.phase('foreign', 'Failed');

  expect(pod.status!.containerStatuses![0]!.state.terminated!.reason).toBe('ErrImagePull');
  expect(pod.status!.message).toBe("'image' (nginx) was not built here, build it");
});

test('a field that the cluster does not know is refused by its path', async () => {
  cluster.run('odd', { hostPID: true, containers: [{ name: 'main', image: 'node', command: ['true'], lifecycle: { preStop: { exec: {} } } }] });

  const pod = await cluster.phase('odd', 'Failed');

  expect(pod.status).toMatchObject({ reason: 'Unsupported' });
  expect(pod.status!.message).toBe("'spec.hostPID', 'spec.containers[0].lifecycle' of Pod 'default/odd' are not supported by the laptop's cluster, "
    + 'run it in a real one or leave it out');
});

test('init containers run one after the other before the containers, and share volumes with them', async () => {
  const mount = { volumeMounts: [{ name: 'work', mountPath: '/work' }] };
  const step = (name: string, script: string) => ({ name, image: 'node', command: ['sh', '-c', script], ...mount });
  cluster.run('chain', {
    initContainers: [step('one', 'sleep 0.1; echo one >> /work/order'), step('two', 'echo two >> /work/order')],
    containers: [step('main', 'echo main >> /work/order')],
    volumes: [{ name: 'work', emptyDir: {} }],
  });

  const pod = await cluster.phase('chain', 'Succeeded', 'Failed');

  expect(readFileSync(cluster.pods.hostPath(pod, '/work/order'), 'utf8')).toBe('one\ntwo\nmain\n');
  expect(pod.status!.conditions).toContainEqual(expect.objectContaining({ type: 'Initialized', status: 'True' }));
});

test('an init container that fails fails the pod before its containers start', async () => {
  cluster.run('stuck', {
    initContainers: [{ name: 'first', image: 'node', command: ['sh', '-c', 'exit 3'] }],
    containers: [{ name: 'main', image: 'node', command: ['sh', '-c', 'echo never'] }],
  });

  const pod = await cluster.phase('stuck', 'Failed');

  expect(pod.status!.containerStatuses![0]!.state.terminated).toBeUndefined();
  expect(await cluster.log('stuck', 'main')).toBe('');
});

test('a container is restarted as long as it fails, and the pod knows how often', async () => {
  cluster.script('flaky', 'test -e /work/again || { touch /work/again; exit 1; }; echo done', {
    restartPolicy: 'OnFailure', volumes: [{ name: 'work', emptyDir: {} }],
  }, { volumeMounts: [{ name: 'work', mountPath: '/work' }] });

  const pod = await cluster.phase('flaky', 'Succeeded');

  expect(pod.status!.containerStatuses![0]).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 1 } } });
});

test('a pod that runs too long is ended and says so', async () => {
  cluster.script('slow', 'sleep 60', { activeDeadlineSeconds: 1 });

  const pod = await cluster.phase('slow', 'Failed');

  expect(pod.status).toMatchObject({ reason: 'DeadlineExceeded' });
});

test('a removed pod gets time to end, and then nothing of it is left', async () => {
  cluster.script('polite', 'trap "echo bye; sleep 0.1; exit 0" TERM; sleep 60 & echo $! $$$$; wait');
  const pod = await cluster.phase('polite', 'Running');
  const log = join(cluster.stateDir, 'pods', podFolders(cluster.stateDir)[0]!, 'main.log');
  const pids = await until('the pids', () => readFileSync(log, 'utf8').includes('\n') && readFileSync(log, 'utf8').trim().split(' ').map(Number));

  cluster.objects.remove({ kind: 'Pod', namespace: 'default', name: pod.metadata.name });

  await until('the folder to go', () => !existsSync(log));
  // The system reaps a killed process a moment after the signal.
  await until('both processes to end', () => !pids.some(isRunning));
});

test('a container that ignores the request to end is killed after its grace time, with all it started', async () => {
  cluster.script('deaf', 'trap "" TERM; sleep 60 & echo $!; wait; sleep 60', { terminationGracePeriodSeconds: 0 });
  await cluster.phase('deaf', 'Running');
  const child = await until('the pid', async () => Number(await cluster.log('deaf')) || undefined);

  cluster.objects.remove({ kind: 'Pod', namespace: 'default', name: 'deaf' });

  await until('the child to end', () => !isRunning(child));
});

test('what a container leaves running ends with it', async () => {
  cluster.script('parent', 'sleep 60 & echo $!');

  await cluster.phase('parent', 'Succeeded');

  const child = Number(await cluster.log('parent'));
  await until('the child to end', () => !isRunning(child));
});

test('a pod waits for what it mounts, and says for what', async () => {
  cluster.script('patient', 'cat /etc/app/key', { volumes: [{ name: 'config', configMap: { name: 'later' } }] }, {
    volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
  });
  await until('the reason', () => cluster.pod('patient')!.status?.containerStatuses?.[0]!.state.waiting?.message === "ConfigMap 'later' not found");

  cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later' }, data: { key: 'value' } });

  await cluster.phase('patient', 'Succeeded');
  expect(await cluster.log('patient')).toBe('value');
});

test('a changed ConfigMap reaches the pods that mount it', async () => {
  cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'old' } });
  cluster.script('reader', 'until grep -q new /etc/app/key; do sleep 0.02; done; ls /etc/app', { volumes: [{ name: 'config', configMap: { name: 'config' } }] }, {
    volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
  });
  await cluster.phase('reader', 'Running');

  cluster.objects.replace({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'new', other: '' } });

  await cluster.phase('reader', 'Succeeded');
});

test('variables come from values, fields, ConfigMaps and Secrets, and may name those before them', async () => {
  cluster.objects.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, stringData: { token: 'geheim' } });
  cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { level: '3' } });
  cluster.script('told', 'echo "$POD|$TOKEN|$LEVEL|$PRE_level|$BOTH|$OMP_NUM_THREADS"', {}, {
    envFrom: [{ prefix: 'PRE_', configMapRef: { name: 'settings' } }],
    env: [
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'login', key: 'token' } } },
      { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } },
      { name: 'BOTH', value: '$(POD)-$(LEVEL)-$$(LEVEL)-$(NONE)' },
    ],
  });

  await cluster.phase('told', 'Succeeded');

  expect(await cluster.log('told')).toBe('told|geheim|3|3|told-3-$(LEVEL)-$(NONE)|1\n');
});

test('the environment of who started the cluster stays outside', async () => {
  await cluster.stop();
  await cluster.start({ env: { PATH: process.env.PATH, AWS_SECRET_ACCESS_KEY: 'mine', TZ: 'Etc/UTC' } });
  cluster.script('env', 'env');

  await cluster.phase('env', 'Succeeded');

  const env = await cluster.log('env');
  expect(env).not.toContain('mine');
  expect(env).toContain('TZ=Etc/UTC');
});

test('a container may write into its image, and no other sees it', async () => {
  mkdirSync(join(cluster.imageRoot, 'app'));
  writeFileSync(join(cluster.imageRoot, 'app', 'code.sh'), 'echo from $(basename $PWD); ls; echo x > mine; ls $1');
  cluster.images.app = { workdir: '/app', entrypoint: ['sh', '/app/code.sh', '/app'] };
  for (const name of ['one', 'two']) cluster.run(name, { containers: [{ name: 'main', image: 'app' }] });

  await cluster.phase('one', 'Succeeded');
  await cluster.phase('two', 'Succeeded');

  for (const name of ['one', 'two']) expect(await cluster.log(name)).toBe('from app\ncode.sh\ncode.sh\nmine\n');
  expect(existsSync(join(cluster.imageRoot, 'app', 'mine'))).toBe(false);
});

test('a program of the runtime is told where its mounts lie, and who it may be', async () => {
  cluster.objects.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'gate' } });
  const print = 'const e = process.env; console.log(process.argv[1], JSON.stringify([Object.keys(JSON.parse(e.MYELIN_MOUNTS)), e.MYELIN_KUBE_TOKEN, e.MYELIN_KUBE_API]))';
  cluster.run('gate', {
    serviceAccountName: 'gate',
    containers: [{
      name: 'main', image: 'runtime', command: ['myelin-runtime'], args: [print, '/myelin/out/x'], volumeMounts: [{ name: 'out', mountPath: '/myelin/out' }],
    }],
    volumes: [{ name: 'out', emptyDir: {} }],
  });

  await cluster.phase('gate', 'Succeeded', 'Failed');

  expect(await cluster.log('gate')).toBe('/myelin/out/x [["/dev/termination-log","/myelin/out"],"token-of-default-gate","http://127.0.0.1:1"]\n');
});

test('a claim is a folder that outlives pods and claim', async () => {
  cluster.objects.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'store' }, spec: { accessModes: ['ReadWriteMany'] } });
  const mount = [{ volumes: [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }] }, { volumeMounts: [{ name: 'store', mountPath: '/data', subPath: 'a/b' }] }] as const;
  cluster.script('writer', 'echo kept > /data/file', ...mount);
  await cluster.phase('writer', 'Succeeded');

  cluster.script('reader', 'cat /data/file', ...mount);
  await cluster.phase('reader', 'Succeeded');

  expect(await cluster.log('reader')).toBe('kept\n');
  expect(readFileSync(join(cluster.stateDir, 'volumes/default/store/a/b/file'), 'utf8')).toBe('kept\n');
  await until('the claim to be bound', () => cluster.objects.get({ kind: 'PersistentVolumeClaim', namespace: 'default', name: 'store' })!.status?.phase === 'Bound');
});

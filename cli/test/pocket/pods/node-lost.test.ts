import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { podFolders } from '../../../src/pocket/pods/pod-folder.js';
import { identityOf } from '../../../src/pocket/pods/process-identity.js';
import { isRunning, PodCluster, until } from './fixture.js';

let cluster: PodCluster;
const stray: ChildProcess[] = [];
beforeEach(() => {
  cluster = new PodCluster('lost');
});
afterEach(async () => {
  await cluster.close();
  for (const child of stray.splice(0)) child.kill('SIGKILL');
});

const OWNER = { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'placeholder' }] };

/** Makes pods in the store, with an owner, before anybody runs them. */
function prepare(...scripts: [name: string, script: string, owned?: boolean, policy?: string][]): void {
  const objects = ObjectStore.open(join(cluster.stateDir, 'objects'), cluster.notes);
  const owner = objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } });
  OWNER.ownerReferences[0]!.uid = owner.metadata.uid!;
  for (const [name, script, owned = true, restartPolicy = 'Never'] of scripts) {
    objects.create({
      apiVersion: 'v1', kind: 'Pod', metadata: { name, ...owned ? OWNER : {} }, spec: { restartPolicy, containers: [{ name: 'main', image: 'node', command: ['sh', '-c', script] }] },
    });
  }
}

/** Runs the pods in another process and kills that when this holds. */
async function killedWhen(holds: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./supervisor.mjs', import.meta.url)), cluster.stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  stray.push(child);
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  await until('the supervisor', () => said.includes('ready'), () => said);
  await until('the moment to kill', holds);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
}

function logOf(pod: string): string {
  const folder = podFolders(cluster.stateDir).find((each) => each.startsWith(`default/${pod}-`));
  const path = join(cluster.stateDir, 'pods', folder ?? 'none', 'main.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

const pidsOf = (pod: string) => logOf(pod).trim().split(/\s+/).map(Number).filter((pid) => pid > 0);

test('what a killed cluster left running is ended by the next start, also what left its process group', async () => {
  // `setsid` puts the sleep where no kill of the group reaches it.
  prepare(['busy', 'setsid sleep 300 & echo $! $$$$; wait']);
  await killedWhen(() => pidsOf('busy').length === 2);
  const pids = pidsOf('busy');
  expect(pids.map(isRunning)).toEqual([true, true]);

  await cluster.start();

  expect(pids.map(isRunning)).toEqual([false, false]);
  expect(cluster.notes.lines.join()).toContain('ended what a killed cluster left running');
  expect(cluster.pod('busy')!.status).toMatchObject({
    phase: 'Failed', reason: 'NodeLost', conditions: expect.arrayContaining([expect.objectContaining({ type: 'DisruptionTarget', status: 'True' })]),
  });
});

test('a pod that nobody would make anew is itself run again', async () => {
  prepare(['bare', 'echo run $$$$; sleep 300', false, 'Always']);
  await killedWhen(() => pidsOf('bare').length === 1);
  const [before] = pidsOf('bare');

  await cluster.start();

  await until('the second run', () => pidsOf('bare').length === 2);
  expect(isRunning(before!)).toBe(false);
});

test('another process that got the number of a lost one is left alone', async () => {
  prepare(['old', 'sleep 300']);
  await killedWhen(() => podFolders(cluster.stateDir).some((name) => existsSync(join(cluster.stateDir, 'pods', name, 'main.pid.json'))));
  const innocent = spawn('sleep', ['300'], { detached: true });
  stray.push(innocent);
  const record = join(cluster.stateDir, 'pods', podFolders(cluster.stateDir)[0]!, 'main.pid.json');
  writeFileSync(record, JSON.stringify({ ...identityOf(innocent.pid!), startedAt: '1' }));

  await cluster.start();

  expect(isRunning(innocent.pid!)).toBe(true);
});

test('a cluster that is stopped leaves no process, and marks what ran as lost', async () => {
  await cluster.start();
  const owner = cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } });
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid }];
  cluster.run('task', { containers: [{ name: 'main', image: 'node', command: ['sh', '-c', 'trap "echo saved; exit 0" TERM; echo $$$$; while :; do sleep 0.02; done'] }] }, { ownerReferences });
  cluster.script('done', 'true', {}, {});
  await cluster.phase('done', 'Succeeded');
  const pid = await until('the pid', () => pidsOf('task')[0]);

  await cluster.stop();

  expect(isRunning(pid)).toBe(false);
  expect(logOf('task')).toContain('saved');
  expect(cluster.pod('task')!.status).toMatchObject({ phase: 'Failed', reason: 'NodeLost' });
  expect(cluster.pod('done')!.status!.phase).toBe('Succeeded');
});

test('folders of pods that are gone are removed at the start', async () => {
  prepare(['kept', 'true']);
  await cluster.start();
  await cluster.phase('kept', 'Succeeded');
  await cluster.stop();
  const objects = ObjectStore.open(join(cluster.stateDir, 'objects'), cluster.notes);
  objects.remove({ kind: 'Pod', namespace: 'default', name: 'kept' });
  expect(podFolders(cluster.stateDir)).toHaveLength(1);

  await cluster.start();

  expect(podFolders(cluster.stateDir)).toEqual([]);
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShortPaths } from '../../../src/pocket/pods/short-paths.js';
import { PodCluster, until } from './fixture.js';

let cluster: PodCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const CLAIM = (volumeName?: string) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'store' }, spec: { accessModes: ['ReadWriteMany'], volumeName } });
const VOLUME = (spec: Record<string, unknown>) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'node-folder' }, spec });
const STORE = [{ volumes: [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }] }, { volumeMounts: [{ name: 'store', mountPath: '/store' }] }] as const;

test('in a folder with a long name full of spaces, scripts and sockets work as elsewhere', async () => {
  cluster = await new PodCluster('in a  folder of "somebody\'s" with $HOME and a name that is much longer than a socket may have').start();
  cluster.objects.create(CLAIM());
  mkdirSync(join(cluster.imageRoot, 'app'));
  writeFileSync(join(cluster.imageRoot, 'app', 'say.sh'), 'echo "$1"');
  const listen = 'require("net").createServer().listen("/run/worker.sock", function () { this.close() })';
  cluster.run('odd', {
    volumes: [{ name: 'run', emptyDir: {} }, STORE[0].volumes[0]],
    containers: [{
      name: 'main',
      image: 'node',
      command: ['sh', '-c', `cd /app; sh /app/say.sh kept > /store/a.txt && node -e '${listen}' && cat /store/a.txt`],
      volumeMounts: [{ name: 'run', mountPath: '/run' }, STORE[1].volumeMounts[0]],
    }],
  });

  await cluster.phase('odd', 'Succeeded', 'Failed');

  expect(await cluster.log('odd')).toBe('kept\n');
  expect(readFileSync(join(cluster.stateDir, 'volumes/default/store/a.txt'), 'utf8')).toBe('kept\n');
});

test('short names are the same for the same folder, and gone when closed', () => {
  const state = mkdtempSync(join(tmpdir(), 'pocket-core-short-'));
  const paths = new ShortPaths(state);
  expect(paths.plain('/plain/folder')).toBe('/plain/folder');
  const short = paths.short(state);
  expect(new ShortPaths(state).short(state)).toBe(short);
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(60);
  expect(readdirSync(short)).toEqual([]);

  // As cleaners of /tmp do.
  rmSync(join(short, '..'), { recursive: true });
  expect(readdirSync(paths.short(state))).toEqual([]);

  paths.close();
  expect(() => readdirSync(short)).toThrow();
  rmSync(state, { recursive: true });
});

test('a claim of a volume with a folder of the node uses that folder', async () => {
  cluster = await new PodCluster('claims').start();
  const place = join(cluster.root, 'data');
  cluster.objects.create(CLAIM('node-folder'));
  cluster.script('writer', 'echo kept > /store/file', ...STORE);
  await until('the reason', () => /names no PersistentVolume/.test(cluster!.pod('writer')!.status?.containerStatuses?.[0]!.state.waiting?.message ?? ''));

  cluster.objects.create(VOLUME({ local: { path: place } }));

  await cluster.phase('writer', 'Succeeded');
  expect(readFileSync(join(place, 'file'), 'utf8')).toBe('kept\n');
});

test.each([
  [{ local: { path: '/proc/no/such' } }, "'PersistentVolume node-folder' (/proc/no/such) cannot be used on this machine (ENOENT)"],
  [{ nfs: { server: 'x' } }, "'PersistentVolume node-folder' is neither 'local' nor 'hostPath'"],
])('a claim of a volume that this machine cannot give is refused: %j', async (spec, message) => {
  cluster = await new PodCluster('claims').start();
  cluster.objects.create(VOLUME(spec));
  cluster.objects.create(CLAIM('node-folder'));

  await until('the refusal', () => {
    const status = cluster!.objects.get({ kind: 'PersistentVolumeClaim', namespace: 'default', name: 'store' })!.status;
    return status?.phase === 'Pending' && status.conditions[0].message.includes(message);
  });
});

test('a mount may not leave its volume', async () => {
  cluster = await new PodCluster('mounts').start();
  cluster.script('escape', 'true', { volumes: [{ name: 'work', emptyDir: {} }] }, { volumeMounts: [{ name: 'work', mountPath: '/work', subPath: '../../..' }] });

  const pod = await cluster.phase('escape', 'Failed');

  expect(pod.status!.message).toBe("'subPath' (../../..) of container 'main' must stay inside the volume");
});

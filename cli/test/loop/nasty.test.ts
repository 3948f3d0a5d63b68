import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Clients } from '../../src/demo/clients.js';
import { readStreams } from '../../src/demo/stream.js';
import { PocketCluster } from '../../src/pocket/cluster.js';
import { NASTY } from '../../src/pocket/events/nastiness.js';
import type { KubeObject } from '../../src/pocket/objects/kube-object.js';
import { Terminal } from '../../src/terminal.js';
import { applyAll } from '../../src/up/applied.js';
import { loadObjects } from '../../src/up/manifests.js';
import { StateFolder } from '../../src/up/state-folder.js';
import { removeFolders } from '../cli.js';
import { Project, until } from './program.js';

let cluster: PocketCluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
  removeFolders();
});

/** What takes its time in an alert: shorter, and an alert that nobody took comes again soon. */
const SHORTER: Readonly<Record<string, (object: any) => void>> = {
  ServiceMonitor: ({ spec }) => spec.endpoints.forEach((endpoint: any) => { endpoint.interval = '1s'; }),
  PrometheusRule: ({ spec }) => spec.groups.forEach((group: any) => { group.interval = '1s'; }),
  AlertmanagerConfig: ({ spec: { route } }) => {
    Object.assign(route, { groupWait: '1s', groupInterval: '2s' });
    route.routes.forEach((each: any) => { each.repeatInterval = '2s'; });
  },
};

async function started(project: Project): Promise<PocketCluster> {
  const { objects, artifacts } = loadObjects([project.file], {}, {}, new Terminal(process))!;
  objects.forEach((object) => SHORTER[object.kind]?.(object));
  const folder = new StateFolder(project.state);
  folder.take();
  const made = new PocketCluster({
    stateDir: folder.path,
    files: [project.file],
    sources: { code: join(project.path, 'code') },
    artifacts,
    declared: objects,
    metrics: 'embedded',
    nastiness: NASTY,
    onWarning: () => undefined,
  });
  await made.start();
  applyAll(made.objects, objects, folder);
  return made;
}

test('with events that come twice, late, in another order or not at all, the effects are those of one undisturbed loop', async () => {
  const project = new Project();
  cluster = await started(project);
  const { objects, serviceProxy, gateway } = cluster;
  const signal = AbortSignal.timeout(110_000);
  const data = (name: string, key: string) => JSON.parse(objects.get({ kind: 'ConfigMap', namespace: 'default', name })?.data?.[key] ?? 'null');
  const ledger = () => data('gauges-ledger', 'ledger.json');
  const live = (): string[] => (data('gauges-releases', 'releases.json')?.releases ?? []).filter(({ state }: any) => state === 'live').map(({ version }: any) => version);
  const runs = (sensor: string): KubeObject[] => objects.list('Workflow', { labels: { 'myelin.io/sensor': sensor } });

  // The first event of each kind is lost, that of a training too: a minute later a sweep, whose own first call is lost as well, finds it.
  await until('the first training', () => Object.values<any>(ledger()?.events ?? {}).some(({ kind }) => kind === 'task'));
  await until('the end of its run', () => runs('start').every(({ status }) => status?.phase === 'Succeeded'));
  expect(runs('trained')).toEqual([]);
  objects.update({ kind: 'ConfigMap', namespace: 'default', name: 'gauges-ledger' }, (map) => ({
    ...map,
    data: {
      'ledger.json': map.data['ledger.json'].replace(/("kind":"task".*?"at":")([^"]*)/, (_: string, before: string, at: string) => (
        before + new Date(Date.parse(at) - 60_000).toISOString())),
    },
  }));
  const token = Buffer.from(objects.get({ kind: 'Secret', namespace: 'default', name: 'myelin-webhook-token' })!.data.token, 'base64').toString();
  const sweep = async (id: string) => fetch(`${serviceProxy}/sweep`, {
    method: 'POST',
    body: JSON.stringify({ id }),
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json', 'x-forwarded-host': 'gauges-eventsource-svc.default.svc:12000' },
  });
  for (const id of ['lost', 'second', 'third']) {
    expect((await sweep(id)).status).toBe(200);
  }
  await until('the first version', () => live().length === 1);

  const [first] = live();
  const clients = new Clients(`${gateway}/default/gauges`, signal);
  const claim = objects.get({ kind: 'PersistentVolumeClaim', namespace: 'default', name: 'gauges-store' })!;
  const { drift } = readStreams(join(cluster.folderOf(claim), 'gauges'));
  await until('routes', () => objects.list('VirtualService').some(({ spec }) => JSON.stringify(spec).includes(first)));
  expect((await clients.send(drift.slice(0, 60), { rate: 20, truthAfter: 100 })).failed).toBe(0);
  // The alert's first message is lost, and Alertmanager says it again; from then on events come several times.
  await until('the second version', () => live().length === 2);
  await until('the end of all runs', () => objects.list('Workflow').every(({ status }) => ['Succeeded', 'Failed', 'Error'].includes(status?.phase)));

  const { sensors, models } = ledger();
  const consumed = (name: string) => sensors[name].sets.filter(({ decision }: any) => decision === 'consumed');
  expect([consumed('start').length, consumed('trained').length, consumed('decayed').length]).toEqual([1, 2, 1]);
  const events = Object.values<any>(sensors).flatMap(({ sets }) => sets.filter(({ decision }: any) => decision === 'consumed').flatMap((set: any) => set.events));
  expect(new Set(events).size).toBe(events.length);
  expect(models.model.retrains).toHaveLength(1);
  expect(live()[1]).toBe(first);
  // Whatever else was started has found that there was nothing to do.
  expect(objects.list('Workflow').map(({ status }) => status.phase)).not.toContain('Failed');
  const trainings = readdirSync(join(cluster.folderOf(claim), 'gauges', 'train'));
  expect(trainings.sort()).toEqual([runs('start')[0].metadata.name, consumed('decayed')[0].run].sort());
}, 120_000);

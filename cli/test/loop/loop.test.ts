import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { removeFolders } from '../cli.js';
import { killAll, myelin, Program, Project, until } from './program.js';

// Each test waits for its own conditions; on a busy machine each command takes seconds.
jest.setTimeout(90_000);

/** One loop for all tests of this file, in order: it closes, and then more happens to it. */
let project: Project;
let demo: Program;
let state: string;

beforeAll(async () => {
  project = new Project();
  state = join(project.state, 'demo');
  // A bug of one request: a reading below zero has an answer that no JSON can hold.
  project.edit('code/serve/Gauges.py', (text) => `${text}
    send_answer = predict

    def predict(self, X, feature_names=None):
        return object() if X[0][0] < 0 else self.send_answer(X, feature_names)
`);
  demo = new Program(['demo', project.file, '--source', `code=${join(project.path, 'code')}`, '--state', project.state, '--metrics', 'embedded', '--keep']);
  await demo.says(/loop closed: .*\n.*left up at/, 240);
}, 250_000);

afterAll(async () => {
  await killAll();
  removeFolders();
});

const ledger = () => project.document('gauges-ledger', 'ledger.json', state);
const releases = () => project.document('gauges-releases', 'releases.json', state).releases;
const info = () => JSON.parse(readFileSync(join(state, 'cluster.json'), 'utf8'));

async function axonState(): Promise<any> {
  const { code, out, err } = await myelin(['get', '-o', 'json', '--state', state]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

async function runsOf(sensor: string): Promise<any[]> {
  return (await axonState()).runs.filter((run: any) => run.sensor === sensor);
}

/** What the newest set of a sensor came to, once there are so many. */
async function decided(sensor: string, count: number): Promise<any> {
  const sets = await until(`${count} decisions of ${sensor}`, () => {
    const all = ledger().sensors[sensor]?.sets ?? [];
    return all.length >= count ? all : undefined;
  });
  expect(sets).toHaveLength(count);
  return sets.at(-1);
}

test('the loop closes: one alert, one retraining on what was captured, a second version that is better', async () => {
  const { sensors, models } = ledger();
  expect(Object.fromEntries(Object.entries<any>(sensors).map(([name, { sets }]) => [name, sets.map((set: any) => set.decision)])))
    .toEqual({ start: ['consumed'], trained: ['consumed', 'consumed'], decayed: ['consumed'] });
  const consumed = Object.values<any>(sensors).flatMap(({ sets }) => sets.flatMap((set: any) => set.events));
  expect(new Set(consumed).size).toBe(consumed.length);
  expect(models.model.retrains).toHaveLength(1);

  const [second, first] = releases();
  expect([second.state, first.state]).toEqual(['live', 'live']);
  expect(second.metrics.train.test_accuracy).toBeGreaterThan(second.metrics.train.live_test_accuracy);
  expect(second.dataHash).not.toBe(first.dataHash);
  expect(second.why).toContain('started by the alert decayed');
  // The sweep may have come round meanwhile.
  const runs = (await axonState()).runs.filter(({ sensor }: any) => sensor !== undefined);
  expect(runs.map(({ phase }: any) => phase)).toEqual(['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded']);
});

test('traffic is split by the rollout, and each version has an address of its own', async () => {
  const [second, first] = releases();
  const routes = project.object('VirtualService', 'gauges-routes', state).spec.http;
  const stable = routes.find(({ name }: any) => name === 'model/stable/predict').route;
  expect(stable.map(({ destination, weight }: any) => [destination.host.includes(second.version) ? 0 : 1, weight])).toEqual([[0, 80], [1, 20]]);

  const { code, out } = await myelin(['endpoint', '-o', 'json', '--state', state]);
  expect(code).toBe(0);
  const [{ axon, model, modelStable, models }] = JSON.parse(out);
  expect([axon, model, models.map(({ version, generation }: any) => [version, generation])]).toEqual(['gauges', 'model', [[second.version, 0], [first.version, 1]]]);
  const ask = async (url: string) => (await fetch(url, { method: 'POST', body: '{"data":{"ndarray":[[40,1]]}}', headers: { 'content-type': 'application/json' } })).json() as any;
  for (const [index, right] of [[0, 1], [1, 0]]) {
    const answer = await ask(models[index].url);
    expect([answer.meta.version, answer.data.ndarray]).toEqual([models[index].version, [[right]]]);
  }
  const { pathname } = new URL(modelStable.url);
  expect(pathname).toBe('/default/gauges/predict');
  expect([first.version, second.version]).toContain((await ask(modelStable.url)).meta.version);
});

test('an answer that cannot be sent is an error of that request, and the server goes on', async () => {
  const [{ models: [{ url }] }] = JSON.parse((await myelin(['endpoint', '-o', 'json', '--state', state])).out);
  const ask = async (value: number) => {
    const answer = await fetch(url, { method: 'POST', body: `{"data":{"ndarray":[[${value},0]]}}`, headers: { 'content-type': 'application/json' } });
    return { status: answer.status, body: await answer.json() as any };
  };
  const bad = await ask(-1);
  expect([bad.status, bad.body]).toEqual([500, { error: { code: 'MYELIN_MODEL_ANSWER_WRONG', message: expect.stringContaining("'Gauges.predict'") } }]);
  expect((await ask(80)).body.data.ndarray).toEqual([[1]]);
});

test('an alert on the version before, posted twenty times, is refused once and retrains nothing', async () => {
  const [second, first] = releases();
  const body = JSON.stringify({
    version: '4',
    status: 'firing',
    receiver: 'gauges-decayed',
    alerts: [{
      status: 'firing',
      fingerprint: 'a1b2c3d4e5f60718',
      startsAt: new Date().toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      annotations: {},
      labels: { alertname: 'gauges-decayed', axon: 'gauges', namespace: 'default', model: 'model', sensor: 'decayed', version: first.version },
    }],
  });
  const post = async () => (await fetch(`${info().services}/alert-decayed-decayed`, {
    method: 'POST', body, headers: { 'content-type': 'application/json', 'x-forwarded-host': 'gauges-eventsource-svc.default.svc:12001' },
  })).status;
  const before = await runsOf('decayed');
  expect(await Promise.all(Array.from({ length: 20 }, post))).toEqual(Array.from({ length: 20 }, () => 200));

  const { decision, reasons } = await decided('decayed', 2);
  expect(decision).toBe('refused');
  expect(['older-generation', 'no-longer-firing']).toContain(reasons[0].code);
  await demo.says(/gate of decayed refused: /);
  await until('the end of its run', async () => (await runsOf('decayed')).every(({ phase }: any) => phase === 'Succeeded'));
  expect(await runsOf('decayed')).toHaveLength(before.length + 1);
  expect(ledger().models.model.retrains).toHaveLength(1);
  expect(releases().map(({ version }: any) => version)).toEqual([second.version, first.version]);
});

test('a challenger that is worse than the live model, or not good enough at all, is not deployed, and the numbers say why', async () => {
  const versions = releases().map(({ version }: any) => version);
  for (const [handicap, count, code] of [['0.1', 3, ['condition-not-met']], ['0.4', 4, ['condition-not-met', 'condition-not-met']]] as const) {
    const called = await myelin(['trigger', 'ask', '-p', `handicap=${handicap}`, '--state', state]);
    expect([called.code, called.out, called.err]).toEqual([0, "called ask; 'myelin get gauges' shows what comes of it\n", '']);
    const { decision, reasons, numbers } = await decided('trained', count);
    expect([decision, reasons.map((reason: any) => reason.code)]).toEqual(['refused', code]);
    const [threshold, challenger, champion] = numbers;
    expect(threshold).toEqual({ name: 'test_accuracy', value: expect.any(Number), operator: '>', threshold: 0.8, met: count === 3 });
    expect(challenger).toEqual({ name: 'test_accuracy', value: threshold.value, operator: '>', threshold: champion.value, met: false });
    expect(champion).toEqual({ name: 'live_test_accuracy', value: expect.any(Number), met: true });
    expect(threshold.value).toBeLessThan(champion.value);
  }
  await demo.says(/gate of trained refused: test_accuracy of train is 0\.\d+, it must be above 0\.8; test_accuracy of train is .* the live model scores 0\.\d+ on the same data/);
  expect(releases().map(({ version }: any) => version)).toEqual(versions);
  const { last } = (await axonState()).sensors.find(({ name }: any) => name === 'trained');
  expect([last.decision, last.reasons.length, last.numbers.length]).toEqual(['refused', 2, 3]);
});

test('commands in another terminal show the loop and what its runs printed', async () => {
  const [second] = releases();
  const list = await myelin(['list', '-o', 'json', '--state', state]);
  expect(JSON.parse(list.out)).toMatchObject([{ axon: 'gauges', namespace: 'default', models: [{ name: 'model' }] }]);
  const wide = await myelin(['list', '--state', state]);
  expect(wide.lines[1]).toMatch(new RegExp(`^gauges +default +model: ${second.version} +0$`));
  const get = await myelin(['get', '--state', state]);
  expect(get.out).toMatch(new RegExp(`^  ${second.version} +live +0 +\\d+[sm] +accuracy=.*test_accuracy=`, 'm'));
  expect(get.out).toMatch(/^trained +train-succeeded +refused /m);

  const [start] = await runsOf('start');
  const train = await myelin(['logs', start.name, '--state', state]);
  expect(train.out).toContain('[task-prepare] from feedback: {}');
  const version = await myelin(['logs', second.version, '--state', state]);
  expect([version.code, version.err]).toEqual([0, '']);
  expect(version.out).toContain('/serve] ');
  const none = await myelin(['logs', 'nothing', '--state', state]);
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/^error: 'name' \(nothing\) is no run, version, task or pod with a log, name one of gauges-/)]);
  const wrong = await myelin(['trigger', 'never', '--state', state]);
  expect([wrong.code, wrong.err]).toEqual([2, "error: 'trigger' (never) is no REST trigger of the axon, name one of ask\n"]);
  const beside = await myelin(['up', project.file, '--state', state]);
  expect([beside.code, beside.err]).toEqual([2, expect.stringMatching(/belongs to the cluster that runs as process \d+, stop it with 'myelin down'/)]);
});

test('Ctrl-C ends it within seconds with the measured line last, and leaves no process', async () => {
  demo.signal('SIGINT');
  expect(await demo.ended(20)).toBe(0);
  expect(demo.lines.at(-1)).toMatch(/^loop closed: [0-9a-f]{10} accuracy 1\.00, drifted to 0\.\d\d, alert after \d+ s, [0-9a-f]{10} accuracy \d\.\d\d, in \d+ s$/);
  expect(demo.err).toBe('');
  expect(project.processes(state)).toEqual([]);
  const after = await myelin(['get', '--state', state]);
  expect([after.code, after.err]).toEqual([2, expect.stringContaining("has no running cluster, start one with 'myelin up'")]);
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { removeFolders } from '../cli.js';
import { killAll, myelin, Project, until } from './program.js';

afterEach(async () => {
  await killAll();
  removeFolders();
});

/** An axon whose trials and server take a second or two, so that there is time to be killed, and note each time that they start. */
function slowProject(): Project {
  const project = new Project();
  project.edit('code/train/train.py', (text) => text.replace('    part = load("train")\n', (line) => `${line}    with (target / "starts").open("a") as starts:
        print(options.budget, file=starts, flush=True)
    import time
    time.sleep(1 + 1.5 * (options.config_id == "0_0_1"))
`));
  project.edit('code/serve/Gauges.py', (text) => text.replace('    def __init__(self):\n', (line) => `${line}        import time
        time.sleep(1.5)
`));
  return project;
}

/** Folders of a training's trials: what lies in them by configuration and rung. */
function results(folder: string): string[] {
  const trials = join(folder, 'trials');
  return existsSync(trials) ? readdirSync(trials).flatMap((config) => {
    const own = join(trials, config, '.myelin');
    return (existsSync(own) ? readdirSync(own) : []).filter((rung) => existsSync(join(own, rung, 'result.json'))).map((rung) => `${config}/${rung}`);
  }) : [];
}

test('killed while trials run, and again while a version comes up, it goes on where it was', async () => {
  const project = slowProject();
  const trainings = join(project.state, 'volumes', 'default', 'gauges-store', 'gauges', 'train');

  const first = project.up();
  await first.says(/task train started/);
  const [run] = await first.until('a training', () => existsSync(trainings) && readdirSync(trainings).length > 0 && readdirSync(trainings));
  const folder = join(trainings, run);
  const done = await first.until('a trial to end', () => results(folder).length > 0 && results(folder));
  first.signal('SIGKILL');
  await first.ended();
  expect(existsSync(join(folder, 'study', 'summary.json'))).toBe(false);

  const second = project.up();
  await second.says(/goes on where it was; 0 objects changed/);
  await second.says(/version [0-9a-f]{10} of model comes up/);
  second.signal('SIGKILL');
  await second.ended();
  const { trials } = JSON.parse(readFileSync(join(folder, 'study', 'summary.json'), 'utf8'));
  const names: string[] = trials.map(({ config, rung }: any) => `${config}/${rung}`);
  expect([names.length, new Set(names).size]).toEqual([4, 4]);
  expect(trials.filter(({ winner }: any) => winner)).toHaveLength(1);
  for (const name of done) {
    const [config, rung] = name.split('/');
    const starts = readFileSync(join(folder, 'trials', config, 'starts'), 'utf8').trim().split('\n');
    expect(starts.filter((budget) => Number(budget) === [3, 9][Number(rung)])).toHaveLength(1);
  }

  const third = project.up();
  await third.until('a live release', () => project.document('gauges-releases', 'releases.json')?.releases[0]?.state === 'live');
  await third.until('the end of all runs', async () => {
    const get = await myelin(['get', '-o', 'json', '--state', project.state]);
    return get.code === 0 && JSON.parse(get.out).runs.every(({ phase }: any) => phase === 'Succeeded');
  });
  expect(project.document('gauges-releases', 'releases.json').releases).toHaveLength(1);
  expect(readdirSync(trainings)).toEqual([run]);
  const { models: [{ url }] } = JSON.parse((await myelin(['endpoint', '-o', 'json', '--state', project.state])).out)[0];
  await third.until('an answer', async () => (await fetch(url, { method: 'POST', body: '{"data":{"ndarray":[[80,0]]}}', headers: { 'content-type': 'application/json' } })).ok);

  third.signal('SIGINT');
  expect(await third.ended(20)).toBe(0);
  expect(third.lines.at(-1)).toMatch(/· ending$/);
  expect(project.processes()).toEqual([]);
}, 120_000);

test('Ctrl-C while trials run ends it within seconds, and the next start goes on', async () => {
  const project = slowProject();
  const first = project.up();
  await first.says(/task train started/);
  await first.until('trials', () => project.processes().length > 1);
  const asked = Date.now();
  first.signal('SIGINT');
  expect(await first.ended(20)).toBe(0);
  expect(Date.now() - asked).toBeLessThan(15_000);
  expect(project.processes()).toEqual([]);
  expect(first.err).toBe('');

  const second = project.up();
  await second.says(/task train done in .*, 4 trials: /);
  second.signal('SIGTERM');
  expect(await second.ended(20)).toBe(0);
}, 60_000);

test('left running in the background it answers, and down ends it and removes what it made', async () => {
  const project = new Project();
  const up = project.up(['--keep']);
  expect(await up.ended()).toBe(0);
  expect(up.lines.at(-1)).toMatch(/^left running as process (\d+); 'myelin get' shows it, 'myelin down' ends it$/);
  expect(up.out).toContain('of model is live');
  const pid = Number(/process (\d+)/.exec(up.lines.at(-1)!)![1]);
  const [axon] = JSON.parse((await myelin(['list', '-o', 'json', '--state', project.state])).out);
  expect(axon.models[0].versions).toMatchObject([{ state: 'live', generation: 0 }]);

  try {
    const down = await myelin(['down', '--state', project.state]);
    expect([down.code, down.out]).toEqual([0, 'the cluster has ended\n']);
    expect(project.processes()).toEqual([]);
    await until('the end of the process', () => !isAlive(pid));
    const again = await myelin(['down', '--delete', '--state', project.state]);
    expect([again.code, again.out]).toEqual([0, `no cluster runs\nremoved ${project.state}\n`]);
    expect(existsSync(project.state)).toBe(false);
  } finally {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
}, 60_000);

test('in the background, too, a first run that fails is told with its reason', async () => {
  const project = new Project((text) => text.replace(/ {4}- name: asked\n(.*\n)*? {4}- name: trained/, '    - name: trained'));
  writeFileSync(join(project.path, 'code', 'prepare', 'prepare.py'), 'raise SystemExit("the warehouse is closed")\n');
  const up = project.up(['--keep']);
  expect(await up.ended()).toBe(1);
  expect(up.lines.slice(-5).join('\n')).toMatch(/task prepare failed.*the warehouse is closed/);
  expect(project.processes()).toEqual([]);
  // What was corrected runs again.
  project.edit('code/prepare/prepare.py', () => readFileSync(join(new Project().path, 'code', 'prepare', 'prepare.py'), 'utf8'));
  const again = project.up();
  await again.says(/run gauges-start-[0-9a-f]{10} failed the last time and runs again/);
  await again.says(/task prepare done/);
}, 60_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

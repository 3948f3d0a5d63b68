import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { folder, removeFolders, ROOT } from '../cli.js';
import { killAll, myelin, Program, Project, until } from './program.js';

const ONE_TASK = join(ROOT, 'cli', 'test', 'loop', 'one-task');

let server: Server | undefined;

afterEach(async () => {
  server?.close();
  server = undefined;
  await killAll();
  removeFolders();
});

/** A file of axons with one task each, which does what the axon is called. */
function oneTask(hows: readonly string[]): { readonly file: string; readonly path: string } {
  const path = folder();
  const text = readFileSync(join(ONE_TASK, 'axon.yaml'), 'utf8');
  writeFileSync(join(path, 'axon.yaml'), hows.map((how) => text.replaceAll('{{how}}', how)).join('---\n'));
  return { file: join(path, 'axon.yaml'), path };
}

/** Nothing but the runs of the axon can start another, so that it ends when these have failed. */
function withoutCalls(text: string): string {
  return text.replace(/ {4}- name: asked\n(.*\n)*? {4}- name: trained/, '    - name: trained');
}

test('what cannot be done is refused before anything begins', async () => {
  const project = new Project();
  const { path } = project;
  writeFileSync(join(path, 'other.yaml'), 'a: 1\n');
  writeFileSync(join(path, 'text.yaml'), 'kind: Axon\n\tno: yaml\n');
  writeFileSync(join(path, 'taken'), '');
  mkdirSync(join(path, 'thesis'));
  writeFileSync(join(path, 'thesis', 'chapter.tex'), 'all of it');
  writeFileSync(join(path, 'thesis', '.gitignore'), '*.aux\n');
  const port = await new Promise<number>((resolve) => {
    server = createServer().listen(0, '127.0.0.1', () => resolve((server!.address() as { port: number }).port));
  });
  const up = async (args: readonly string[]) => myelin(['up', ...args, '--state', args.includes('--state') ? args[args.indexOf('--state') + 1] : project.state]);
  const cases: readonly (readonly [args: readonly string[], error: RegExp])[] = [
    [[join(path, 'none.yaml')], /^error: 'file' \(.*none\.yaml\) does not exist, check its path\n$/],
    [[join(path, 'other.yaml')], /^error: 'file' \(.*other\.yaml\) holds something that is neither an axon nor a Kubernetes object: .*, name an axon file, or a folder that synth wrote to\n$/],
    [[project.file, '--state', join(path, 'taken')], /^error: 'state' \(.*taken\) is no folder, name another with --state\n$/],
    [[project.file, '--state', join(path, 'thesis')], /^error: 'state' \(.*thesis\) holds 'chapter\.tex', which no cluster has made, name another folder with --state\n$/],
    [[project.file, '--source', 'code'], /^error: 'source' \(code\) is no name=folder, write for example --source code=\.\/code\n$/],
    [[project.file, '--source', `code=${join(path, 'nowhere')}`], /^error: 'source' \(code=.*nowhere\) must name a folder that is there, correct its path\n$/],
    [[project.file, '--source', `cod=${path}`], /^error: 'source' \(cod=.*\) is no artifact and no repository of the axon, name one of code\n$/],
    [[project.file, '--port', String(port)], /^error: '--port' \(\d+\) is taken by another program, choose another, or leave it out for a free one\n$/],
  ];
  const ran = await Promise.all(cases.map(async ([args, error]) => {
    const { code, out, err } = await up(args);
    return { args, error, code, out, err };
  }));
  for (const { args, error, code, out, err } of ran) {
    expect({ args, code, out, err }).toEqual({ args, code: 2, out: '', err: expect.stringMatching(error) });
  }
  const odd = await up([join(path, 'text.yaml')]);
  expect([odd.code, odd.err]).toEqual([1, expect.stringMatching(/nothing was started\n$/)]);
  expect(readdirSync(join(path, 'thesis')).sort()).toEqual(['.gitignore', 'chapter.tex']);
  expect(readFileSync(join(path, 'thesis', '.gitignore'), 'utf8')).toBe('*.aux\n');
  // Only the taken port was found out late: nothing of that start is left that would hold up the next.
  expect(existsSync(join(project.state, 'cluster.json')) || existsSync(join(project.state, 'owner.json'))).toBe(false);
  const kept = await myelin(['down', '--delete', '--state', join(path, 'thesis')]);
  expect([kept.code, existsSync(join(path, 'thesis', 'chapter.tex'))]).toEqual([2, true]);
}, 60_000);

test('tasks that fail, hang or flood their log end the command with the reason, and run again when they are corrected', async () => {
  const { file, path } = oneTask(['fails', 'raises', 'hangs', 'loud']);
  const state = join(path, 'state');
  const code = join(path, 'code');
  mkdirSync(code);
  ['Dockerfile', 'one.py'].forEach((name) => writeFileSync(join(code, name), readFileSync(join(ONE_TASK, 'code', name))));
  const sources = ['fails', 'raises', 'hangs', 'loud'].flatMap((name) => ['--source', `${name}=${code}`]);
  const up = new Program(['up', file, ...sources, '--state', state, '--metrics', 'embedded']);
  expect(await up.ended()).toBe(1);
  expect(up.err).toBe('');
  expect(up.out).toMatch(/✗ fails: task one failed: container main exited with code 1\n/);
  expect(up.out).toMatch(/✗ raises: task one failed: ValueError: no such table\n/);
  expect(up.out).toMatch(/✗ hangs: task one failed: Pod was active on the node longer than the specified deadline\n/);
  expect(up.out).toMatch(/✗ loud: task one failed: has said enough\n/);
  expect(up.lines.at(-2)).toMatch(/✗ nothing runs any more, after (?:(?:fails|raises|hangs|loud)-start-[0-9a-f]{10}(?:, )?){4} failed: correct it and run the same command again$/);
  expect(Math.max(...up.lines.map((line) => line.length))).toBeLessThan(500);

  const logs = await myelin(['logs', /loud-start-[0-9a-f]+/.exec(up.out)![0], '--state', state]);
  expect([logs.code, logs.lines.at(-1)]).toEqual([0, '[task-one] has said enough']);
  const pods = join(state, 'pods', 'default');
  const sizes = readdirSync(pods).filter((pod) => pod.startsWith('loud')).flatMap((pod) => readdirSync(join(pods, pod)).map((entry) => statSync(join(pods, pod, entry)).size));
  expect(Math.max(...sizes)).toBeLessThan(25 * 1024 * 1024);

  writeFileSync(join(code, 'one.py'), 'print("well")\n');
  const again = new Program(['up', file, ...sources, '--state', state, '--metrics', 'embedded']);
  expect(await again.ended()).toBe(0);
  expect(again.out.match(/failed the last time and runs again/g)).toHaveLength(4);
  expect(again.out.match(/✓ \w+: task one done in /g)).toHaveLength(4);
  expect(again.lines.at(-2)).toMatch(/✓ all runs have ended, and nothing is left that could start another$/);
}, 90_000);

test('without Python it says what to install', async () => {
  const project = new Project(withoutCalls);
  const bin = join(project.path, 'bin');
  mkdirSync(bin);
  for (const program of ['sh', 'sed', 'basename', 'dirname', 'test', 'env']) {
    const found = process.env.PATH!.split(delimiter).map((path) => join(path, program)).find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(bin, program));
  }
  const up = project.up([], { PATH: bin });
  expect(await up.ended()).toBe(1);
  expect(up.out).toMatch(/✗ image of prepare failed: 'python3' \(not on PATH\) is needed to run images with Python, install Python 3\.11 or set MYELIN_PYTHON to where it is\n/);
  expect(up.lines.at(-2)).toMatch(/✗ nothing runs any more, after gauges-start-[0-9a-f]{10} failed: correct it/);
}, 60_000);

test('without a network it says what it did not reach, and tries again', async () => {
  const project = new Project();
  project.edit('code/prepare/requirements.txt', (text) => `${text}no-such-package-of-ours==1.0\n`);
  const pip = project.up([], { PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_RETRIES: '1', PIP_TIMEOUT: '2' });
  const { file, path } = oneTask(['apart']);
  const git = new Program(['up', file, '--state', join(path, 'state'), '--metrics', 'embedded']);
  await pip.says(/! image of prepare failed: 'pip install' \(no-such-package-of-ours==1\.0\) did not reach the package index, connect to the network or .*; it is tried again\n/);
  await git.says(/! image of one failed: 'https:\/\/git\.invalid\/ml\/apart\.git' \(revision 1f2e3d4\) was not reached, say with --source apart=DIR where its code is on this machine; it is tried again\n/);
  for (const program of [pip, git]) {
    program.signal('SIGINT');
    expect(await program.ended(20)).toBe(0);
  }
}, 90_000);

test('a version whose class does not load gets no traffic, and comes up when the class is corrected', async () => {
  const project = new Project(withoutCalls);
  const served = readFileSync(join(project.path, 'code', 'serve', 'Gauges.py'), 'utf8');
  project.edit('code/serve/Gauges.py', (text) => text.replace('    def __init__(self):\n', (line) => `${line}        raise RuntimeError("the model is torn")\n`));
  const up = project.up();
  expect(await up.ended()).toBe(1);
  expect(up.out).toMatch(/✗ deployment of model failed: '[0-9a-f]{10}' of the model model did not become ready and gets no traffic, .*RuntimeError: the model is torn\n/);
  expect(project.object('VirtualService', 'gauges-routes')?.spec.http ?? []).toEqual([]);
  const { err } = await myelin(['get', '--state', project.state]);
  expect(err).toContain('has no running cluster');

  project.edit('code/serve/Gauges.py', () => served);
  const again = project.up();
  await again.says(/run gauges-trained-[0-9a-f]{10} failed the last time and runs again/);
  await again.says(/✓ version [0-9a-f]{10} of model is live/);
  expect(again.out).not.toContain('task train');
}, 90_000);

test('where no version is good enough it ends with the numbers, and trains anew when something was corrected', async () => {
  const project = new Project((text) => withoutCalls(text).replace('> 0.8"', '> 0.99"'));
  const up = project.up();
  expect(await up.ended()).toBe(1);
  expect(up.lines.at(-2)).toMatch(/✗ nothing runs any more, after the gate of trained refused: test_accuracy of train is 0\.98, it must be above 0\.99: correct it and run the same command again$/);

  project.edit('axon.yaml', (text) => text.replace('> 0.99"', '> 0.9"'));
  const again = project.up();
  await again.says(/run gauges-start-[0-9a-f]{10} came to nothing \(the gate of trained refused: .*\) the last time and runs again/);
  await again.says(/✓ version [0-9a-f]{10} of model is live/);
  await until('one release', () => project.document('gauges-releases', 'releases.json').releases.length === 1);
}, 90_000);

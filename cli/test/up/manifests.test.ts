import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terminal } from '../../src/terminal.js';
import { loadObjects } from '../../src/up/manifests.js';
import { DIGITS, folder, inside, removeFolders } from '../cli.js';

afterAll(removeFolders);

const digits = readFileSync(DIGITS, 'utf8');

/** A terminal whose error stream is kept. */
function terminal(): { terminal: Terminal; err: () => string } {
  let written = '';
  const stream = { write: (text: string) => { written += text; } } as unknown as NodeJS.WritableStream;
  return { terminal: new Terminal({ stdout: stream, stderr: stream, env: {} }), err: () => written };
}

/** A folder with the digits file, its manifests, and more. */
function place(files: Record<string, string> = {}): string {
  const dir = folder();
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(dir, name), text));
  return dir;
}

const object = (data: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a${rest}}\ndata: {a: "${data}"}\n`;

describe('axon files', () => {
  test('of different axons are loaded with one platform', () => {
    const other = join(place({ 'other.yaml': digits.replace('  name: digits ', '  name: other ').replace('digits-store', 'other-store') }), 'other.yaml');

    const kinds = loadObjects([DIGITS, other], {}, {}, terminal().terminal)!.objects.map(({ kind }) => kind);

    expect(kinds.filter((kind) => kind === 'EventBus')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'EventSource')).toHaveLength(2);
  });

  test('start nothing if two of them hold axons of one name', async () => {
    const [dir, state] = [place({ 'other.yaml': digits }), join(folder(), 'state')];
    const other = join(dir, 'other.yaml');

    const { code, out, err } = await inside(['up', DIGITS, other, '--state', state]);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${other}:6:9: error: 'name' (digits) is also the name of the axon in ${DIGITS}:6 in namespace 'default', give one of them another 'name' or 'namespace'\n`);
    expect(err).toMatch(/\n1 error, nothing was started\n$/);
    expect(() => readdirSync(state)).toThrow('ENOENT');
  });

  test('start nothing for a warning when strict', () => {
    const odd = join(place({ 'odd.yaml': digits.replace('        lossMetricSelector: greater       # ... and larger is better\n', '') }), 'odd.yaml');
    const [usual, strict] = [terminal(), terminal()];

    expect(loadObjects([odd], {}, {}, usual.terminal)?.objects).toHaveLength(41);
    expect(usual.err()).toContain(': warning: ');
    expect(loadObjects([odd], { strict: true }, {}, strict.terminal)).toBeUndefined();
    expect(strict.err()).toMatch(/: error: .*\n1 error, nothing was started\n$/s);
  });
});

describe('a folder of manifests', () => {
  test('may hold one object twice', () => {
    expect(loadObjects([place({ 'a.yaml': object('1'), 'b.yaml': object('1') })], {}, {}, terminal().terminal)!.objects).toHaveLength(1);
  });

  test('may hold objects of one name in two namespaces', () => {
    expect(loadObjects([place({ 'a.yaml': object('1'), 'b.yaml': object('2', ', namespace: team') })], {}, {}, terminal().terminal)!.objects).toHaveLength(2);
  });

  test.each([
    ['two files', { 'a.yaml': object('1'), 'b.yaml': object('2') }, "'file' (DIR/b.yaml) holds the object 'ConfigMap default/a', which DIR/a.yaml also holds with other content"],
    ['one file', { 'a.yaml': `${object('1')}---\n${object('2')}` }, "'file' (DIR/a.yaml) holds the object 'ConfigMap default/a', which it also holds with other content"],
    ['one file that names the default namespace', { 'a.yaml': `${object('1')}---\n${object('2', ', namespace: default')}` },
      "'file' (DIR/a.yaml) holds the object 'ConfigMap default/a', which it also holds with other content"],
  ])('fails if %s holds two objects of one name', (_, files, message) => {
    const dir = place(files);

    expect(() => loadObjects([dir], {}, {}, terminal().terminal))
      .toThrow(`${message.replaceAll('DIR', dir)}, leave out one of them, or synthesise the loops again under different names`);
  });

  test('starts nothing if two of its files hold axons of one name', async () => {
    const [dir, state] = [folder(), join(folder(), 'state')];
    await inside(['synth', DIGITS, '-o', dir]);
    const text = readFileSync(join(dir, 'digits.yaml'), 'utf8');
    writeFileSync(join(dir, 'other.yaml'), text.replace('myelin.io/component: deploy', 'myelin.io/component: other'));

    const { code, err } = await inside(['up', dir, '--state', state]);

    expect(code).toBe(2);
    expect(err).toMatch(/^error: 'file' \(.*other\.yaml\) holds the object 'ServiceAccount default\/digits-deploy', which .*digits\.yaml also holds with other content, /);
    expect(() => readdirSync(state)).toThrow('ENOENT');
  });
});

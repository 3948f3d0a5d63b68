import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIGITS, folder, myelin, removeFolders, ROOT } from './cli.js';

afterAll(removeFolders);

const digits = readFileSync(DIGITS, 'utf8');
const wrong = digits.replace('minBudget: 3 ', 'minBudget: 28 ').replace('ReadWriteMany', 'ReadWriteMuch');

describe('validate', () => {
  test('is quiet about a file that is fine', () => {
    expect(myelin(['validate', DIGITS])).toEqual({ code: 0, out: 'the file is fine\n', err: '' });
  });

  test('reads the standard input', () => {
    expect(myelin(['validate', '-'], { input: digits }).out).toBe('the file is fine\n');
  });

  test('tells all mistakes at once, by place', () => {
    const { code, out, err } = myelin(['validate', '-'], { input: wrong });

    expect([code, err]).toEqual([1, '']);
    expect(out).toBe([
      "<stdin>:21:21: error: 'accessModes[0]' (ReadWriteMuch) must be one of ReadWriteMany, ReadWriteOnce, did you mean 'ReadWriteMany'?",
      '          accessModes: [ReadWriteMuch]        # pods on several nodes work on it at the same time',
      '                        ^~~~~~~~~~~~~',
      "<stdin>:55:22: error: 'minBudget' (28) must not exceed 'maxBudget' (27), swap them or raise 'maxBudget'",
      '              minBudget: 28                    # epochs',
      '                         ^~',
      '2 errors',
      '',
    ].join('\n'));
  });

  test('tells them as JSON', () => {
    const { code, out } = myelin(['validate', '-', '--format', 'json'], { input: wrong });

    expect(code).toBe(1);
    expect(JSON.parse(out).problems).toEqual([
      expect.objectContaining({ severity: 'error', file: '<stdin>', line: 21, column: 21, path: 'spec.volumeClaimTemplate.spec.accessModes[0]' }),
      {
        code: 'out-of-range',
        severity: 'error',
        file: '<stdin>',
        line: 55,
        column: 22,
        path: 'spec.tasks[1].train.hpTuning.minBudget',
        message: "'minBudget' (28) must not exceed 'maxBudget' (27), swap them or raise 'maxBudget'",
        source: '          minBudget: 28                    # epochs',
        length: 2,
      },
    ]);
  });

  test('of a file that is fine is JSON, too', () => {
    expect(JSON.parse(myelin(['validate', DIGITS, '--format', 'json']).out)).toEqual({ problems: [] });
  });

  test('goes on after a file that is wrong', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, 'hello');

    const { out } = myelin(['validate', '-', path], { input: wrong });

    expect(out).toMatch(/<stdin>:21:21: error: .*\n.*\n.*\n<stdin>:55:22: error: .*\n.*\n.*\n.*other\.yaml:1:1: error: /);
  });

  test('fails if two files hold axons of one name, at the later one', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, `# another file\n${digits.replace('name: digits ', 'name: Digits ')}`);

    const { code, out } = myelin(['validate', DIGITS, path]);

    expect(code).toBe(1);
    expect(out).toContain(`${path}:7:9: error: 'name' (Digits) is also the name of the axon in ${DIGITS}:6 in namespace 'default', give one of them another 'name' or 'namespace'\n`);
    expect(out).toMatch(/1 error, 1 warning\n$/);
  });

  test('names the rule of such a conflict, and its place, as JSON', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, digits);

    expect(JSON.parse(myelin(['validate', DIGITS, path, '--format', 'json']).out).problems).toEqual([
      expect.objectContaining({ code: 'duplicate', severity: 'error', file: path, line: 6, column: 9, path: 'metadata.name', length: 6 }),
    ]);
  });

  test('accepts axons of one name in two namespaces', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, digits.replace('  name: digits ', '  namespace: team\n  name: digits '));

    expect(myelin(['validate', DIGITS, path]).out).toBe('all 2 files are fine\n');
  });

  test('fails if two axons of different names create an object of one name', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, digits.replace('  name: digits ', '  name: other '));

    expect(myelin(['validate', DIGITS, path]).out).toContain(
      `${path}:6:9: error: 'object' (PersistentVolumeClaim default/digits-store) is also created by the axon in ${DIGITS}:6, with other content, give one of the claims another 'name'\n`);
  });

  test('finds an axon of a taken name in a file that has other errors', () => {
    const path = join(folder(), 'other.yaml');
    writeFileSync(path, wrong);

    expect(myelin(['validate', DIGITS, path]).out).toMatch(/other\.yaml:6:9: error: 'name' \(digits\).*other\.yaml:21:21: error.*\n3 errors\n$/s);
  });

  test.each([
    ['is empty', '', "<stdin>:1:1: error: 'file' (<stdin>) is empty, write a document of 'kind: Axon'"],
    ['is an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), "<stdin>:1:1: error: 'file' (<stdin>) is no text, name a YAML file"],
    ['is a manifest of another kind', 'kind: Service\n', "<stdin>:1:7: error: 'kind' (Service) must be Axon in one document at least"],
    ['is no YAML', 'a: [', '<stdin>:1:5: error: no valid YAML: '],
  ])('fails if the file %s', (_title, input, problem) => {
    const { code, out, err } = myelin(['validate', '-'], { input });

    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(problem);
  });
});

describe('the terminal', () => {
  test('gets no colours through a pipe', () => {
    expect(myelin(['validate', '-'], { input: wrong, env: { FORCE_COLOR: '1' } }).out).not.toContain('\u001b');
  });

  test('tells the version and its commands', () => {
    expect(myelin(['--version'])).toEqual({ code: 0, out: '0.0.0\n', err: '' });
    expect(myelin(['--help']).out).toMatch(/synth .*validate /s);
    expect(myelin(['synth', '--help'])).toEqual(expect.objectContaining({ code: 0, err: '' }));
  });

  test('a reader that has seen enough is no error', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'cli', 'bin', 'myelin.js'), 'validate', '--format', 'json', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text) => { err += text; });
    child.stdout.destroy();
    child.stdin.end(digits.replace(/name: /g, 'nane: '));

    const code = await new Promise((resolve) => child.on('close', resolve));

    // The file is wrong, and that is all.
    expect([code, err]).toEqual([1, '']);
  });
});

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIGITS, folder, inside, myelin, removeFolders, ROOT } from './cli.js';

afterAll(removeFolders);

const digits = readFileSync(DIGITS, 'utf8');

/** The same loop as another axon, with a claim of its own. */
function twin(name: string, namespace = ''): string {
  const path = join(folder(), 'axon.yaml');
  writeFileSync(path, digits.replace('  name: digits  ', `  name: ${name}\n${namespace && `  namespace: ${namespace}\n`}  `).replaceAll('digits-store', `${name}-store`));
  return path;
}

/** Writes a changed copy of the digits file. */
function copy(from: string, to: string, name = 'axon.yaml'): string {
  expect(digits).toContain(from);
  const path = join(folder(), name);
  writeFileSync(path, digits.replace(from, () => to));
  return path;
}

describe('synth', () => {
  // The whole output is the claim: it is what users apply. Renew it by `npm run golden:update`.
  test('writes the recorded manifests of the example, byte for byte', async () => {
    const dir = folder();

    const { code, out, err } = myelin(['synth', DIGITS, '-o', dir]);

    expect([code, err]).toEqual([0, '']);
    expect(readdirSync(dir).sort()).toEqual(['digits.yaml', 'platform.yaml']);
    for (const file of readdirSync(dir)) {
      expect(readFileSync(join(dir, file), 'utf8')).toBe(readFileSync(join(ROOT, 'examples', 'digits', 'expected', file), 'utf8'));
    }
    expect(out).toBe([
      `wrote ${join(dir, 'digits.yaml')} (35 objects)`,
      `wrote ${join(dir, 'platform.yaml')} (6 objects)`,
      "namespace default can enforce Pod Security 'restricted': no pod runs as root or mounts a folder of its node",
      '',
    ].join('\n'));
  });

  test('leaves files alone that would not change', async () => {
    const dir = folder();
    await inside(['synth', DIGITS, '-o', dir]);
    const before = statSync(join(dir, 'digits.yaml')).mtimeMs;

    const { out } = await inside(['synth', DIGITS, '-o', dir]);

    expect(out).toContain(`unchanged ${join(dir, 'digits.yaml')}`);
    expect(statSync(join(dir, 'digits.yaml')).mtimeMs).toBe(before);
  });

  test('writes a file for each axon, and the same platform whatever axons there are', async () => {
    const [one, two] = [folder(), folder()];
    const other = twin('other');

    await inside(['synth', DIGITS, '-o', one]);
    const { code } = await inside(['synth', other, DIGITS, '-o', two]);

    expect(code).toBe(0);
    expect(readdirSync(two).sort()).toEqual(['digits.yaml', 'other.yaml', 'platform.yaml']);
    expect(readFileSync(join(two, 'platform.yaml'), 'utf8')).toBe(readFileSync(join(one, 'platform.yaml'), 'utf8'));
  });

  test('writes a platform for each namespace where there are several', async () => {
    const dir = folder();
    const other = twin('other', 'team');

    const { out } = await inside(['synth', DIGITS, other, '-o', dir]);

    expect(readdirSync(dir).sort()).toEqual(['digits.yaml', 'other.yaml', 'platform-default.yaml', 'platform-team.yaml']);
    expect(out).toContain("namespace team can enforce Pod Security 'restricted'");
  });

  test('keeps the namespace of an axon whose store is a folder of the node to Pod Security restricted', async () => {
    const file = copy(digits.slice(digits.indexOf('  volumeClaimTemplate:'), digits.indexOf('  # What can run.')), '  volume: {hostPath: {path: /data}}\n\n');

    const { out } = await inside(['synth', file, '-o', folder(), '--explain']);

    expect(out).toContain("namespace default can enforce Pod Security 'restricted'");
    expect(out).toMatch(/PersistentVolume\/default-digits-store +the folder of the node that keeps data and models; no tool prunes it/);
  });

  test('says which tasks leave their command to the image', async () => {
    const { out } = await inside(['synth', copy('        command: [python, prepare.py]\n', ''), '-o', folder()]);

    expect(out).toContain('axon digits: prepare names no command, so Argo Workflows asks the registry of the image for it\n');
  });

  test('explains every object', async () => {
    const { out } = await inside(['synth', DIGITS, '-o', folder(), '--explain']);

    const lines = out.split('\n').filter((line) => line.startsWith('  '));
    expect(lines).toHaveLength(41);
    expect(lines).toContain('  EventSource/digits                  takes events in over HTTP: ended tasks, calls, alerts');
    expect(lines.filter((line) => line.includes('belongs to'))).toEqual([]);
  });

  test('puts the namespace, the registry and outside builds into the manifests', async () => {
    const dir = folder();

    await inside(['synth', DIGITS, '-o', dir, '-n', 'team', '--registry', 'registry.example.org/ml', '--images', 'external', '--no-platform']);

    const text = readFileSync(join(dir, 'digits.yaml'), 'utf8');
    expect(readdirSync(dir)).toEqual(['digits.yaml']);
    expect(text).toContain('namespace: team');
    expect(text).toContain('image: registry.example.org/ml/digits-prepare:4f1c2d0');
    expect(text).not.toContain('buildctl');
  });

  test('hands the login of a registry to nodes and builds', async () => {
    const dir = folder();

    await inside(['synth', DIGITS, '-o', dir, '--registry-login', 'registry-login']);

    expect(readFileSync(join(dir, 'digits.yaml'), 'utf8')).toMatch(/imagePullSecrets:\n\s+- name: registry-login/);
  });

  test('writes nothing when any file is wrong, and tells everything', async () => {
    const dir = join(folder(), 'out');
    const wrong = twin('other');
    writeFileSync(wrong, readFileSync(wrong, 'utf8').replace('weight: 80', 'weight: 81'));

    const { code, out, err } = await inside(['synth', DIGITS, wrong, '-o', dir]);

    expect([code, out]).toEqual([1, '']);
    expect(err).toBe([
      `${wrong}:96:17: error: 'destinations' (81 + 20) must sum to 100, and sum to 101, change them so that they do`,
      '                  - destinations:',
      '                    ^~~~~~~~~~~~',
      '1 error, nothing was written',
      '',
    ].join('\n'));
    expect(() => statSync(dir)).toThrow('ENOENT');
  });

  test('fails if two files hold axons of one name, and writes nothing', async () => {
    const dir = join(folder(), 'out');
    const other = copy('weight: 80', 'weight: 80 ');

    const { code, out, err } = await inside(['synth', DIGITS, other, '-o', dir]);

    expect([code, out]).toEqual([1, '']);
    expect(err).toBe([
      `${other}:6:9: error: 'name' (digits) is also the name of the axon in ${DIGITS}:6 in namespace 'default', give one of them another 'name' or 'namespace'`,
      `    ${digits.split('\n')[5]}`,
      '            ^~~~~~',
      '1 error, nothing was written',
      '',
    ].join('\n'));
    expect(() => statSync(dir)).toThrow('ENOENT');
  });

  test('fails if two axons create an object of one name, and writes nothing', async () => {
    const dir = folder();
    const other = copy('  name: digits  ', '  name: other  ');

    const { code, err } = await inside(['synth', DIGITS, other, '-o', dir]);

    expect(code).toBe(1);
    expect(err).toContain(`${other}:6:9: error: 'object' (PersistentVolumeClaim default/digits-store) is also created by the axon in ${DIGITS}:6, `
      + "with other content, give one of the claims another 'name'\n");
    expect(readdirSync(dir)).toEqual([]);
  });

  test('writes changed manifests of an axon over earlier ones', async () => {
    const dir = folder();
    await inside(['synth', DIGITS, '-o', dir]);

    const { code, out } = await inside(['synth', copy('concurrency: 2', 'concurrency: 4'), '-o', dir]);

    expect([code, out]).toEqual([0, expect.stringContaining(`wrote ${join(dir, 'digits.yaml')}`)]);
  });

  test('tells warnings and writes all the same, unless it is strict', async () => {
    const odd = copy('        lossMetricSelector: greater       # ... and larger is better\n', '');

    const usual = await inside(['synth', odd, '-o', folder()]);
    const strict = await inside(['synth', odd, '-o', folder(), '--strict']);

    expect([usual.code, usual.err.split('\n').slice(-2)]).toEqual([0, ['1 warning', '']]);
    expect(usual.err).toContain(":47:21: warning: 'lossMetric' (validation_accuracy) is minimized, but its name reads as larger is better");
    expect([strict.code, strict.err.split('\n').slice(-2)]).toEqual([1, ['1 error, nothing was written', '']]);
  });

  test('gets by with unknown keys when it is lenient', async () => {
    const file = copy('    - name: serve\n', '    - name: serve\n      colour: red\n');

    expect((await inside(['synth', file, '-o', folder(), '--lenient'])).code).toBe(0);
    expect((await inside(['synth', file, '-o', folder()])).code).toBe(1);
  });
});

describe('what cannot be done', () => {
  const failure = async (args: string[]) => {
    const { code, out, err } = await inside(args);
    expect([code, out]).toEqual([2, '']);
    return err;
  };

  test('fails if axons of two namespaces would be written to one file', async () => {
    expect(await failure(['synth', DIGITS, twin('digits', 'team'), '-o', folder()]))
      .toBe("error: 'axon' (digits) is the name of an axon of the namespaces 'default' and 'team', and both would be written to digits.yaml, write each to its own folder\n");
  });

  test('fails if the folder holds manifests of another namespace, and leaves them alone', async () => {
    const dir = folder();
    await inside(['synth', DIGITS, '-o', dir, '-n', 'staging', '--no-platform']);
    const before = readFileSync(join(dir, 'digits.yaml'), 'utf8');

    expect(await failure(['synth', DIGITS, '-o', dir, '-n', 'production', '--no-platform'])).toBe(
      `error: 'output' (${join(dir, 'digits.yaml')}) holds the objects of the namespace 'staging', and would be replaced by those of 'production', `
      + "write to another folder, or remove the file if nothing runs in 'staging' any more\n");
    expect(readFileSync(join(dir, 'digits.yaml'), 'utf8')).toBe(before);
  });

  test('fails if the folder holds the platform of another namespace, and writes nothing', async () => {
    const dir = folder();
    await inside(['synth', DIGITS, '-o', dir, '-n', 'staging']);

    expect(await failure(['synth', twin('other'), '-o', dir, '-n', 'production'])).toMatch(/^error: 'output' \(.*platform\.yaml\) holds the objects of the namespace 'staging'/);
    expect(readdirSync(dir).sort()).toEqual(['digits.yaml', 'platform.yaml']);
  });

  test.each([
    ['an axon file', digits],
    ['a manifest of another tool', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n'],
    ['a list', '- 1\n'],
    ['text', 'a: [\n'],
  ])('fails if it would replace %s', async (_, text) => {
    const dir = folder();
    const path = join(dir, 'digits.yaml');
    writeFileSync(path, text);

    expect(await failure(['synth', DIGITS, '-o', dir]))
      .toBe(`error: 'output' (${path}) exists, and holds something other than manifests of this command, write to another folder, or move the file\n`);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(dir)).toEqual(['digits.yaml']);
  });

  test('fails if an axon would be written to the file of the platform', async () => {
    expect(await failure(['synth', copy('  name: digits  ', '  name: platform  '), '-o', folder()]))
      .toBe("error: 'axon' (platform) would be written to the file of the platform, rename it, or write it with --no-platform\n");
  });

  test('writes an axon called platform without the platform', async () => {
    expect((await inside(['synth', copy('  name: digits  ', '  name: platform  '), '-o', folder(), '--no-platform'])).code).toBe(0);
  });

  test('fails if a file does not exist, is a folder or is named twice', async () => {
    const dir = folder();
    expect(await failure(['synth', '/no/such.yaml', '-o', dir])).toBe("error: 'file' (/no/such.yaml) does not exist, check its path\n");
    expect(await failure(['synth', dir, '-o', dir])).toBe(`error: 'file' (${dir}) is a folder, name the files in it\n`);
    expect(await failure(['synth', DIGITS, DIGITS, '-o', dir])).toBe(`error: 'file' (${DIGITS}) is named twice, name it once\n`);
  });

  test('fails if the output is a file, and leaves it alone', async () => {
    const path = join(folder(), 'taken');
    writeFileSync(path, 'mine');

    expect(await failure(['synth', DIGITS, '-o', path])).toMatch(/^error: 'output' \(.*taken\) cannot be written to \(EEXIST\), name a folder that you may write to\n$/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('leaves no half written files behind when the folder takes none', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'digits.yaml'));

    expect(await failure(['synth', DIGITS, '-o', dir])).toContain("'output'");
    chmodSync(dir, 0o755);
    expect(readdirSync(dir).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  test('fails if an option has a value that no cluster would take', async () => {
    const out = folder();
    expect(await failure(['synth', DIGITS, '-o', out, '--registry', 'http://x'])).toContain("error: 'registry' (http://x) must be a registry's host");
    expect(await failure(['synth', DIGITS, '-o', out, '--registry-login', 'A B'])).toContain("error: 'registryCredentials.secret' (A B) must consist of");
    expect(await failure(['synth', DIGITS, '-o', out, '-n', 'Team'])).toContain("error: 'namespace' (Team) must consist of letters a-z, digits and '-'");
    expect(await failure(['synth', DIGITS, '-o', out, '--images', 'none'])).toContain("option '--images <how>' argument 'none' is invalid. Allowed choices are build, external.");
  });

  test('fails if options are unknown, missing or contradict each other', async () => {
    expect(await failure(['synth', DIGITS, '-o', 'x', '--bogus'])).toContain("error: unknown option '--bogus'");
    expect(await failure(['synth', DIGITS])).toContain("error: required option '-o, --output <dir>' not specified");
    expect(await failure(['synth', '-o', 'x'])).toContain("error: missing required argument 'file'");
    expect(await failure(['synth', DIGITS, '-o', 'x', '--lenient', '--strict'])).toContain("option '--lenient' cannot be used with option '--strict'");
    expect(await failure(['sinth'])).toContain("error: unknown command 'sinth'");
    expect(await failure([])).toContain('Usage: myelin');
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { Pythons } from '../../../../src/pocket/images/python/interpreter.js';
import { Venvs } from '../../../../src/pocket/images/python/venvs.js';
import { folder, removeFolders, write } from '../fixture.js';

// An environment with pip in it takes seconds, and more on a busy machine.
jest.setTimeout(120_000);

afterAll(removeFolders);

const python = new Pythons(process.env).find(undefined);
const NOTHING = { requirements: [], options: [], constraints: [], local: [], client: false };

const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/demo_package-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("demo_package.py", "ANSWER = 42\\n")
    wheel.writestr("demo_package-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo-package\\nVersion: 1.0\\n")
    wheel.writestr("demo_package-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("demo_package-1.0.dist-info/RECORD", "demo_package.py,,\\ndemo_package-1.0.dist-info/METADATA,,\\n")
`;

async function wheels(): Promise<string> {
  const place = folder();
  execFileSync((await python).executable, ['-c', MAKE_WHEEL, place]);
  return place;
}

function says(bin: string, code: string): string {
  return execFileSync(join(bin, 'python'), ['-c', code], { encoding: 'utf8' }).trim();
}

describe('an environment', () => {
  test('without packages is a Python of its own, made once', async () => {
    const lines: string[] = [];
    const venvs = new Venvs(join(folder(), 'envs'), process.env);
    const request = { python: await python, wanted: undefined, installs: [] };
    const first = await venvs.ensure(request, { onLine: (line) => lines.push(line) });
    const told = lines.length;
    expect(says(first.bin, 'import sys; print(sys.prefix != sys.base_prefix)')).toBe('True');
    expect(await venvs.ensure(request, { onLine: (line) => lines.push(line) })).toEqual(first);
    expect(told).toBeGreaterThan(0);
    expect(lines.length).toBe(told);
  });

  test('has the packages that are asked for, whatever else the user has set for Python', async () => {
    const env = { ...process.env, PYTHONPATH: '/nowhere', VIRTUAL_ENV: '/nowhere', PIP_USER: '1', PIP_TARGET: '/nowhere', HOME: folder() };
    const place = await wheels();
    const write_ = async (root: string) => cpSync(place, join(root, 'app', 'wheels'), { recursive: true });
    const lines: string[] = [];
    const options = ['--no-index', '--find-links {root}/app/wheels'];
    const installs = [{ ...NOTHING, requirements: ['demo-package'], options, constraints: ['demo-package<2'], local: ['/app/wheels'], localDigest: 'a', write: write_ }];
    const { bin } = await new Venvs(join(folder(), 'envs'), env).ensure({ python: await python, wanted: undefined, installs }, { onLine: (line) => lines.push(line) });
    expect(says(bin, 'import demo_package; print(demo_package.ANSWER)')).toBe('42');
    expect(lines).toContain('Successfully installed demo-package-1.0');
  });

  test('is not there after a failed install, and pip says why', async () => {
    const envs = join(folder(), 'envs');
    const installs = [{ ...NOTHING, requirements: ['no-such-package-anywhere==9'], options: ['--no-index'] }];
    const failed = new Venvs(envs, process.env).ensure({ python: await python, wanted: '3.7', installs });
    await expect(failed).rejects.toMatchObject({ permanent: true, message: expect.stringMatching(/^'pip install' \(no-such-package-anywhere==9\) found no version of a package that fits, Python 3\.\S+ of this machine stands in for 3\.7[^]*No matching distribution found/) });
    const [home] = readdirSync(envs).filter((name) => !name.endsWith('.lock'));
    expect(readdirSync(join(envs, home!))).toEqual([]);
  });

  test('is made by one of several builders, in one process or another', async () => {
    const envs = join(folder(), 'envs');
    const venvs = [1, 2, 3].map(() => new Venvs(envs, process.env));
    const request = { python: await python, wanted: undefined, installs: [] };
    const lines: string[] = [];
    const made = await Promise.all(venvs.map(async (each) => each.ensure(request, { onLine: (line) => lines.push(line) })));
    expect(new Set(made.map(({ folder: path }) => path)).size).toBe(1);
    expect(lines.filter((line) => line.startsWith('making'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('waiting for it'))).toHaveLength(2);
  });

  test('is made anew after a kill in between, and what was left is cleared away', async () => {
    const state = join(folder(), 'envs');
    const request = { python: await python, wanted: undefined, installs: [] };
    const { folder: path } = await new Venvs(state, process.env).ensure(request);
    const home = join(path, '..');
    rmSync(path, { recursive: true });
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => child.once('close', done));
    const left = join(home, `build-${child.pid}-123-abcd`);
    mkdirSync(left);
    writeFileSync(`${home}.lock`, JSON.stringify({ pid: child.pid, startedAt: '123' }));
    const again = await new Venvs(state, process.env).ensure(request);
    expect([existsSync(left), existsSync(`${home}.lock`), again.folder === path, existsSync(join(again.bin, 'python'))]).toEqual([false, false, false, true]);
  });

  test('of a Python that is gone is made anew', async () => {
    const venvs = new Venvs(join(folder(), 'envs'), process.env);
    const request = { python: await python, wanted: undefined, installs: [] };
    const { bin } = await venvs.ensure(request);
    rmSync(join(bin, 'python'));
    expect(existsSync(join((await venvs.ensure(request)).bin, 'python'))).toBe(true);
  });
});

describe('a Python that cannot make environments', () => {
  const fake = async (script: string) => {
    const bin = write(folder(), { python3: `#!/bin/sh\n${script}\n` });
    return { executable: join(bin, 'python3'), version: '3.11.0', id: 'fake' };
  };

  test.each([
    ['echo "ensurepip is not available: apt install python3.11-venv"; exit 1', /\(without venv\) must be able to make environments, install its package, as 'apt install python3-venv'$/],
    ['echo "something else"; exit 3', /\(-m venv\) must make an environment, see what it says:\n {2}something else$/],
  ])('fails if it says %j', async (script, message) => {
    await expect(new Venvs(join(folder(), 'envs'), process.env).ensure({ python: await fake(script), wanted: undefined, installs: [] })).rejects.toThrow(message);
  });
});

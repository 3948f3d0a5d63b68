import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ImageBuilder } from '../../../src/pocket/images/image-builder.js';
import { LaptopImages, runtimeBinary } from '../../../src/pocket/images/images.js';
import { Notes, folder, removeFolders, write } from './fixture.js';

jest.setTimeout(60_000);

afterAll(removeFolders);

const TAG = 'registry.local:5000/team/digits-train:4f1c2d0';
let state: string;
let code: string;

async function build(dockerfile: string, names = [TAG]): Promise<string> {
  write(code, { Dockerfile: dockerfile });
  return (await new ImageBuilder(state, process.env).build({ context: code, dockerfile: join(code, 'Dockerfile'), names })).digest;
}

const images = () => new LaptopImages({ stateDir: state, log: new Notes() });

beforeAll(() => {
  state = join(folder(), '.myelin');
  code = write(folder(), { 'train.py': 'print("trained")\n', 'requirements.txt': 'cdk8s_myelin_client\n' });
});

const DOCKERFILE = `FROM python:3
WORKDIR /app
ENV SEED=4 PATH=/app/bin:$PATH
RUN mkdir -p bin
COPY requirements.txt train.py ./
RUN pip install -r requirements.txt
ENTRYPOINT ["python", "train.py"]
`;

describe('an image that was built here', () => {
  test('is found by its tag and by its digest, and runs', async () => {
    const digest = await build(DOCKERFILE);
    const byTag = await images().resolve(TAG);
    expect(await images().resolve(`${TAG.replace(/:[^:]*$/, '')}@${digest}`)).toEqual(byTag);
    expect(byTag).toMatchObject({ workdir: '/app', entrypoint: ['python', 'train.py'], cmd: [], env: { SEED: '4', PYTHONDONTWRITEBYTECODE: '1' } });
    expect(byTag.path[0]).toBe(join(byTag.root, 'app', 'bin'));
    const options = { cwd: byTag.root + byTag.workdir, env: { ...byTag.env, PATH: `${byTag.path.join(':')}:${process.env.PATH}` }, encoding: 'utf8' } as const;
    expect(execFileSync('python', ['train.py'], options)).toBe('trained\n');
    expect(execFileSync('python', ['-c', 'import sys, myelin; print(sys.prefix)'], options).trim()).toBe(join(byTag.path[1]!, '..'));
  });

  test('is the same from the same inputs, and another when a file or line is', async () => {
    const first = await build(DOCKERFILE);
    expect(await build(`# comment\n${DOCKERFILE}`)).toBe(first);
    expect(await build(DOCKERFILE.replace('SEED=4', 'SEED=5'))).not.toBe(first);
    write(code, { 'train.py': 'print("changed")\n' });
    const changed = await build(DOCKERFILE);
    expect(changed).not.toBe(first);
    expect(readFileSync(join((await images().resolve(TAG)).root, 'app', 'train.py'), 'utf8')).toBe('print("changed")\n');
    expect(existsSync(join(state, 'images', first.slice(7), 'root', 'app', 'train.py'))).toBe(true);
  });

  test('gets its environment again when somebody has removed it', async () => {
    await build(DOCKERFILE);
    rmSync(join(state, 'envs'), { recursive: true });
    const { path } = await images().resolve(TAG);
    expect(existsSync(join(path[1]!, 'python'))).toBe(true);
  });

  test('can be the base of another', async () => {
    await build(DOCKERFILE);
    await build(`FROM ${TAG}\nCOPY train.py second.py\nCMD ["--fast"]`, ['registry.local:5000/second']);
    const { root, env, entrypoint, cmd, path } = await images().resolve('registry.local:5000/second:latest');
    expect({ entrypoint, cmd, SEED: env.SEED }).toEqual({ entrypoint: ['python', 'train.py'], cmd: ['--fast'], SEED: '4' });
    expect([existsSync(join(root, 'app', 'train.py')), existsSync(join(root, 'app', 'second.py')), path[0]]).toEqual([true, true, join(root, 'app', 'bin')]);
    expect(env.PYTHONPATH).toMatch(/python\/src$/);
  });

  test('has only what its requirements ask for', async () => {
    await build('FROM python:3\nWORKDIR /app\n', ['plain:1']);
    expect((await images().resolve('plain:1')).env.PYTHONPATH).toBeUndefined();
  });
});

describe('other images', () => {
  test('the builder is a shell with buildctl and node on its path', async () => {
    const env = { ...process.env, PIP_INDEX_URL: 'https://example.org', SECRET: 'x' };
    const { path, env: own } = await new LaptopImages({ stateDir: state, log: new Notes(), env }).resolve('moby/buildkit:v0.25.2-rootless');
    expect(own).toMatchObject({ MYELIN_POCKET_STATE: state, PIP_INDEX_URL: 'https://example.org' });
    expect(own.SECRET).toBeUndefined();
    const found = execFileSync('/bin/sh', ['-c', 'command -v buildctl && node --version'], { env: { PATH: `${path.join(':')}:/usr/bin:/bin` }, encoding: 'utf8' });
    expect(found).toMatch(new RegExp(`pocket-tools/buildctl\n${process.version}\n`));
  });

  test('our own programs are started with this Node', async () => {
    const { runtime, entrypoint } = await images().resolve('mirror.example/cdk8s-myelin/runtime:0.0.0');
    expect({ runtime, entrypoint }).toEqual({ runtime: true, entrypoint: [process.execPath, runtimeBinary()] });
    expect(existsSync(runtimeBinary())).toBe(true);
  });

  test('a plain Python is one of this machine', async () => {
    const { path, root, cmd } = await images().resolve('python:3-slim');
    expect(existsSync(join(path[0]!, 'python3'))).toBe(true);
    expect({ cmd, there: existsSync(root) }).toEqual({ cmd: ['python3'], there: true });
  });

  test('fails if an image is none of these', async () => {
    await expect(images().resolve('nginx:1')).rejects.toThrow("'nginx:1' (not built here) must be an image that a run of this cluster builds");
    await expect(images().resolve(`a@sha256:${'0'.repeat(64)}`)).rejects.toThrow('(not built here)');
  });
});

describe('a build', () => {
  test('fails if the Dockerfile is not there', async () => {
    const missing = new ImageBuilder(state, process.env).build({ context: code, dockerfile: join(code, 'none', 'Dockerfile'), names: [] });
    await expect(missing).rejects.toThrow("'none/Dockerfile' (not there) must be the Dockerfile to build, add it or correct its path");
  });

  test('several at once make one image, whole', async () => {
    const own = join(folder(), '.myelin');
    mkdirSync(own);
    write(code, { Dockerfile: DOCKERFILE });
    const builds = [1, 2, 3].map(async (n) => new ImageBuilder(own, process.env).build({ context: code, dockerfile: join(code, 'Dockerfile'), names: [`x:${n}`] }));
    expect(new Set((await Promise.all(builds)).map(({ digest }) => digest)).size).toBe(1);
    expect(await new ImageBuilder(own, process.env).store.tags()).toEqual(['x:1', 'x:2', 'x:3']);
  });
});

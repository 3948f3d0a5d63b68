import { spawnSync } from 'child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { digitsLoop } from '../helpers/loop';
import { Manifest, synthesise, templateOf } from '../helpers/manifests';

const DIGEST = `sha256:${'0f'.repeat(32)}`;
let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'myelin-build-'));
  ['bin', 'out', 'src'].forEach((folder) => mkdirSync(join(work, folder)));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

/** Stands for BuildKit's client: keeps what it was asked, and writes metadata as it does. */
function buildctl(metadata: object): void {
  const path = join(work, 'bin', 'buildctl');
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > ${work}/asked\ncat > ${work}/out/metadata.json <<'END'\n${JSON.stringify(metadata, undefined, 2)}\nEND\n`);
  chmodSync(path, 0o755);
}

/** Runs a build step's own script, with its paths moved into a folder of the test. */
function build(task: string, files: Record<string, string> = {}): { status: number | null; asked: string[]; image?: string; dockerfile?: string } {
  const { container } = templateOf(synthesise(digitsLoop().chart), `build-${task}`);
  const env = Object.fromEntries(container.env.map(({ name, value }: Manifest) => [name, value]));
  const moved = (text: string) => text.replaceAll('/myelin/out', join(work, 'out')).replaceAll('/src', join(work, 'src'));
  for (const [path, text] of Object.entries(files)) {
    const target = join(moved(env.BUILD_CONTEXT), path);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }
  const [shell, flags] = container.command;
  const { status } = spawnSync(shell, [flags, moved(container.args[0])], {
    env: { ...Object.fromEntries(Object.entries<string>(env).map(([name, value]) => [name, moved(value)])), PATH: `${join(work, 'bin')}:${process.env.PATH}` },
  });
  const read = (path: string) => (existsSync(join(work, path)) ? readFileSync(join(work, path), 'utf8') : undefined);
  return { status, asked: (read('asked') ?? '').split('\n'), image: read('out/image'), dockerfile: read('out/Dockerfile') };
}

test('a build hands on the image by the digest that BuildKit reports', () => {
  buildctl({ 'containerimage.config.digest': `sha256:${'aa'.repeat(32)}`, 'containerimage.digest': DIGEST, 'image.name': 'x' });

  const { status, asked, image } = build('prepare');

  expect(status).toBe(0);
  expect(image).toBe(`registry.local:5000/digits-prepare@${DIGEST}`);
  expect(asked).toEqual(expect.arrayContaining([
    `context=${work}/src`, `dockerfile=${work}/src/prepare`, 'filename=Dockerfile', 'type=image,name=registry.local:5000/digits-prepare:4f1c2d0,push=true',
  ]));
});

test('fails if BuildKit reports no digest, and hands on nothing', () => {
  buildctl({ 'image.name': 'x' });

  const { status, image } = build('prepare');

  expect(status).not.toBe(0);
  expect(image).toBeUndefined();
});

test('a folder without Dockerfile gets one from its requirements and its environment', () => {
  buildctl({ 'containerimage.digest': DIGEST });

  const { status, dockerfile, asked } = build('serve', { 'requirements.txt': 'numpy\n', '.s2i/environment': 'MODEL_NAME=Digits\n# a comment\nGREETING=hello world\n' });

  expect(status).toBe(0);
  expect(dockerfile).toBe([
    'FROM python:3.11.9-slim-bookworm', 'WORKDIR /app', 'ENV MODEL_NAME="Digits"', 'ENV GREETING="hello world"', 'COPY . /app',
    'RUN pip install --no-cache-dir -r requirements.txt', 'USER 1000', '',
  ].join('\n'));
  expect(asked).toContain(`context=${work}/src/serve`);
});

test('a folder with nothing but code is copied as it is', () => {
  buildctl({ 'containerimage.digest': DIGEST });

  expect(build('serve', { 'Digits.py': '' }).dockerfile).toBe('FROM python:3.11.9-slim-bookworm\nWORKDIR /app\nCOPY . /app\nUSER 1000\n');
});

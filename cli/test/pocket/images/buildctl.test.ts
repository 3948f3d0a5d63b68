import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { buildctl } from '../../../src/pocket/images/buildctl.js';
import { LaptopImages } from '../../../src/pocket/images/images.js';
import { Notes, folder, removeFolders, write } from './fixture.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const DIGITS = join(ROOT, 'examples', 'digits');

interface Template {
  readonly name: string;
  readonly container: {
    readonly image: string;
    readonly command: string[];
    readonly args: string[];
    readonly env: { readonly name: string; readonly value: string }[];
  };
}

let state: string;
let code: string;
let templates: Template[];

beforeAll(() => {
  state = join(folder(), '.myelin');
  code = join(folder(), 'code');
  cpSync(join(DIGITS, 'code'), code, { recursive: true });
  // The packages themselves are not what is tested here, and take their time.
  for (const image of ['prepare', 'train', 'serve']) {
    const path = join(code, image, 'requirements.txt');
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').filter((line) => line.startsWith('cdk8s')).join('\n'));
  }
  const objects = loadAll(readFileSync(join(DIGITS, 'expected', 'digits.yaml'), 'utf8')) as { kind: string; spec: { templates: Template[] } }[];
  templates = objects.find(({ kind }) => kind === 'WorkflowTemplate')!.spec.templates;
});

jest.setTimeout(60_000);

afterAll(removeFolders);

/** Runs the script of a build step as the pod runner does: with folders of this machine for those of the container. */
async function step(name: string): Promise<{ status: number | null; output: string; image: string | undefined }> {
  const { container } = templates.find((template) => template.name === name)!;
  const out = folder();
  const host = (text: string) => text.replaceAll('/myelin/out', out).replaceAll('/myelin/home', out).replace(/(?<![\w.])\/src/g, code);
  const image = await new LaptopImages({ stateDir: state, log: new Notes() }).resolve(container.image);
  const own = Object.fromEntries(container.env.map(({ name: key, value }) => [key, host(value)]));
  const env = { ...image.env, ...own, PATH: [...image.path, process.env.PATH].join(':') };
  const { status, stdout, stderr } = spawnSync(container.command[0]!, [...container.command.slice(1), ...container.args.map(host)], { env, cwd: image.root, encoding: 'utf8' });
  const told = join(out, 'image');
  return { status, output: stdout + stderr, image: existsSync(told) ? readFileSync(told, 'utf8') : undefined };
}

describe('the build steps of the example', () => {
  test.each([
    ['build-prepare', 'digits-prepare', ['python', 'prepare.py'], { SEED: '4', PYTHONUNBUFFERED: '1' }, 'prepare.py'],
    ['build-train', 'digits-train', ['python', 'train.py'], { PYTHONUNBUFFERED: '1' }, 'train.py'],
    ['build-serve', 'digits-serve', [], { MODEL_NAME: 'Digits', PERSISTENCE: '0' }, 'Digits.py'],
  ])('%s runs as it is', async (name, repository, entrypoint, env, file) => {
    const { status, output, image } = await step(name);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining(`registry.local:5000/${repository}:4f1c2d0 is sha256:`) });
    expect(image).toMatch(new RegExp(`^registry.local:5000/${repository}@sha256:[0-9a-f]{64}$`));
    const resolved = await new LaptopImages({ stateDir: state, log: new Notes() }).resolve(image!);
    expect(resolved).toMatchObject({ workdir: '/app', entrypoint, env });
    expect(existsSync(join(resolved.root, 'app', file))).toBe(true);
  });

  test('a step that has run before says the same at once', async () => {
    const [first, second] = [await step('build-train'), await step('build-train')];
    expect(second.image).toBe(first.image);
    expect(second.output).not.toContain('making an environment');
  });

  test('fails if a file is missing, as a step that need not be tried again', async () => {
    const dockerfile = join(code, 'train', 'Dockerfile');
    const before = readFileSync(dockerfile, 'utf8');
    writeFileSync(dockerfile, before.replace('COPY train/train.py', 'COPY train/trian.py'));
    const { status, output, image } = await step('build-train');
    writeFileSync(dockerfile, before);
    expect({ status, image }).toEqual({ status: 65, image: undefined });
    expect(output).toMatch(/^error: 'train\/Dockerfile:\d+' \(train\/trian\.py\) must name something in the build's folder/m);
  });
});

describe('the command line', () => {
  const run = async (args: string, env: NodeJS.ProcessEnv = { ...process.env, MYELIN_POCKET_STATE: join(folder(), 'state') }) => {
    const lines: string[] = [];
    const code_ = await buildctl(args.split(' '), env, (line) => lines.push(line));
    return { code: code_, text: lines.join('\n') };
  };

  test('arguments, target and several names are known', async () => {
    const place = write(folder(), { 'My.Dockerfile': 'FROM python:3 AS one\nARG A\nENV A=$A\nFROM one\nENV A=none\n' });
    const options = `--local=context=${place} --local dockerfile=${place} --opt=filename=My.Dockerfile --opt target=one --opt build-arg:A=x=y --progress plain`;
    const metadata = join(place, 'metadata.json');
    mkdirSync(join(place, 'state'));
    const env = { ...process.env, MYELIN_POCKET_STATE: join(place, 'state') };
    const { code: code_ } = await run(`build ${options} --output type=image,"name=a:1,b:2",push=true --metadata-file ${metadata}`, env);
    expect(code_).toBe(0);
    const images = new LaptopImages({ stateDir: join(place, 'state'), log: new Notes() });
    expect([(await images.resolve('a:1')).env.A, (await images.resolve('b:2')).env.A]).toEqual(['x=y', 'x=y']);
    expect(JSON.parse(readFileSync(metadata, 'utf8'))).toMatchObject({ 'containerimage.digest': expect.stringMatching(/^sha256:/), 'image.name': 'a:1,b:2' });
  });

  test.each([
    ['prune', /'buildctl' \(prune\) must be the command 'build'/],
    ['build --secret id=x', /'buildctl' \(build --secret id=x\) is not understood on a laptop: Unknown option '--secret'/],
    ['build --frontend gateway.v0', /'--frontend' \(gateway.v0\) must be dockerfile.v0/],
    ['build --local context=/x', /'--local' \(context=\/x\) must name the folders context and dockerfile/],
    ['build --local context=/x --local dockerfile=/x --opt cgroup-parent=x', /'--opt' \(cgroup-parent\) is not supported on a laptop/],
    ['build --local context=/x --local dockerfile=/x --output type=local,dest=/y', /'--output' \(type=local,dest=\/y\) must be of type image/],
  ])('fails if it is %s', async (args, message) => {
    expect(await run(args)).toEqual({ code: 65, text: expect.stringMatching(message) });
  });

  test('fails if it is not told where images are kept', async () => {
    expect(await run('build --local context=/x --local dockerfile=/x', {})).toEqual({ code: 65, text: expect.stringContaining("'MYELIN_POCKET_STATE' (not set) must name the state folder") });
  });
});

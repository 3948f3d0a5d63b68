import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { misused } from '../../outcome.js';
import { BuildError, reasonOf } from './build-error.js';
import { BuildRequest, ImageBuilder } from './image-builder.js';
import { StoredImage } from './image-store.js';

/** The exit code after which a step is not tried again. */
const PERMANENT = 65;

interface Command extends BuildRequest {
  readonly metadataFile: string | undefined;
}

/** BuildKit's client on a laptop: the same command line, as far as build steps use it, and an image in the state folder instead of a registry. */
export async function buildctl(args: readonly string[], env: NodeJS.ProcessEnv, write: (line: string) => void): Promise<number> {
  try {
    const command = commandOf(args);
    const state = env.MYELIN_POCKET_STATE;
    if (state === undefined || state === '') throw misused('MYELIN_POCKET_STATE', 'not set', 'must name the state folder', "let 'myelin up' start the step");
    const started = Date.now();
    const image = await new ImageBuilder(state, env).build(command, { onLine: write });
    if (command.metadataFile !== undefined) await writeFile(command.metadataFile, metadataOf(image, command.names));
    write(`${command.names.join(', ') || 'image'} is ${image.digest.slice(0, 19)}, after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return 0;
  } catch (e) {
    write(`error: ${reasonOf(e)}`);
    return e instanceof BuildError && !e.permanent || isEnvironmental(e) ? 1 : PERMANENT;
  }
}

/** Reads `build --local context=… --opt filename=…`; what would change the image and is not known is refused by name. */
function commandOf(args: readonly string[]): Command {
  const { values, positionals } = (() => {
    try {
      return parseArgs({
        args: [...args],
        allowPositionals: true,
        strict: true,
        options: {
          'frontend': { type: 'string' },
          'local': { type: 'string', multiple: true },
          'opt': { type: 'string', multiple: true },
          'output': { type: 'string', multiple: true, short: 'o' },
          'metadata-file': { type: 'string' },
          'progress': { type: 'string' },
          'addr': { type: 'string' },
          'no-cache': { type: 'boolean' },
          'import-cache': { type: 'string', multiple: true },
          'export-cache': { type: 'string', multiple: true },
          'timeout': { type: 'string' },
        },
      });
    } catch (e) {
      throw misused('buildctl', args.join(' '), `is not understood on a laptop: ${reasonOf(e)}`, 'leave the option out');
    }
  })();
  if (positionals.join(' ') !== 'build') throw misused('buildctl', positionals.join(' '), "must be the command 'build'", 'use another machine for others');
  const frontend = values.frontend ?? 'dockerfile.v0';
  if (frontend !== 'dockerfile.v0') throw misused('--frontend', frontend, 'must be dockerfile.v0', 'build from a Dockerfile');
  const local = pairs(values.local ?? []);
  const opts = pairs(values.opt ?? []);
  const { context, dockerfile } = local;
  if (context === undefined || dockerfile === undefined) {
    throw misused('--local', (values.local ?? []).join(' '), 'must name the folders context and dockerfile', 'add what is missing');
  }
  const known = /^(filename|target|platform|build-arg:.+|label:.+)$/;
  const unknown = Object.keys(opts).find((name) => !known.test(name));
  if (unknown !== undefined) throw misused('--opt', unknown, 'is not supported on a laptop', 'leave it out');
  const given = Object.entries(opts).filter(([name]) => name.startsWith('build-arg:'));
  const buildArgs = Object.fromEntries(given.map(([name, value]) => [name.slice('build-arg:'.length), value]));
  const names = (values.output ?? []).flatMap((output) => namesOf(output));
  const file = join(dockerfile, opts.filename ?? 'Dockerfile');
  return { context, dockerfile: file, target: opts.target, buildArgs, names, metadataFile: values['metadata-file'] };
}

function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => [text.split('=', 1)[0], text.slice(text.indexOf('=') + 1)]));
}

/** The names in `type=image,"name=a,b",push=true`. */
function namesOf(output: string): string[] {
  const fields = [...output.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => quoted ?? plain);
  const { type = 'image', name = '' } = pairs(fields);
  if (type !== 'image') throw misused('--output', output, 'must be of type image', 'correct it');
  return name.split(',').filter((each) => each !== '');
}

/** As BuildKit writes it. */
function metadataOf({ digest }: StoredImage, names: readonly string[]): string {
  return `${JSON.stringify({ 'containerimage.config.digest': digest, 'containerimage.digest': digest, 'image.name': names.join(',') }, undefined, 2)}\n`;
}

/** What this machine refuses for now, as a full disk, may be there the next time. */
function isEnvironmental(error: unknown): boolean {
  return /^(ENOSPC|EIO|EMFILE|ENFILE|EAGAIN|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '');
}

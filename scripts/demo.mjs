#!/usr/bin/env node
// Runs the loop of an example with clients that are played: `npm run demo [-- examples/NAME] [--keep]`.
// It is the same as `myelin demo FILE --source ARTIFACT=FOLDER`, which runs any axon whose prepare task writes the streams.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/run.mjs';

const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && !first.startsWith('-');
const example = named ? first.replace(/\/$/, '') : 'examples/digits';
const file = join(example, 'axon.yaml');
if (!existsSync(join(ROOT, file))) {
  console.error(`'example' (${example}) must be a folder with an axon.yaml, name for example examples/digits`);
  process.exit(2);
}
const artifact = /artifacts:\s*- name: (\S+)/.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
const args = ['demo', file, '--source', `${artifact}=${join(example, 'code')}`, ...(named ? rest : process.argv.slice(2))];
console.log(`myelin ${args.join(' ')}`);
const child = spawn(process.execPath, [join(ROOT, 'cli', 'bin', 'myelin.js'), ...args], { cwd: ROOT, stdio: 'inherit' });
// A terminal sends Ctrl-C to both; this one waits for the other to clean up.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));

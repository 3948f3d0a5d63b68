import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, which every script works from. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A command that ended with another code than 0; `output` is all that it wrote. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`'${command.join(' ')}' ended with ${code}`);
    this.output = output;
  }
}

/**
 * Runs a command from the root and returns what it wrote, both streams in the
 * order of arrival. Fails with a CommandError unless it ends with 0.
 *
 * `echo` also shows the output while it comes.
 */
export function run(command, { cwd = ROOT, env = {}, echo = false } = {}) {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output += text;
        if (echo) process.stdout.write(text);
      });
    }
    child.on('error', error => reject(new CommandError(command, error.message, output)));
    child.on('close', (code, signal) => (code === 0 ? resolve(output) : reject(new CommandError(command, signal ?? code, output))));
  });
}

/** The command for a program that an installed npm package brings: Node itself runs it, without npx in between. */
export function npmBin(name) {
  return [process.execPath, `${ROOT}node_modules/.bin/${name}`];
}

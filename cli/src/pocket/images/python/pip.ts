import { spawn } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { BuildError } from '../build-error.js';

/** A program that failed, with the end of what it wrote. */
export class ProgramFailed extends Error {
  constructor(public readonly program: string, public readonly tail: readonly string[], public readonly code: number | string | null) {
    super(`${program} ended with ${code}: ${tail.at(-1) ?? 'it wrote nothing'}`);
  }
}

const TAIL_LINES = 40;

/** Runs a program to its end, line by line. Fails with ProgramFailed unless it ends with 0. */
export async function runProgram(program: string, args: readonly string[], options: {
  readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly onLine?: (line: string) => void; readonly signal?: AbortSignal;
}): Promise<void> {
  const tail: string[] = [];
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'], signal: options.signal });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      options.onLine?.(line);
    });
  }
  const code = await new Promise<number | string | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', (exit, signal) => done(exit ?? signal));
  });
  if (code !== 0) throw new ProgramFailed(program, tail, code);
}

/** The environment for making environments: the user's settings of pip hold, those of another Python's environment do not. */
export function pipEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = /^(PYTHONPATH|PYTHONHOME|VIRTUAL_ENV|__PYVENV_LAUNCHER__|PIP_TARGET|PIP_PREFIX)$/;
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !others.test(name))), HOME: realHome(env), PYTHONUNBUFFERED: '1', PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_NO_INPUT: '1', PIP_PROGRESS_BAR: 'off',
  };
}

/** A step has a home of its own, as in a container; pip's settings and cache lie in the user's. */
function realHome(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().homedir;
  } catch {
    return env.HOME ?? homedir();
  }
}

const NO_NETWORK = new RegExp([
  'NewConnectionError', 'Failed to establish a new connection', 'name resolution', 'Name or service not known', 'nodename nor servname', 'getaddrinfo failed',
  'Network is unreachable', 'No route to host', 'ConnectTimeoutError', 'ReadTimeoutError', 'Connection (refused|reset|timed out)', 'ProxyError',
  'Max retries exceeded', 'RemoteDisconnected', 'Temporary failure',
].join('|'), 'i');
const NOISE = /^\s*$|^\[notice\]|^WARNING: (Retrying|You are using pip|Running pip as)|^\s+[~^]+\s*$/;

/** What a failed pip means for the user: the reason in our words where pip's are known, and the end of its own. */
export function pipError(failure: ProgramFailed, { notice, packages }: { readonly notice?: string; readonly packages: string }): BuildError {
  const text = failure.tail.join('\n');
  const [summary, remedy, permanent] = explained(text, notice);
  const shown = failure.tail.filter((line) => !NOISE.test(line)).slice(-12).map((line) => `  ${line}`).join('\n');
  return new BuildError(`'pip install' (${packages}) ${summary}, ${remedy}\n${shown}`, { permanent, cause: failure });
}

function explained(text: string, notice: string | undefined): [summary: string, remedy: string, permanent: boolean] {
  if (/No space left on device|Errno 28|Disk quota exceeded/i.test(text)) return ['found no space left on the disk', 'free some and run again', false];
  if (/CERTIFICATE_VERIFY_FAILED|certificate verify failed/i.test(text)) {
    return ['does not trust the package index', "name your company's certificates in PIP_CERT or pip's settings", true];
  }
  if (NO_NETWORK.test(text)) return ['did not reach the package index', "connect to the network or name a folder of wheels in pip's settings", false];
  if (/Could not find a version|No matching distribution/i.test(text)) {
    return ['found no version of a package that fits', notice ?? 'correct its name or version in the requirements', true];
  }
  if (/conflicting dependencies|ResolutionImpossible/i.test(text)) return ['found packages that contradict each other', 'loosen or correct their versions', true];
  if (/subprocess-exited-with-error|Failed building wheel|error: command .* failed|Could not build wheels/i.test(text)) {
    return ['could not build a package from its source', notice ?? 'choose a version that has a wheel for this machine, or install what its build needs', true];
  }
  if (/Invalid requirement|InvalidRequirement/i.test(text)) return ['does not understand a requirement', 'correct it', true];
  return ['failed', notice ?? 'see what it says', false];
}

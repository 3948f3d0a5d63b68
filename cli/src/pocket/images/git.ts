import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BuildError } from './build-error.js';

const run = promisify(execFile);

/** How long git may take: a clone of a large repository over a slow line. */
const LIMIT_MS = 15 * 60_000;

/** Runs git and returns what it writes. Never asks a question: on a terminal that nobody looks at it would wait for ever. */
export async function git(folder: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<string> {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...rest } = env;
  const quiet = { ...rest, GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: env.GIT_SSH_COMMAND ?? 'ssh -o BatchMode=yes', LC_ALL: 'C' };
  const { stdout } = await run('git', ['-C', folder, ...args], { env: quiet, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024, signal });
  return stdout.trim();
}

/** Whether two addresses mean one repository: `git@host:team/code.git` and `https://host/team/code` do. */
export function sameRepository(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

/** The last part of a repository's address without `.git`: `digits` of `https://git.example.org/ml/digits.git`. */
export function repositoryName(repository: string): string {
  return normal(repository).split('/').at(-1) ?? '';
}

/** What a failed git means for the user. */
export function gitError(error: unknown, repository: string, revision: string, remedy: string): BuildError {
  const text = String((error as { stderr?: string }).stderr ?? error);
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new BuildError(`'git' (not on PATH) is needed to get ${repository}, install it or ${remedy}`, { cause: error });
  }
  const [reason, permanent] = reasonIn(text);
  return new BuildError(`'${repository}' (revision ${revision}) ${reason}, ${remedy}\n  ${lastLine(text)}`, { permanent, cause: error });
}

function reasonIn(text: string): [reason: string, permanent: boolean] {
  if (/resolve host|Name or service not known|name resolution|(Could not|Failed to|unable to) connect|Connection (refused|timed out)|unreachable/i.test(text)) {
    return ['was not reached', false];
  }
  if (/could not read (Username|Password)|Authentication failed|Permission denied|terminal prompts disabled|403|401/i.test(text)) {
    return ['is not open to this user: git has no login for it', true];
  }
  if (/couldn't find remote ref|did not match any|not our ref|invalid reference|not a commit|unknown revision|bad revision|ambiguous argument|pathspec/i.test(text)) {
    return ['has no such revision', true];
  }
  if (/not found|does not exist|does not appear to be a git repository/i.test(text)) return ['is not there', true];
  return ['could not be got', false];
}

function lastLine(text: string): string {
  return text.trim().split('\n').filter((line) => !/^(Please make sure|and the repository exists)/.test(line)).at(-1) ?? '';
}

function normal(address: string): string {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(address);
  const path = scp === null ? address.replace(/^[a-z+]+:\/\/(?:[^@/]+@)?/i, '').replace(/^([^/:]+):\d+\//, '$1/') : `${scp[1]}/${scp[2]}`;
  const [host, ...rest] = path.replace(/\/+$/, '').replace(/\.git$/, '').split('/');
  return [host.toLowerCase(), ...rest].join('/');
}

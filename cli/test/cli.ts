import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../src/run.js';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const DIGITS = join(ROOT, 'examples', 'digits', 'axon.yaml');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as users do: the program itself, compiled. */
export function myelin(args: string[], { input = '', env = {}, cwd = ROOT }: { input?: string | Buffer; env?: Record<string, string>; cwd?: string } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'cli', 'bin', 'myelin.js'), ...args], {
    cwd, input, encoding: 'utf8', env: { ...process.env, MYELIN_DEBUG: '', ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

/** The same inside this process, which is quicker; without standard input. */
export async function inside(args: string[]): Promise<Ran> {
  const written = { out: '', err: '' };
  const stream = (key: 'out' | 'err') => ({ write: (text: string) => { written[key] += text; } }) as unknown as NodeJS.WritableStream;
  const code = await run(args, { stdout: stream('out'), stderr: stream('err'), env: {} });
  return { code, ...written };
}

const folders: string[] = [];

/** An empty folder, gone after the tests. */
export function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'myelin-cli-')));
  return folders[folders.length - 1];
}

export function removeFolders(): void {
  folders.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true }));
}

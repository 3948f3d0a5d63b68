import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative, resolve } from 'path';

export const ROOT = resolve(__dirname, '..', '..');

/** A folder outside the repository, so that nothing resolves through the repository's node_modules. */
export class Workshop {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'myelin-packaging-')));

  /** Runs a command in the folder; a failure shows all that it wrote. */
  public run(command: string[], options: { cwd?: string; env?: Record<string, string> } = {}): string {
    const [program, ...args] = command;
    try {
      return execFileSync(program, args, {
        cwd: options.cwd ?? this.folder,
        env: { ...process.env, ...options.env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 64 * 1024 * 1024,
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`'${command.join(' ')}' failed\n${stdout ?? ''}${stderr ?? String(error)}`);
    }
  }

  public path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  public close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Names and contents of all files under a folder; fails if there is none. */
export function contents(folder: string): Record<string, string> {
  if (!existsSync(folder)) throw new Error(`${folder} is missing`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new Error(`${folder} holds no file`);
  return Object.fromEntries(files.map(file => [relative(folder, file), readFileSync(file, 'utf8')]));
}

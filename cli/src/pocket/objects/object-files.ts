import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterLog } from '../controller.js';
import type { KubeObject, ObjectRef } from './kube-object.js';
import { ObjectError } from './object-error.js';

/** An object and, if users apply it, what they declared last. */
export interface Stored {
  readonly object: KubeObject;
  readonly applied?: KubeObject;
}

const TEMPORARY = '.tmp';
const SET_ASIDE = '.broken';

/**
 * Objects as files `<Kind>/<namespace>.<name>.json`, readable by their owner alone, since Secrets are among them. A file is replaced whole: a kill
 * leaves the old content or the new. There is no fsync, which would cost more than all the rest: a power cut may take the last seconds.
 */
export class ObjectFiles {
  constructor(private readonly folder: string, private readonly log: ClusterLog) {}

  /** Everything that was written; a file that cannot be read is put aside and told in the log. */
  load(): Stored[] {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const stored: Stored[] = [];
    for (const kind of readdirSync(this.folder)) {
      if (kind.startsWith('.') || !statSync(join(this.folder, kind)).isDirectory()) continue;
      for (const file of readdirSync(join(this.folder, kind))) {
        const path = join(this.folder, kind, file);
        if (file.endsWith(TEMPORARY)) rmSync(path, { force: true });
        else if (file.endsWith('.json')) stored.push(...this.read(path, kind, file));
      }
    }
    return stored;
  }

  /** The number of `.versions`, which no restart lowers; 0 when there is none. */
  loadCounter(): number {
    try {
      const count = Number(readFileSync(this.counterPath, 'utf8'));
      return Number.isSafeInteger(count) ? count : 0;
    } catch {
      return 0;
    }
  }

  writeCounter(count: number): void {
    this.writeWhole(this.counterPath, String(count));
  }

  /** Throws InsufficientStorage when the disk is full; the file then holds what it held. */
  write(ref: ObjectRef, stored: Stored): void {
    mkdirSync(join(this.folder, ref.kind), { recursive: true, mode: 0o700 });
    this.writeWhole(this.path(ref), JSON.stringify(stored));
  }

  remove(ref: ObjectRef): void {
    rmSync(this.path(ref), { force: true });
  }

  private get counterPath(): string {
    return join(this.folder, '.versions');
  }

  private path({ kind, namespace, name }: ObjectRef): string {
    return join(this.folder, kind, `${namespace}.${name}.json`);
  }

  private read(path: string, kind: string, file: string): Stored[] {
    try {
      const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;
      const { metadata } = stored.object;
      if (stored.object.kind === kind && file === `${metadata.namespace ?? 'default'}.${metadata.name}.json`) return [stored];
      throw new Error(`holds ${stored.object.kind} ${metadata.namespace}/${metadata.name}`);
    } catch (error) {
      renameSync(path, path + SET_ASIDE);
      this.log.warn('an object could not be read and is put aside', { file: path + SET_ASIDE, error: String(error) });
      return [];
    }
  }

  private writeWhole(path: string, content: string): void {
    const temporary = `${path}${TEMPORARY}`;
    try {
      writeFileSync(temporary, content, { mode: 0o600 });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw refusal(error as NodeJS.ErrnoException, path);
    }
  }
}

function refusal(error: NodeJS.ErrnoException, path: string): ObjectError {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new ObjectError('InsufficientStorage', `'${path}' cannot be written, the disk is full, make room and it goes on`, { cause: error });
  }
  return new ObjectError('InternalError', `'${path}' cannot be written (${error.code ?? error.message})`, { cause: error });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Documents } from '../contract/documents.js';
import { readDocument, type DocumentName } from '../contract/read.js';
import type { KubeClient } from '../kube/client.js';
import { SYSTEM_CLOCK, type Clock } from './clock.js';
import { MyelinError } from './errors.js';
import type { Log } from './log.js';
import { Mounts } from './mounts.js';

/** What a program was started with. Everything that it does to the world goes through here, so that a test can be the world. */
export interface ProgramOptions {
  /** `--name=value` by name. */
  readonly args: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly kube: (namespace: string) => KubeClient;
  readonly fetch: typeof fetch;
  readonly clock?: Clock;
}

export class ProgramContext {
  readonly mounts: Mounts;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly fetch: typeof fetch;

  constructor(private readonly options: ProgramOptions) {
    this.mounts = Mounts.of(options.env);
    this.log = options.log;
    this.signal = options.signal;
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.fetch = options.fetch;
  }

  get args(): Readonly<Record<string, string>> {
    return this.options.args;
  }

  /** Throws when it was not given. */
  arg(name: string): string {
    const value = this.options.args[name];
    if (value === undefined) throw new MyelinError('MYELIN_PROGRAM_ARGUMENT_MISSING', { argument: name });
    return value;
  }

  variable(name: string): string | undefined {
    return this.options.env[name];
  }

  /** Throws when it is not set. */
  needed(name: string): string {
    const value = this.options.env[name];
    if (value === undefined || value === '') throw new MyelinError('MYELIN_PROGRAM_VARIABLE_MISSING', { variable: name });
    return value;
  }

  kube(namespace: string): KubeClient {
    return this.options.kube(namespace);
  }

  /** A mounted contract document: `document('axon', 'axon')` reads axon/axon.json, `document('study', 'study-train')` study-train/study.json. */
  async document<Name extends DocumentName>(name: Name, folder: string): Promise<Documents[Name]> {
    const path = join(this.needed('MYELIN_CONTRACT_PATH'), folder, `${name}.json`);
    return readDocument(name, await readFile(this.mounts.host(path), 'utf8'), path);
  }
}

/** A program of the image: resolves when it is done, throws when it failed. */
export type Program = (context: ProgramContext) => Promise<void>;

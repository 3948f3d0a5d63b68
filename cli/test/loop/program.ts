import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STATE_VARIABLE } from '../../src/pocket/pods/launch.js';
import { processesWith } from '../../src/pocket/pods/process-identity.js';
import { folder, ROOT } from '../cli.js';

const AXON = join(ROOT, 'cli', 'test', 'loop', 'axon');

/** Waits until there is something, and says what was waited for when it never comes. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${seconds} s for ${what}`);
    }
    await delay(50);
  }
}

/** A copy of the axon of these tests that a test may change, with a state folder of its own. */
export class Project {
  public readonly path = folder();
  public readonly file = join(this.path, 'axon.yaml');
  public readonly state = join(this.path, 'state');

  /** @param axon the text of the axon file, out of that of the folder `axon` */
  constructor(axon: (text: string) => string = (text) => text) {
    cpSync(AXON, this.path, { recursive: true });
    this.edit('axon.yaml', axon);
    projects.add(this);
  }

  public edit(file: string, change: (text: string) => string): void {
    const path = join(this.path, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  public up(args: readonly string[] = [], env: Readonly<Record<string, string | undefined>> = {}): Program {
    return new Program(['up', this.file, '--source', `code=${join(this.path, 'code')}`, '--state', this.state, '--metrics', 'embedded', ...args], env);
  }

  /** Processes of its cluster's pods; none where the system does not tell. */
  public processes(state = this.state): number[] {
    return processesWith(`${STATE_VARIABLE}=${resolve(state)}`);
  }

  /** An object as the cluster has written it down. */
  public object(kind: string, name: string, state = this.state): any {
    try {
      return JSON.parse(readFileSync(join(state, 'objects', kind, `default.${name}.json`), 'utf8')).object;
    } catch {
      return undefined;
    }
  }

  /** A contract document in a ConfigMap. */
  public document(configMap: string, key: string, state = this.state): any {
    return JSON.parse(this.object('ConfigMap', configMap, state)?.data?.[key] ?? 'null') ?? undefined;
  }
}

const started = new Set<Program>();
const projects = new Set<Project>();

/** The command, running: what it prints, and its end. */
export class Program {
  public out = '';
  public err = '';
  /** Undefined while it runs, null when a signal ended it. */
  public code?: number | null;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
    this.child = spawn(process.execPath, [join(ROOT, 'cli', 'bin', 'myelin.js'), ...args], {
      cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MYELIN_DEBUG: '1', ...env },
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => { this.out += text; });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => { this.err += text; });
    this.child.once('close', (code) => { this.code = code; });
    started.add(this);
  }

  public get pid(): number {
    return this.child.pid!;
  }

  public get lines(): string[] {
    return this.out.trimEnd().split('\n');
  }

  /** Waits until it has printed that; fails when it ends before. */
  public async says(pattern: RegExp, seconds = 60): Promise<RegExpExecArray> {
    return this.until(String(pattern), () => pattern.exec(this.out) ?? undefined, seconds);
  }

  /** Waits until there is something while it runs; fails when it ends before. */
  public async until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, seconds = 60): Promise<T> {
    return this.explained(until(what, async () => {
      const hasEnded = this.code !== undefined;
      const found = await look();
      if ((found === undefined || found === false) && hasEnded) {
        throw new Error(`ended with ${this.code} before ${what}`);
      }
      return found;
    }, seconds));
  }

  /** Its exit code, null when a signal ended it. */
  public async ended(seconds = 60): Promise<number | null> {
    await this.explained(until('the end of the command', () => this.code !== undefined, seconds));
    return this.code!;
  }

  private async explained<T>(wait: Promise<T>): Promise<T> {
    return wait.catch((e: Error) => {
      throw new Error(`${e.message}, it said\n${this.out}${this.err}`);
    });
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Kills what tests have started and what that has started. */
export async function killAll(): Promise<void> {
  for (const program of started) {
    program.signal('SIGKILL');
    await program.ended();
  }
  started.clear();
  for (const project of projects) {
    for (const pid of [...project.processes(), ...project.processes(join(project.state, 'demo'))]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  projects.clear();
}

/** Runs the command to its end, without holding up this process. */
export async function myelin(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Program> {
  const program = new Program(args, env);
  await program.ended();
  return program;
}

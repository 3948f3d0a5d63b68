import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { lastWords, logSize, shorten } from './container-log.js';
import { ContainerProcess, type Exit, type Launch } from './container-process.js';
import type { PodFolder } from './pod-folder.js';
import type { Container, ContainerState, ContainerStatus, PodSpec, Termination } from './pod.js';
import { probePort, type PodPorts } from './ports.js';
import { Prober } from './prober.js';
import { NotReadyYet } from './volumes.js';

/** An image that this machine has no stand-in for; waiting does not help. */
export class ImageRefused extends Error {}

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 30_000;
/** A container that ran so long starts over with the first backoff, in milliseconds. */
const STEADY = 60_000;
const LOOK_AGAIN = 250;
/** What Kubernetes reads of a message file, in characters. */
const LONGEST_MESSAGE = 4096;

/** What a container needs of its pod. */
export interface ContainerHost {
  readonly folder: PodFolder;
  readonly ports: PodPorts;
  readonly graceMilliseconds: number;
  /** Throws NotReadyYet, ImageRefused, or what no waiting mends. */
  launch(container: Container): Promise<Launch>;
  /** The status of the container is another one. */
  changed(): void;
}

/** One container of a pod from its first start to its last end. */
export class ContainerRun {
  private state: ContainerState;
  private lastState: ContainerState = {};
  private restartCount = 0;
  private ready = false;
  private process?: ContainerProcess;
  private probers: Prober[] = [];
  /** Why it is being ended, when that is not its pod's end. */
  private unwell?: string;

  constructor(readonly container: Container, private readonly host: ContainerHost, waiting: string) {
    this.state = { waiting: { reason: waiting } };
  }

  /** Starts it, and again as the policy says; resolves with its last end, or undefined when the signal came before it ever ran. */
  async run(policy: PodSpec['restartPolicy'], signal: AbortSignal): Promise<Termination | undefined> {
    for (let backoff = FIRST_BACKOFF; ; backoff = Math.min(backoff * 2, LONGEST_BACKOFF)) {
      const began = Date.now();
      const end = await this.once(signal);
      if (end === undefined || signal.aborted || !isRestarted(policy, end)) return end;
      if (Date.now() - began > STEADY) backoff = FIRST_BACKOFF;
      const refused = end.reason === 'ErrImagePull';
      if (!refused) this.lastState = this.state;
      const why = refused ? end.message : `back-off ${backoff / 1000}s restarting failed container ${this.container.name}`;
      this.become({ waiting: { reason: refused ? 'ImagePullBackOff' : 'CrashLoopBackOff', message: why } });
      await sleep(backoff, signal);
      if (signal.aborted) {
        this.become({ terminated: end });
        return end;
      }
      if (!refused) this.restartCount++;
    }
  }

  /** Ends what runs, within the grace time and a little. */
  async stop(): Promise<void> {
    await this.process?.stop(this.host.graceMilliseconds);
  }

  status(): ContainerStatus {
    const { name, image } = this.container;
    return {
      name,
      image,
      imageID: image,
      ready: this.ready,
      started: this.state.running !== undefined,
      restartCount: this.restartCount,
      state: this.state,
      lastState: this.lastState,
    };
  }

  private async once(signal: AbortSignal): Promise<Termination | undefined> {
    const { name } = this.container;
    const { folder } = this.host;
    const startedAt = now();
    let logStart = 0;
    try {
      const launch = await this.launch(signal);
      if (launch === undefined) return undefined;
      logStart = logSize(folder.log(name));
      writeFileSync(folder.message(name), '');
      this.process = new ContainerProcess(launch, folder.log(name), folder.record(name));
      if (this.process.runs) this.running(startedAt);
    } catch (error) {
      await this.stop();
      this.process = undefined;
      return this.ended(this.notStarted(error as Error, startedAt));
    }
    const exit = await this.process.exited;
    this.process = undefined;
    for (const prober of this.probers) prober.stop();
    this.ready = false;
    if ('error' in exit) return this.ended(this.notStarted(exit.error, startedAt));
    const code = exitCode(exit);
    const message = this.unwell ?? this.message(code, logStart);
    this.unwell = undefined;
    this.shortenLog();
    return this.ended({ exitCode: code, reason: code === 0 ? 'Completed' : 'Error', ...message === '' ? {} : { message }, startedAt, finishedAt: now() });
  }

  /** Waits for what the container needs; undefined when the signal came first. */
  private async launch(signal: AbortSignal): Promise<Launch | undefined> {
    while (!signal.aborted) {
      try {
        const launch = await this.host.launch(this.container);
        return signal.aborted ? undefined : launch;
      } catch (error) {
        if (!(error instanceof NotReadyYet)) throw error;
        this.become({ waiting: { reason: 'CreateContainerConfigError', message: error.message } });
        await sleep(LOOK_AGAIN, signal);
      }
    }
    return undefined;
  }

  private running(startedAt: string): void {
    this.probe();
    this.ready = this.container.readinessProbe === undefined;
    this.become({ running: { startedAt } });
  }

  private probe(): void {
    const { readinessProbe, livenessProbe } = this.container;
    this.probers = [];
    if (readinessProbe !== undefined) {
      this.probers.push(new Prober(readinessProbe, {
        port: probePort(readinessProbe, this.container, this.host.ports),
        eager: true,
        onChange: (healthy) => {
          this.ready = healthy;
          this.host.changed();
        },
      }));
    }
    if (livenessProbe !== undefined) {
      this.probers.push(new Prober(livenessProbe, {
        port: probePort(livenessProbe, this.container, this.host.ports),
        eager: false,
        onChange: (healthy) => {
          if (healthy) return;
          this.unwell = `Container ${this.container.name} failed liveness probe, will be restarted`;
          void this.stop();
        },
      }));
    }
  }

  private notStarted(error: NodeJS.ErrnoException, startedAt: string): Termination {
    const { name, image, command } = this.container;
    const reason = error instanceof ImageRefused ? 'ErrImagePull' : 'StartError';
    const missing = error.syscall?.startsWith('spawn') && (error.code === 'ENOENT' || error.code === 'EACCES');
    const message = missing
      ? `container '${name}' cannot be started, '${error.path ?? command?.[0]}' is no program of its image '${image}' or on PATH (${error.code})`
      : error.message;
    return { exitCode: 128, reason, message, startedAt, finishedAt: now() };
  }

  private message(code: number, logStart: number): string {
    const { folder } = this.host;
    const written = readFileSync(folder.message(this.container.name), 'utf8').slice(0, LONGEST_MESSAGE);
    return written !== '' || code === 0 ? written : lastWords(folder.log(this.container.name), logStart);
  }

  /** What was written too quickly to be looked at meanwhile; only now, since its end is what tells why it failed. */
  private shortenLog(): void {
    try {
      shorten(this.host.folder.log(this.container.name));
    } catch {
      // A full disk is told by those who write objects.
    }
  }

  private ended(end: Termination): Termination {
    this.become({ terminated: end });
    return end;
  }

  private become(state: ContainerState): void {
    this.state = state;
    this.host.changed();
  }
}

function isRestarted(policy: PodSpec['restartPolicy'], end: Termination): boolean {
  if (policy === 'Never') return false;
  if (end.reason === 'ErrImagePull') return policy !== 'OnFailure';
  return policy !== 'OnFailure' || end.exitCode !== 0;
}

function exitCode(exit: Exclude<Exit, { error: unknown }>): number {
  return 'code' in exit ? exit.code : 128 + constants.signals[exit.signal];
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

function now(): string {
  return new Date().toISOString();
}

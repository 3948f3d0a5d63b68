import { request } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from './pod.js';

/** Before the first success a probe looks this often: nobody at a laptop wants to wait for the period of a cluster. */
const EAGER_MILLISECONDS = 100;

export interface ProberOptions {
  /** Port of this machine for the port that the probe names. */
  readonly port: number;
  /** Looks often until the first success, and begins at once. */
  readonly eager: boolean;
  /** Called when the answer changes: the first success, as many failures in a row as the threshold says, and back. */
  readonly onChange: (healthy: boolean) => void;
}

/** Asks a container again and again whether it is well. */
export class Prober {
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private healthy?: boolean;
  private failures = 0;

  constructor(private readonly probe: Probe, private readonly options: ProberOptions) {
    this.next(options.eager ? 0 : (probe.initialDelaySeconds ?? 0) * 1000);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private next(milliseconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(async () => {
      const well = await this.ask();
      if (this.stopped) return;
      this.judge(well);
      this.next(this.options.eager && this.healthy === undefined ? EAGER_MILLISECONDS : (this.probe.periodSeconds ?? 10) * 1000);
    }, milliseconds);
  }

  private judge(well: boolean): void {
    this.failures = well ? 0 : this.failures + 1;
    // What is not up yet is not ill: an eager probe has nothing to say before the first success.
    const ill = this.failures >= (this.probe.failureThreshold ?? 3) && !(this.options.eager && this.healthy === undefined);
    const now = well ? true : ill ? false : this.healthy;
    if (now === this.healthy || now === undefined) return;
    this.healthy = now;
    this.options.onChange(now);
  }

  private async ask(): Promise<boolean> {
    const { httpGet } = this.probe;
    const milliseconds = (this.probe.timeoutSeconds ?? 1) * 1000;
    return httpGet === undefined ? connects(this.options.port, milliseconds) : answers(httpGet, this.options.port, milliseconds);
  }
}

async function answers({ path = '/', httpHeaders = [] }: NonNullable<Probe['httpGet']>, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
    const asked = request({ host: '127.0.0.1', port, path, headers: { 'user-agent': 'kube-probe/1.30', ...headers }, agent: false, signal: AbortSignal.timeout(timeout) });
    asked.on('response', (response) => {
      response.on('error', () => undefined).destroy();
      resolve(response.statusCode! >= 200 && response.statusCode! < 400);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

async function connects(port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (well: boolean) => {
      socket.destroy();
      resolve(well);
    };
    socket.setTimeout(timeout, () => end(false)).once('connect', () => end(true)).once('error', () => end(false));
  });
}

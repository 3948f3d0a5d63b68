import type { ClusterLog } from '../../controller.js';
import type { Clock } from '../clock.js';
import { type Labels, labelOf, labelsKey, NAME, withLabels } from '../promql/labels.js';
import { type SeriesStore, STALE } from '../series-store.js';
import { type Exposed, parseExposition } from './exposition.js';
import { type Target, type TargetState, urlOf } from './target.js';

const MOST_BYTES = 16 * 1024 * 1024;
const ACCEPT = 'text/plain;version=0.0.4;q=0.9,*/*;q=0.1';

/** Reads one target again and again into a store, until it is stopped. */
export class Scraper {
  private readonly stopped = new AbortController();
  private readonly running: Promise<void>;
  private state: Pick<TargetState, 'health' | 'lastError' | 'lastScrape' | 'lastDurationMs'> = { health: 'unknown', lastError: '' };
  /** Whether its user knows that it fails. */
  private told = false;
  /** What the last scrape wrote, to be marked stale when it is gone. */
  private written = new Map<string, Labels>();

  constructor(private readonly target: Target, private readonly store: SeriesStore, private readonly clock: Clock, private readonly log: ClusterLog) {
    this.running = this.run();
  }

  snapshot(): TargetState {
    const { job, labels, intervalMs, timeoutMs } = this.target;
    return { url: urlOf(this.target), job, labels, intervalMs, timeoutMs, ...this.state };
  }

  /** Ends it, and its series with it. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
    this.write(Math.max(this.clock.now(), (this.state.lastScrape ?? 0) + 1), []);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    let at = this.clock.now();
    while (!signal.aborted) {
      await this.scrape(at);
      const behind = this.clock.now() - at;
      // A scrape that took longer than the interval leaves out what it missed.
      at += this.target.intervalMs * Math.max(1, Math.ceil(behind / this.target.intervalMs));
      await this.clock.sleep(at - this.clock.now(), signal);
    }
  }

  private async scrape(at: number): Promise<void> {
    const { signal } = this.stopped;
    let exposed: Exposed[] = [];
    let error = '';
    try {
      exposed = parseExposition(await this.read());
    } catch (cause) {
      error = cause instanceof Error ? reason(cause) : String(cause);
    }
    if (signal.aborted) return;
    const took = this.clock.now() - at;
    // One that starts does not answer yet: only that it does not the next time either is worth telling.
    if (error !== '' && !this.told && this.state.health !== 'unknown') this.log.warn('scrape failed', { target: urlOf(this.target), error });
    this.told = error !== '' && this.state.health !== 'unknown';
    this.state = { health: error === '' ? 'up' : 'down', lastError: error, lastScrape: at, lastDurationMs: took };
    const own = (name: string, value: number): Exposed => ({ labels: withLabels(this.target.labels, { [NAME]: name }), value });
    this.write(at, [
      ...exposed.map((sample) => this.labelled(sample)),
      own('up', Number(error === '')),
      own('scrape_duration_seconds', took / 1000),
      own('scrape_samples_scraped', exposed.length),
      own('scrape_samples_post_metric_relabeling', exposed.length),
    ]);
  }

  private async read(): Promise<string> {
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(this.target.timeoutMs)]);
    const response = await fetch(urlOf(this.target), {
      signal,
      headers: { 'accept': ACCEPT, 'x-prometheus-scrape-timeout-seconds': String(this.target.timeoutMs / 1000) },
    });
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      parts.push(part as Uint8Array);
      size += (part as Uint8Array).length;
      if (size > MOST_BYTES) throw new Error(`the metrics exceed ${MOST_BYTES} bytes`);
    }
    if (!response.ok) throw new Error(`server returned HTTP status ${response.status}`);
    return Buffer.concat(parts).toString('utf8');
  }

  /** The sample with the target's labels: they win, and what they replace is kept as `exported_`, unless the target's own are honoured. */
  private labelled({ labels, value, time }: Exposed): Exposed {
    const own = this.target.labels;
    if (this.target.honorLabels) return { labels: { ...own, ...labels }, value, time };
    const clashing = Object.keys(own).filter((name) => labelOf(labels, name) !== '');
    return { labels: withLabels({ ...labels, ...own }, Object.fromEntries(clashing.map((name) => [`exported_${name}`, labels[name]]))), value, time };
  }

  private write(at: number, samples: readonly Exposed[]): void {
    const written = new Map<string, Labels>();
    for (const { labels, value, time } of samples) {
      this.store.append(labels, this.target.honorTimestamps && time !== undefined ? time : at, value);
      // A series with times of its own does not go stale.
      if (time === undefined || !this.target.honorTimestamps) written.set(labelsKey(labels), labels);
    }
    for (const [key, labels] of this.written) {
      if (!written.has(key)) this.store.append(labels, at, STALE);
    }
    this.written = written;
  }
}

function reason(error: Error): string {
  return error.cause instanceof Error && error.cause.message !== '' ? `${error.message}: ${error.cause.message}` : error.message;
}

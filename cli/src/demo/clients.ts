import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sample } from './stream.js';

/** How clients behave. */
export interface Pace {
  /** Requests a second. */
  readonly rate: number;
  /** How long after its prediction a truth is known, in milliseconds; absent when it never is. */
  readonly truthAfter?: number;
}

/** What clients got. */
export interface Tally {
  readonly answered: number;
  readonly correct: number;
  readonly failed: number;
}

/** Longest time that a client waits for an answer, in milliseconds. */
const PATIENCE = 10_000;

/** Clients of a model: they send samples, and later the truth by prediction id. They know its URLs and nothing else. */
export class Clients {
  /** What each version answered, in the order in which versions were first met. */
  public readonly tallies = new Map<string, Tally>();
  private readonly truths = new Set<Promise<void>>();

  /** @param url base URL of a model: `<url>/predict` and `<url>/send-feedback` */
  constructor(private readonly url: string, private readonly signal: AbortSignal) {
    // Each request and pause listens to it.
    setMaxListeners(0, signal);
  }

  /** Sends all samples, one after the other at the pace, and resolves when their truths are sent, too. */
  public async send(samples: readonly Sample[], { rate, truthAfter }: Pace): Promise<Tally> {
    const before = this.total();
    const started = Date.now();
    const pending = new Set<Promise<void>>();
    for (const [index, sample] of samples.entries()) {
      await this.pause(started + (index * 1000) / rate - Date.now());
      const one = this.predict(sample, truthAfter).finally(() => pending.delete(one));
      pending.add(one);
    }
    await Promise.all(pending);
    await Promise.all(this.truths);
    const after = this.total();
    return { answered: after.answered - before.answered, correct: after.correct - before.correct, failed: after.failed - before.failed };
  }

  private async predict({ request, truth }: Sample, truthAfter: number | undefined): Promise<void> {
    const answer = await this.post('predict', request);
    if (answer === undefined) {
      this.count('none', { failed: 1 });
      return;
    }
    const { data, meta } = (await answer.json()) as { data: unknown; meta: { id: string; version: string } };
    this.count(meta.version, { answered: 1, correct: same(data, truth) ? 1 : 0 });
    if (truthAfter !== undefined) {
      const sent = this.tell(meta.id, truth, truthAfter).finally(() => this.truths.delete(sent));
      this.truths.add(sent);
    }
  }

  private async tell(id: string, truth: unknown, after: number): Promise<void> {
    await this.pause(after);
    if (await this.post('send-feedback', { id, truth }) === undefined) {
      this.count('none', { failed: 1 });
    }
  }

  private async post(route: string, body: unknown): Promise<Response | undefined> {
    this.signal.throwIfAborted();
    try {
      const answer = await fetch(`${this.url}/${route}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.any([this.signal, AbortSignal.timeout(PATIENCE)]),
      });
      return answer.ok ? answer : undefined;
    } catch {
      this.signal.throwIfAborted();
      return undefined;
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) {
      await delay(milliseconds, undefined, { signal: this.signal });
    }
  }

  private count(version: string, { answered = 0, correct = 0, failed = 0 }: Partial<Tally>): void {
    const tally = this.tallies.get(version) ?? { answered: 0, correct: 0, failed: 0 };
    this.tallies.set(version, { answered: tally.answered + answered, correct: tally.correct + correct, failed: tally.failed + failed });
  }

  private total(): Tally {
    const all = [...this.tallies.values()];
    const sum = (key: keyof Tally) => all.reduce((total, tally) => total + tally[key], 0);
    return { answered: sum('answered'), correct: sum('correct'), failed: sum('failed') };
  }
}

/** Whether the answer says what is true: equal arrays, however nested. */
function same(data: unknown, truth: unknown): boolean {
  const values = (message: unknown): unknown[] => {
    const { ndarray, tensor } = (message ?? {}) as { ndarray?: unknown; tensor?: { values: unknown[] } };
    return [ndarray ?? tensor?.values].flat(Infinity);
  };
  return JSON.stringify(values(data)) === JSON.stringify(values((truth as { data?: unknown })?.data));
}

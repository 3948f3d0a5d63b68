import type { ClusterLog } from '../../controller.js';
import type { Clock } from '../clock.js';
import type { SeriesStore } from '../series-store.js';
import { Scraper } from './scraper.js';
import type { Target, TargetState } from './target.js';

/** One scraper for each target there is. */
export class Scrapers {
  private readonly running = new Map<string, Scraper>();

  constructor(private readonly store: SeriesStore, private readonly clock: Clock, private readonly log: ClusterLog) {}

  /** Starts what is new and ends what is gone; a target that stays is not disturbed. */
  async follow(targets: readonly Target[]): Promise<void> {
    const wanted = new Map(targets.map((target) => [JSON.stringify(target), target]));
    const gone = [...this.running].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) this.running.delete(key);
    await Promise.all(gone.map(([, scraper]) => scraper.stop()));
    for (const [key, target] of wanted) {
      if (!this.running.has(key)) this.running.set(key, new Scraper(target, this.store, this.clock, this.log));
    }
  }

  snapshot(): TargetState[] {
    return [...this.running.values()].map((scraper) => scraper.snapshot());
  }

  async stop(): Promise<void> {
    await this.follow([]);
  }
}

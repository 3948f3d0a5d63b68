// Calls of `refresh`, each with an id of its own, and the versions that come of them.
import { randomBytes } from 'node:crypto';
import { sleep } from './kubectl.mjs';
import { backlog, subscribed } from './bus.mjs';
import { compare, effects, undisturbed } from './effects.mjs';
import { runName } from './loop.mjs';

const VERSION = 1800;

export class Refreshes {
  /** Of a session: two scripts in one namespace make different ids. */
  constructor(loop, events) {
    Object.assign(this, { loop, events, session: randomBytes(3).toString('hex'), ids: [], answers: [] });
  }

  newId() {
    this.ids.push(`${this.session}-${this.ids.length}`);
    return this.ids.at(-1);
  }

  run(id) {
    return runName(this.loop.axon, 'refresh', id);
  }

  /** Calls once; gives the id and what was answered. */
  async call(id = this.newId()) {
    const status = await this.events.call('refresh', { id });
    this.answers.push(status);
    return { id, status };
  }

  /** Calls as a client does that wants to be heard: until it is answered well, with the same id. */
  async insist(id = this.newId(), seconds = 300) {
    for (const start = Date.now(); Date.now() - start < seconds * 1000; await sleep(1)) {
      if ((await this.call(id)).status === 200) return id;
    }
    throw new Error(`call ${id} was not answered well within ${seconds} s`);
  }

  /** Waits until a call has become a version that was ready, or gave way to a newer one. */
  live(id, seconds = VERSION) {
    return this.loop.until(`version of ${this.run(id)}`, seconds, async () => {
      const release = (await this.loop.releases()).find(({ runs }) => runs.train === this.run(id));
      if (release?.state === 'failed') throw new Error(`version ${release.version} failed: ${release.why}`);
      return ['live', 'retired', 'superseded'].includes(release?.state) ? release : undefined;
    }, 2);
  }

  /** Waits for the versions of calls that were answered well; says in sentences which never came. */
  async arrived(ids, seconds = VERSION) {
    const arrivals = await Promise.allSettled(ids.map((id) => this.live(id, seconds)));
    return ids.filter((_, index) => arrivals[index].status === 'rejected').map((id) => `call ${id} was answered with 200 and made no version`);
  }

  /**
   * Waits until all calls have had their effects, and nothing more comes: a sweep has gone round, and the bus has nothing to hand out. Gives the
   * effects and how they differ from those of an undisturbed loop. `quiet: false` where the bus keeps what nobody takes.
   */
  async settled(expected = undisturbed(this.ids.length), seconds = 300, { quiet = true } = {}) {
    const { loop } = this;
    const differing = async () => {
      const found = await effects(loop);
      return { found, differences: compare(found, expected) };
    };
    const start = Date.now();
    while ((await differing()).differences.length > 0 && Date.now() - start < seconds * 1000) await sleep(5);
    const done = async () => (await loop.items('workflows', '-l', 'myelin.io/component=run')).filter(isSwept).length;
    const before = await done();
    await this.events.sweep();
    await loop.until('sweep', 600, async () => (await done()) > before, 2);
    const isEmpty = async () => (await subscribed(loop)) && Object.keys(await backlog(loop)).length === 0;
    if (quiet) await loop.until('empty backlog of the bus', 300, isEmpty);
    await loop.until('end of all runs', 600, async () => (await loop.items('workflows')).every(isOver));
    return differing();
  }
}

const isOver = ({ status }) => ['Succeeded', 'Failed', 'Error'].includes(status?.phase);
const isSwept = ({ metadata, status }) => metadata.name.includes('-sweep-') && status?.phase === 'Succeeded';

import { join } from 'node:path';
import type { Release } from '@cdk8s-myelin/runtime';
import { type ModelState } from '../client/axon-state.js';
import { misused, Outcome } from '../outcome.js';
import { endOrphans } from '../pocket/pods/orphans.js';
import type { Streams as Output, Terminal } from '../terminal.js';
import { loadObjects } from '../up/manifests.js';
import type { UpOptions } from '../up/options.js';
import { Session } from '../up/session.js';
import { settled } from '../up/settled.js';
import { onSignals } from '../up/signals.js';
import { StateFolder } from '../up/state-folder.js';
import { Clients, type Tally } from './clients.js';
import { readStreams } from './stream.js';

export interface DemoOptions extends UpOptions {
  /** Gives up after so many seconds. */
  readonly patience: number;
}

/** How the clients send: requests a second, and milliseconds until a truth is known. */
const LIVE = { rate: 10, truthAfter: 500 };
const JUDGING = { rate: 50 };

/** `myelin demo`: `myelin up` with played clients, until the loop has closed. Its last line is what was measured. */
export async function demo(files: readonly string[], asked: DemoOptions, terminal: Terminal, streams: Output): Promise<Outcome> {
  const started = Date.now();
  // A folder of its own: it starts from nothing, and what the user runs beside it is not its to remove.
  const options = { ...asked, state: join(asked.state, 'demo') };
  const loaded = loadObjects(files, options, {}, terminal);
  if (loaded === undefined) {
    return Outcome.FOUND;
  }
  const stopping = onSignals();
  const patience = AbortSignal.timeout(options.patience * 1000);
  const signal = AbortSignal.any([stopping.signal, patience]);
  const folder = new StateFolder(options.state);
  folder.take();
  // They are found by what the last demo has left in the folder.
  await endOrphans(folder.path, { info: () => undefined, warn: () => undefined });
  folder.startOver();
  const session = await Session.open(loaded, files, options, streams);
  const story = new Story(session, signal, started);
  let lastLine: string | undefined;
  try {
    lastLine = await story.play();
    if (options.keep) {
      session.view.tell('good', lastLine);
      session.view.tell('plain', `left up at ${session.cluster.gateway}; Ctrl-C ends it`);
      await session.view.until(() => undefined, stopping.signal);
    }
  } catch (e) {
    if (!signal.aborted && !(e instanceof GaveUp)) {
      throw e;
    }
    if (lastLine === undefined && !stopping.signal.aborted) {
      session.view.tell('bad', e instanceof GaveUp ? e.message : `gave up after ${options.patience} s, waiting for ${story.waitingFor}`);
    }
  } finally {
    await session.close();
    stopping.forget();
  }
  if (lastLine === undefined) {
    return stopping.signal.aborted ? Outcome.DONE : Outcome.FOUND;
  }
  terminal.out(lastLine);
  return Outcome.DONE;
}

/** The demo ends without its loop having closed. */
class GaveUp extends Error {}

/** What is played, in acts. */
class Story {
  /** What the story waits for right now, for the message when it does not come. */
  public waitingFor = 'the first version';

  constructor(private readonly session: Session, private readonly signal: AbortSignal, private readonly started: number) {}

  public async play(): Promise<string> {
    const { view } = this.session;
    const first = await this.versionAfter(undefined);
    const model = this.model(first.model);
    const streams = readStreams(this.session.storeOf(model.axon));
    const stable = new Clients(baseOf(model.state), this.signal);
    this.session.clients = stable;

    view.tell('plain', `clients: ${streams.steady.length} requests of the world as it was`);
    this.tell('steady', await stable.send(streams.steady, LIVE));
    view.tell('odd', `the world changes; clients: ${streams.drift.length} requests`);
    const changed = Date.now();
    this.waitingFor = 'an alert to fire';
    const [drift, fired] = await Promise.all([stable.send(streams.drift, LIVE), this.session.firing(first.version, this.signal)]);
    this.tell('after the change', drift);
    const alertAfter = Math.round((fired - changed) / 1000);
    view.tell('odd', `alert on version ${first.version} fired ${alertAfter} s after the change`);

    this.waitingFor = 'a version that is better than the live one';
    const second = await this.versionAfter(first);
    this.waitingFor = 'answers of both versions to the final stream';
    this.tell('through the stable address', await stable.send(streams.final, { ...LIVE, rate: 25 }));
    const [was, drifted, now] = [
      await this.judge(first, streams.finalOriginal), await this.judge(first, streams.final), await this.judge(second, streams.final),
    ];
    this.check(first, second, drifted, now);
    const seconds = Math.round((Date.now() - this.started) / 1000);
    return `loop closed: ${first.version} accuracy ${was.toFixed(2)}, drifted to ${drifted.toFixed(2)}, alert after ${alertAfter} s, `
      + `${second.version} accuracy ${now.toFixed(2)}, in ${seconds} s`;
  }

  /** The newest live release that is not the one before. */
  private async versionAfter(before: Release | undefined): Promise<Release> {
    return this.session.view.until((scene) => {
      const end = settled(scene, this.session.declared);
      if (end !== undefined) {
        throw new GaveUp(end.text);
      }
      const newest = scene.releases.flatMap(({ releases }) => releases).find(({ state, model }) => state === 'live' && (before === undefined || model === before.model));
      return newest !== undefined && newest.version !== before?.version && this.routed(newest) ? newest : undefined;
    }, this.signal);
  }

  /** Whether traffic has moved to it: a release is live a moment before. */
  private routed({ version }: Release): boolean {
    return this.session.cluster.objects.list('VirtualService').some((routes) => JSON.stringify(routes.spec).includes(version));
  }

  private model(name: string): { readonly axon: string; readonly state: ModelState } {
    const models = this.session.axons().flatMap((axon) => axon.models.map((state) => ({ axon: axon.axon, state })));
    const found = models.find(({ state }) => state.name === name);
    if (found === undefined) {
      throw new GaveUp(`model ${name} is no model of the axon`);
    }
    return found;
  }

  /** Accuracy of a version, by its own address; nobody tells it the truth, so nothing is learned from it. */
  private async judge({ model, version }: Release, samples: Parameters<Clients['send']>[0]): Promise<number> {
    const own = this.model(model).state.versions.find((candidate) => candidate.version === version)!;
    const clients = new Clients(own.urls[0].replace(/\/predict$/, ''), this.signal);
    const { answered, correct, failed } = await clients.send(samples, JUDGING);
    const others = [...clients.tallies.keys()].filter((answering) => answering !== version);
    if (failed > 0 || others.length > 0) {
      throw new GaveUp(`of ${samples.length} requests to version ${version}, ${failed} failed and ${others.length} other versions answered`);
    }
    return correct / answered;
  }

  /** The loop has closed only if it did what it is for, once. */
  private check(first: Release, second: Release, drifted: number, now: number): void {
    if (now <= drifted) {
      throw new GaveUp(`version ${second.version} has accuracy ${now.toFixed(2)}, no more than the ${drifted.toFixed(2)} of ${first.version}`);
    }
  }

  private tell(when: string, { answered, correct, failed }: Tally): void {
    const share = answered === 0 ? 'none' : (correct / answered).toFixed(2);
    this.session.view.tell(failed === 0 ? 'plain' : 'odd', `clients, ${when}: ${answered} answers, accuracy ${share}${failed === 0 ? '' : `, ${failed} failed`}`);
  }
}

function baseOf({ name, urls }: ModelState): string {
  const predict = urls.find((url) => url.endsWith('/predict'));
  if (predict === undefined) {
    throw misused('model', name, 'has no route /predict', 'the played clients need one');
  }
  return predict.replace(/\/predict$/, '');
}

import { misused, Outcome } from '../outcome.js';
import type { Streams, Terminal } from '../terminal.js';
import { inBackground } from './background.js';
import { loadObjects } from './manifests.js';
import { Session } from './session.js';
import { settled } from './settled.js';

export interface UpOptions {
  readonly state: string;
  readonly source: readonly string[];
  readonly namespace?: string;
  readonly port?: number;
  readonly metrics: 'auto' | 'embedded';
  readonly lenient?: boolean;
  readonly strict?: boolean;
  readonly keep?: boolean;
}

/** `myelin up`: runs axons on this machine. Resolves when it was asked to end, or when nothing is left that could run. */
export async function up(files: readonly string[], options: UpOptions, terminal: Terminal, streams: Streams): Promise<Outcome> {
  if (options.keep) {
    return inBackground(files, options, terminal);
  }
  const loaded = loadObjects(files, options, {}, terminal);
  if (loaded === undefined) {
    return Outcome.FOUND;
  }
  const session = await Session.open(loaded, files, options, streams);
  const stopping = onSignals();
  try {
    session.view.tell('plain', `models answer at ${session.cluster.gateway}; Ctrl-C ends, 'myelin get' shows more`);
    const end = await session.view.until((scene) => settled(scene, session.declared), stopping.signal);
    session.view.tell('bad', `${end}: correct it and run the same command again`);
    return Outcome.FOUND;
  } catch (e) {
    if (!stopping.signal.aborted) {
      throw e;
    }
    return Outcome.DONE;
  } finally {
    session.view.tell('plain', 'ending');
    await session.close();
    stopping.forget();
  }
}

/** Aborted by Ctrl-C, SIGTERM or a closed terminal. A second Ctrl-C ends at once: the next start cleans up. */
export function onSignals(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = () => (controller.signal.aborted ? process.exit(130) : controller.abort(new Error('asked to end')));
  signals.forEach((signal) => process.on(signal, stop));
  return { signal: controller.signal, forget: () => signals.forEach((signal) => process.off(signal, stop)) };
}

/** `NAME=FOLDER` pairs by name. */
export function sourcesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) {
      throw misused('source', pair, 'is no name=folder', 'write for example --source code=./code');
    }
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

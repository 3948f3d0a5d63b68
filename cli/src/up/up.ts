import { Outcome } from '../outcome.js';
import type { Streams, Terminal } from '../terminal.js';
import { inBackground } from './background.js';
import { loadObjects } from './manifests.js';
import type { UpOptions } from './options.js';
import { Session } from './session.js';
import { settled } from './settled.js';
import { onSignals } from './signals.js';

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
    const isDone = end.outcome === Outcome.DONE;
    session.view.tell(isDone ? 'good' : 'bad', isDone ? end.text : `${end.text}: correct it and run the same command again`);
    return end.outcome;
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

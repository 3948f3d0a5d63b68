import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../outcome.js';

/** A request as a client sends it, and what turns out to be true. */
export interface Sample {
  readonly request: unknown;
  readonly truth: unknown;
}

/** The streams that clients are played with; no sample is in two of them, but for `finalOriginal`. */
export interface Streams {
  /** Requests of the world that was trained for. */
  readonly steady: Sample[];
  /** Requests after the world has changed. */
  readonly drift: Sample[];
  /** Requests of the changed world that are sent after the retraining only: they judge. */
  readonly final: Sample[];
  /** The same as `final`, in the world that was trained for. */
  readonly finalOriginal: Sample[];
}

/**
 * The streams that a task of the axon wrote into the folder `traffic` of its run: `steady.jsonl`, `drift.jsonl`,
 * `final.jsonl` and `final-original.jsonl`, a JSON object with `request` and `truth` a line.
 *
 * @param store folder of the axon in its store: a folder for each task, in it one for each run
 */
export function readStreams(store: string): Streams {
  const folders = readdirSync(store).flatMap((task) => readdirSync(join(store, task)).map((run) => join(store, task, run, 'traffic')));
  const folder = folders.find((path) => existsSync(join(path, 'steady.jsonl')));
  if (folder === undefined) {
    throw new UsageError(`no run in ${store} wrote traffic/steady.jsonl: a task must write the streams that the clients send, as examples/digits does`);
  }
  const stream = (name: string): Sample[] => readFileSync(join(folder, `${name}.jsonl`), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return { steady: stream('steady'), drift: stream('drift'), final: stream('final'), finalOriginal: stream('final-original') };
}

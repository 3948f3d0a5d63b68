import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from '../../cli.js';

/** What is done to engines, in fidelity/cluster/behaviours: the same file is done to a real cluster. */
export function done<T>(name: string): T {
  return load(readFileSync(join(ROOT, 'fidelity', 'cluster', 'behaviours', `${name}.yaml`), 'utf8')) as T;
}

/** What came of it on a real cluster: see fidelity/cluster/behaviours.sh. */
export function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(join(ROOT, 'fidelity', 'traces', 'behaviours', `${name}.json`), 'utf8')) as T;
}

/** What the laptop's engines do otherwise on purpose, by what is compared, each with its reason. A row that is no longer needed fails. */
export type Differences = Readonly<Record<string, { readonly here: unknown; readonly why: string }>>;

/** What is expected of a behaviour: what was recorded, or its row of the differences. Fails when the row says no more than the record. */
export function expected(name: string, record: unknown, differences: Differences): unknown {
  const difference = differences[name];
  if (difference === undefined) return record;
  const here = typeof difference.here === 'function' ? difference.here(record) as unknown : difference.here;
  if (JSON.stringify(here) === JSON.stringify(record)) throw new Error(`the difference '${name}' is none any more`);
  return here;
}

/** Long texts as the record has them. */
export function short(text: string): string {
  return text.length <= 2000 ? text : `${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

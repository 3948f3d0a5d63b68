import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const CONTRACT = join(REPOSITORY, 'contract');

/** A file of contract/, as text. */
export function contractText(...path: string[]): string {
  return readFileSync(join(CONTRACT, ...path), 'utf8');
}

/** A JSON file of contract/. */
export function contractJson(...path: string[]): any {
  return JSON.parse(contractText(...path));
}

/** Names of the JSON files of a folder of contract/, without their ending. */
export function contractFiles(...path: string[]): string[] {
  return readdirSync(join(CONTRACT, ...path)).filter((file) => file.endsWith('.json')).map((file) => file.replace('.json', '')).sort();
}

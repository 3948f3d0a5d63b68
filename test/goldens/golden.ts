import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';

const RECORDED = join(__dirname, 'expected');

/**
 * Compares a text with its recorded bytes. A missing file fails. Only `npm run golden:update` sets
 * MYELIN_GOLDENS, which records the text instead.
 */
export function expectGolden(name: string, text: string): void {
  const file = join(RECORDED, name);
  if (process.env.MYELIN_GOLDENS === 'record') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}

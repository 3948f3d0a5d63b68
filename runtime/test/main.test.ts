import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PERMANENT_EXIT_CODE } from '../src/contract/constants.js';
import { main } from '../src/main.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-main-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const env = (log: string) => ({ MYELIN_MOUNTS: JSON.stringify({ '/dev/termination-log': log }), MYELIN_LOG_LEVEL: 'silent' });

test('a program that fails leaves its message where Kubernetes reads why a container ended', async () => {
  const log = join(folder, 'log');
  writeFileSync(log, '');
  expect(await main(['never'], env(log))).toBe(PERMANENT_EXIT_CODE);
  expect(readFileSync(log, 'utf8')).toMatch(/^'never' .*gate/);
  expect(await main(['gate'], { ...env(log), MYELIN_CONTRACT_PATH: join(folder, 'absent') })).toBe(1);
});

test('where there is no place for last words it fails all the same', async () => {
  expect(await main(['never'], env(join(folder, 'absent')))).toBe(PERMANENT_EXIT_CODE);
  expect(() => readFileSync(join(folder, 'absent'))).toThrow('ENOENT');
});

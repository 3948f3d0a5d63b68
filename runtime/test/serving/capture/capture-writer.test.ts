import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { pino } from 'pino';
import { CaptureWriter, type CaptureOptions } from '../../../src/serving/capture/capture-writer.js';
import { SiblingSegments } from '../../../src/serving/capture/sibling-segments.js';

const VERSION = '25fcd78b04';
let folder: string;
let now: number;
let counts: Record<string, number>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-serving-'));
  now = Date.now();
  counts = {};
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const count = (name: string, records: number) => { counts[name] = (counts[name] ?? 0) + records; };
const writer = (options: Partial<CaptureOptions> = {}) => new CaptureWriter({
  folder,
  version: VERSION,
  retentionSeconds: 3600,
  log: pino({ enabled: false }),
  now: () => now,
  kept: (records) => count('kept', records),
  dropped: count,
  ...options,
});
const line = (id: number, answer: unknown = { strData: 'x' }) => ({ id: `${VERSION}.${id}`, version: VERSION, at: new Date(now).toISOString(), answer });
const segments = () => readdirSync(join(folder, VERSION)).sort();
const ids = () => segments().map((name) => readFileSync(join(folder, VERSION, name), 'utf8').trimEnd().split('\n').map((text) => JSON.parse(text).id.slice(11)));

test('a segment ends when it is long enough or old enough, and the next sorts after it', async () => {
  const capture = writer({ segmentBytes: 200, retentionSeconds: 86_400 });
  for (const id of [1, 2, 3]) {
    capture.write(line(id));
    await capture.flush();
    now += 1000;
  }
  now += 3600_000;
  capture.write(line(4));
  await capture.close();
  expect(ids()).toEqual([['1', '2'], ['3'], ['4']]);
  expect(counts).toEqual({ kept: 4 });
});

test('records of one moment are written together', async () => {
  const capture = writer();
  for (const id of [1, 2, 3]) capture.write(line(id));
  await capture.close();
  expect(ids()).toEqual([['1', '2', '3']]);
});

test('a disk that is full in the middle of a line leaves whole lines, and is tried again', async () => {
  const capture = writer();
  capture.write(line(1));
  await capture.flush();
  const handle = await open(join(folder, 'any'), 'w');
  await handle.close();
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  const write = prototype.write;
  const full = jest.spyOn(prototype, 'write').mockImplementationOnce(async function (this: FileHandle, ...args: any[]) {
    await (write as any).call(this, args[0], 0, 10, args[3]);
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  } as any);
  capture.write(line(2));
  await capture.flush();
  expect(full).toHaveBeenCalledTimes(1);
  capture.write(line(3));
  await capture.close();
  expect(ids()).toEqual([['1'], ['3']]);
  expect(counts).toEqual({ 'kept': 2, 'disk-full': 1 });
});

test('what waits for a slow disk is bounded', async () => {
  const capture = writer();
  const large = 'x'.repeat(10 * 1024 * 1024);
  for (let id = 0; id < 5; id++) capture.write(line(id, { strData: large }));
  await capture.close();
  expect(counts).toEqual({ kept: 3, backlog: 2 });
});

test('siblings are read on from where they were left, and their torn last line waits for its end', async () => {
  const capture = writer();
  capture.write(line(1, { data: { ndarray: [[1]] } }));
  await capture.flush();
  const siblings = new SiblingSegments({
    folder: capture.folder,
    own: new Set(),
    bounds: { count: 10, bytes: 1e6, age: 1e6 },
    requests: () => false,
    log: pino({ enabled: false }),
    now: () => now,
  });
  expect(await siblings.find(`${VERSION}.1`)).toMatchObject({ answer: { value: [[1]] }, truth: false });

  const text = JSON.stringify({ ...line(2, { data: { ndarray: [[2]] } }) });
  const file = await open(join(capture.folder, segments()[0]), 'a');
  await file.write(text.slice(0, 20));
  now += 1000;
  expect(await siblings.find(`${VERSION}.2`)).toBeUndefined();
  await file.write(`${text.slice(20)}\nno record\n${JSON.stringify({ id: `${VERSION}.2`, version: VERSION, at: line(2).at, truth: 2 })}\n`);
  await file.close();
  now += 1000;
  expect(await siblings.find(`${VERSION}.2`)).toMatchObject({ answer: { value: [[2]] }, truth: true, reward: false });
  await capture.close();
});

import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastWords, readLog, shorten, type LogOptions } from '../../../src/pocket/pods/container-log.js';
import { podFolders } from '../../../src/pocket/pods/pod-folder.js';
import { PodCluster, until } from './fixture.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocket-core-log-'));
  path = join(folder, 'main.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(options?: LogOptions): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of readLog(path, options)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('a log that was shortened is read as one, without its beginning', async () => {
  writeFileSync(path, 'lost\nkept 1\nkept 2\n');

  shorten(path, 14);
  appendFileSync(path, 'new\n');

  expect(await read()).toBe('kept 1\nkept 2\nnew\n');
  expect(await read({ tailLines: 2 })).toBe('kept 2\nnew\n');
});

test.each([[0, ''], [1, 'c'], [2, 'b\nc'], [3, 'a\nb\nc'], [9, 'a\nb\nc']])('the last %i lines of a log whose last line has no end', async (tailLines, expected) => {
  writeFileSync(path, 'a\nb\nc');

  expect(await read({ tailLines })).toBe(expected);
});

test('a follower reads on after the log was shortened, and ends when nothing more comes', async () => {
  writeFileSync(path, 'one\n');
  let over = false;
  const pieces: string[] = [];
  const reading = (async () => {
    for await (const piece of readLog(path, { follow: () => over })) pieces.push(piece.toString());
  })();
  await until('the first line', () => pieces.join('') === 'one\n');
  shorten(path, 1);
  appendFileSync(path, 'x\n');
  await until('the second line', () => pieces.join('') === 'one\nx\n');

  appendFileSync(path, 'last\n');
  over = true;
  await reading;

  expect(pieces.join('')).toBe('one\nx\nlast\n');
});

test('the last words of a run are whole lines, and none of the run before', () => {
  writeFileSync(path, `before\n${'long line '.repeat(10)}\n`.repeat(50));
  const start = statSync(path).size;
  expect(lastWords(path, start)).toBe('');

  appendFileSync(path, 'why\n');
  expect(lastWords(path, start)).toBe('why');

  appendFileSync(path, `${'ä'.repeat(50)}\n`.repeat(100));
  const words = lastWords(path, start);
  expect(Buffer.byteLength(words)).toBeLessThanOrEqual(2048);
  expect(words.split('\n').every((line) => line === 'ä'.repeat(50))).toBe(true);
});

test('a container that prints without end fills no disk, and its last words are kept', async () => {
  const cluster = await new PodCluster('log').start();
  try {
    cluster.script('loud', 'yes | head -c 60000000; sleep 2; yes | head -c 5000000; echo the end; exit 1');

    const pod = await cluster.phase('loud', 'Failed');

    expect(pod.status!.message!.split('\n').at(-1)).toBe('the end');
    const log = join(cluster.stateDir, 'pods', podFolders(cluster.stateDir)[0]!, 'main.log');
    expect(existsSync(`${log}.1`)).toBe(true);
    expect(statSync(log).size + statSync(`${log}.1`).size).toBeLessThanOrEqual(20 * 1024 * 1024);
  } finally {
    await cluster.close();
  }
});

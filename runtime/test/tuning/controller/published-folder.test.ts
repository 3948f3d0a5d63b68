import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishFolder } from '../../../src/tuning/controller/published-folder.js';

let folder: string;
let from: string;
let to: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publish-'));
  [from, to] = [join(folder, 'trials', '0_0_1'), folder];
  await mkdir(join(from, 'deep', 'empty'), { recursive: true });
  await mkdir(join(from, '.myelin', '0'), { recursive: true });
  await writeFile(join(from, 'model.bin'), 'model');
  await writeFile(join(from, 'deep', 'weights'), 'weights');
  await writeFile(join(from, '.myelin', '0', 'result.json'), '{}');
  await symlink('deep/weights', join(from, 'latest'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('all files appear in the run\'s folder as the same files, but for those of the loop', async () => {
  await publishFolder(from, to, join(to, 'staging'));
  expect((await readdir(to)).sort()).toEqual(['deep', 'latest', 'model.bin', 'trials']);
  expect(await readFile(join(to, 'latest'), 'utf8')).toBe('weights');
  expect(await readlink(join(to, 'latest'))).toBe('deep/weights');
  expect(await readdir(join(to, 'deep', 'empty'))).toEqual([]);
  expect((await stat(join(to, 'model.bin'))).ino).toBe((await stat(join(from, 'model.bin'))).ino);
});

test('done again after a kill, it leaves the same and nothing beside it', async () => {
  await publishFolder(from, to, join(to, 'staging'));
  await rm(join(to, 'deep', 'weights'));
  await mkdir(join(to, 'staging'));
  await writeFile(join(to, 'staging', 'left'), '');
  await publishFolder(from, to, join(to, 'staging'));
  await publishFolder(from, to, join(to, 'staging'));
  expect((await readdir(to, { recursive: true })).filter((name) => !name.startsWith('trials')).sort())
    .toEqual(['deep', 'deep/empty', 'deep/weights', 'latest', 'model.bin']);
});

test('a file that stands in its way is replaced whole', async () => {
  await writeFile(join(to, 'model.bin'), 'older');
  await publishFolder(from, to, join(to, 'staging'));
  expect(await readFile(join(to, 'model.bin'), 'utf8')).toBe('model');
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { repositoryName, sameRepository } from '../../../src/pocket/images/git.js';
import { LaptopSources, LaptopSourcesProps } from '../../../src/pocket/images/sources.js';
import { Notes, folder, removeFolders, write } from './fixture.js';

jest.setTimeout(60_000);

afterAll(removeFolders);

function git(place: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', place, ...who, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function repository(): string {
  const place = write(folder(), { 'a.py': 'one' });
  git(place, 'init');
  commit(place, 'one');
  return place;
}

function commit(place: string, content: string): string {
  write(place, { 'a.py': content });
  git(place, 'add', '-A');
  git(place, 'commit', '-m', content, '--allow-empty');
  return git(place, 'rev-parse', 'HEAD');
}

function sources(props: Partial<LaptopSourcesProps> = {}): LaptopSources {
  return new LaptopSources({ stateDir: folder(), log: new Notes(), projectDirs: [folder()], ...props });
}

const text = (place: string) => readFileSync(join(place, 'a.py'), 'utf8');

describe('where code comes from', () => {
  const repo = 'https://git.example.org/ml/digits.git';

  test.each([['digits'], [repo], ['code'], ['git@git.example.org:ml/digits']])('--source %s names a folder', async (name) => {
    const place = folder();
    const found = sources({ folders: { [name]: place }, artifacts: { code: ['https://git.example.org/other.git', repo] } }).checkout({ repo, revision: '4f1c2d0' });
    expect(await found).toBe(place);
  });

  test('the repository that the axon file lies in is its working tree, as it is now', async () => {
    const place = repository();
    git(place, 'remote', 'add', 'origin', 'git@git.example.org:ml/digits.git');
    write(place, { 'a.py': 'not committed', 'deep/axon.yaml': '' });
    const log = new Notes();
    const own = sources({ projectDirs: [join(place, 'deep')], log });
    expect(text(await own.checkout({ repo, revision: '4f1c2d0' }))).toBe('not committed');
    expect(await own.checkout({ repo, revision: '4f1c2d0' })).toBe(place);
    expect(log.infos).toEqual([expect.stringContaining('the working tree stands for a revision')]);
  });

  test('another repository is cloned at its revision, once', async () => {
    const origin = repository();
    const first = git(origin, 'rev-parse', 'HEAD');
    commit(origin, 'two');
    const mine = sources();
    const [found, same, short] = [await mine.checkout({ repo: origin, revision: first }), await mine.checkout({ repo: origin, revision: first }),
      await mine.checkout({ repo: origin, revision: first.slice(0, 8) })];
    expect([text(found), same, short]).toEqual(['one', found, found]);
    renameSync(origin, join(folder(), 'away'));
    expect(await mine.checkout({ repo: origin, revision: first })).toBe(found);
  });

  test('a branch is what it is now, or was last when the repository is away', async () => {
    const origin = repository();
    const bare = join(folder(), 'origin.git');
    git(origin, 'clone', '--bare', origin, bare);
    const log = new Notes();
    const mine = sources({ log });
    expect(text(await mine.checkout({ repo: `file://${bare}`, revision: 'main' }))).toBe('one');
    commit(origin, 'two');
    git(origin, 'tag', '-a', 'v1', '-m', 'v1');
    git(origin, 'push', bare, 'HEAD:main', 'v1');
    expect(text(await mine.checkout({ repo: `file://${bare}`, revision: 'main' }))).toBe('two');
    expect(text(await mine.checkout({ repo: `file://${bare}`, revision: 'v1' }))).toBe('two');
  });

  test('several that want the same get one clone', async () => {
    const origin = repository();
    const mine = sources();
    const found = await Promise.all([1, 2, 3].map(async () => mine.checkout({ repo: origin, revision: 'main' })));
    expect(new Set(found).size).toBe(1);
    expect(existsSync(join(found[0]!, 'a.py'))).toBe(true);
  });
});

describe('what cannot be had', () => {
  test('fails if the repository is not there, with what to do', async () => {
    await expect(sources().checkout({ repo: '/no/such/digits.git', revision: 'main' })).rejects
      .toThrow("'/no/such/digits.git' (revision main) is not there, say with --source digits=DIR where its code is on this machine");
  });

  test('fails if the revision is not there', async () => {
    await expect(sources().checkout({ repo: repository(), revision: 'nothing' })).rejects.toMatchObject({ permanent: true, message: expect.stringContaining('has no such revision') });
  });

  test('fails if it is offline, as something to try again', async () => {
    await expect(sources().checkout({ repo: 'http://127.0.0.1:9/ml/digits.git', revision: '4f1c2d0' })).rejects
      .toMatchObject({ permanent: false, message: expect.stringMatching(/^'http:\/\/127.0.0.1:9\/ml\/digits.git' \(revision 4f1c2d0\) was not reached/) });
  });

  test('fails if it would be an option of git', async () => {
    await expect(sources().checkout({ repo: 'x', revision: '--upload-pack=x' })).rejects.toThrow("'git' (--upload-pack=x) must be a repository and a revision, correct it");
  });

  test('fails if --source names no folder', async () => {
    await expect(sources({ folders: { digits: '/no/such' } }).checkout({ repo: 'x/digits', revision: 'main' })).rejects
      .toThrow("'--source' (digits=/no/such) must name a folder, correct it");
  });
});

test.each([
  ['https://Example.org/a/b.git', 'git@example.org:a/b', true], ['ssh://git@example.org:22/a/b', 'https://user:x@example.org/a/b.git/', true],
  ['https://example.org/a/b', 'https://example.org/a/c', false], ['https://example.org/a/b', 'https://other.org/a/b', false],
  ['/home/x/code', '/home/x/code.git', true],
])('%s and %s are one repository: %s', (a, b, same) => {
  expect(sameRepository(a, b)).toBe(same);
});

test('a repository is called by the last part of its address', () => {
  expect(['https://example.org/a/b.git', 'git@example.org:c.git', '/x/d/'].map(repositoryName)).toEqual(['b', 'c', 'd']);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BuildContext } from '../../../../src/pocket/images/build-context.js';
import { recipeOf } from '../../../../src/pocket/images/dockerfile/recipe.js';
import { filesOf, folder, recipe, removeFolders, write } from '../fixture.js';

afterAll(removeFolders);

const FILES = { 'a.py': 'a', 'b.py': 'b', 'c.txt': 'c', 'lib/d.py': 'd', 'lib/sub/e.py': 'e', 'run.sh': '#!/bin/sh\n' };

async function copied(line: string, files: Record<string, string> = FILES): Promise<string[]> {
  return filesOf(await recipe(`FROM python:3.11\nWORKDIR /app\n${line}`, files));
}

describe('COPY', () => {
  test.each([
    ['COPY a.py .', ['/app/a.py']],
    ['COPY a.py x.py', ['/app/x.py']],
    ['COPY a.py /app', ['/app/a.py']],
    ['COPY a.py new/', ['/app/new/a.py']],
    ['COPY *.py ./', ['/app/a.py', '/app/b.py']],
    ['COPY a.py c.txt /x/', ['/x/a.py', '/x/c.txt']],
    ['COPY lib .', ['/app/d.py', '/app/sub/e.py']],
    ['COPY lib lib', ['/app/lib/d.py', '/app/lib/sub/e.py']],
    ['COPY lib/*.py /x/', ['/x/d.py']],
    ['COPY ["lib/sub", "/with space"]', ['/with space/e.py']],
    ['COPY --chown=1000:1000 --link /a.py ../../b.py /x/', ['/x/a.py', '/x/b.py']],
    ['ADD c.txt /x', ['/x']],
    ['ENV T=/target\nCOPY a.py $T/', ['/target/a.py']],
    ['COPY [ab].py /x/', ['/x/a.py', '/x/b.py']],
    ['COPY ?.txt /x/', ['/x/c.txt']],
  ])('%s', async (line, expected) => {
    expect(await copied(line)).toEqual(expected);
  });

  test('a here-document becomes a file, with variables unless its name is in quotes', async () => {
    const { tree } = await recipe('FROM python:3.11\nENV A=1\nCOPY <<X <<"Y" /d/\nx $A\nX\ny $A\nY');
    expect([await tree.read('/d/X'), await tree.read('/d/Y')]).toEqual(['x 1\n', 'y $A\n']);
  });

  test('files keep whether they can be run, unless the line says it', async () => {
    const { tree } = await recipe('FROM python:3.11\nCOPY a.py run.sh /x/\nCOPY --chmod=755 a.py /y/', FILES);
    expect(['/x/a.py', '/x/run.sh', '/y/a.py'].map((path) => tree.get(path))).toMatchObject([{ executable: false }, { executable: true }, { executable: true }]);
  });

  test('links inside a folder stay links, one that is named is followed', async () => {
    const root = write(folder(), { 'real.txt': 'real', 'lib/x.py': '' });
    symlinkSync('../real.txt', join(root, 'lib', 'link'));
    symlinkSync('real.txt', join(root, 'link'));
    const context = await BuildContext.open(root);
    const { tree } = await recipeOf('FROM python:3.11\nCOPY lib /lib\nCOPY link /named', { context, file: 'Dockerfile' });
    expect(tree.get('/lib/link')).toEqual({ kind: 'link', target: '../real.txt' });
    expect(await tree.read('/named')).toBe('real');
  });

  test('thousands of files are not opened at once', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, number) => [`many/${number}.txt`, String(number)]));
    expect(await copied('COPY many .', many)).toHaveLength(3000);
  });

  test('fails if nothing is there, with file and line', async () => {
    await expect(copied('COPY model.bin /')).rejects.toThrow("'Dockerfile:3' (model.bin) must name something in the build's folder, add it there or correct the line");
    await expect(copied('COPY *.bin /')).rejects.toThrow("'Dockerfile:3' (*.bin) must name something in the build's folder");
  });

  test('fails if several files go into what is no folder', async () => {
    await expect(copied('COPY a.py b.py /x')).rejects.toThrow("'Dockerfile:3' (/x) must end with a slash when several files go into it, add one");
  });
});

describe('what a build sees', () => {
  test.each([
    ['*.py', ['.dockerignore', 'c.txt', 'lib/d.py', 'lib/sub/e.py', 'run.sh']],
    ['**/*.py', ['.dockerignore', 'c.txt', 'run.sh']],
    ['# comment\n\n/lib/\n', ['.dockerignore', 'a.py', 'b.py', 'c.txt', 'run.sh']],
    ['lib\n!lib/sub', ['.dockerignore', 'a.py', 'b.py', 'c.txt', 'lib/sub/e.py', 'run.sh']],
    ['*\n!a.py', ['a.py']],
    ['lib/**/e.py\n?.txt', ['.dockerignore', 'a.py', 'b.py', 'lib/d.py', 'run.sh']],
    ['.dockerignore\n./a.py\n[b-c].*', ['lib/d.py', 'lib/sub/e.py', 'run.sh']],
  ])('.dockerignore %j', async (ignore, expected) => {
    expect(await copied('COPY . /', { ...FILES, '.dockerignore': ignore })).toEqual(expected.map((path) => `/${path}`));
  });

  test('a Dockerfile with an ignore file of its own name has that one', async () => {
    const root = write(folder(), { ...FILES, '.dockerignore': '*', 'train.Dockerfile.dockerignore': 'lib' });
    const context = await BuildContext.open(root, { dockerfile: join(root, 'train.Dockerfile') });
    expect((await context.match('a.py')).length).toBe(1);
    expect(await context.match('lib/d.py')).toEqual([]);
  });

  test('neither virtual environments nor the state folder are copied', async () => {
    const root = write(folder(), { 'a.py': '', 'venv/pyvenv.cfg': '', 'venv/x.py': '', '.myelin/objects/x.json': '{}', '__pycache__/a.pyc': '', '.git/HEAD': '' });
    const context = await BuildContext.open(root, { state: join(root, '.myelin') });
    expect((await context.match('.'))[0]!.files.map(({ path }) => path)).toEqual(['a.py']);
  });

  test('of a git working tree only what git would give is seen', async () => {
    const root = write(folder(), { '.gitignore': 'data/\n*.bin\n', 'a.py': '', 'new.py': '', 'gone.py': '', 'data/large': '', 'model.bin': '' });
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
    git('init');
    git('add', 'a.py', 'gone.py');
    rmSync(join(root, 'gone.py'));
    mkdirSync(join(root, 'empty'));
    const context = await BuildContext.open(root);
    expect((await context.match('.'))[0]!.files.map(({ path }) => path)).toEqual(['.gitignore', 'a.py', 'new.py']);
    await expect(recipeOf('FROM python:3.11\nCOPY model.bin /', { context, file: 'Dockerfile' })).rejects
      .toThrow("'Dockerfile:2' (model.bin) must name something that the build sees: git ignores it, so a build in the cluster would not have it, take it back in");
  });

  test('a folder that git ignores as a whole is seen as it is', async () => {
    const root = write(folder(), { '.gitignore': 'generated/\n', 'generated/a.py': '' });
    execFileSync('git', ['-C', root, 'init'], { stdio: 'ignore' });
    const context = await BuildContext.open(join(root, 'generated'));
    expect((await context.match('.'))[0]!.files.map(({ path }) => path)).toEqual(['a.py']);
  });
});

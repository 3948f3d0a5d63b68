import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { identityOf } from '../../src/pocket/pods/process-identity.js';
import { StateFolder } from '../../src/up/state-folder.js';
import { folder, removeFolders } from '../cli.js';

let other: ChildProcess | undefined;

afterEach(() => {
  other?.kill('SIGKILL');
  other = undefined;
  removeFolders();
});

test('one process has the folder until it leaves, and may take it twice', () => {
  const path = join(folder(), 'state');
  const state = new StateFolder(path);
  state.take();
  state.take();
  expect(readFileSync(join(path, '.gitignore'), 'utf8')).toBe('*\n');
  state.leave();
  expect(readdirSync(path)).toEqual(['.gitignore']);
});

test('a folder that another process has is refused, though its cluster has not announced itself yet', () => {
  const path = folder();
  other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  writeFileSync(join(path, 'owner.json'), JSON.stringify(identityOf(other.pid!)));
  expect(() => new StateFolder(path).take()).toThrow(`belongs to the cluster that runs as process ${other.pid}, stop it with 'myelin down'`);
});

test('a folder that a killed process had is taken, though another process has its number now', () => {
  const path = folder();
  other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  writeFileSync(join(path, 'owner.json'), JSON.stringify({ ...identityOf(other.pid!), startedAt: '1' }));
  writeFileSync(join(path, 'cluster.json'), JSON.stringify({ pid: other.pid }));
  const state = new StateFolder(path);
  expect(state.running()).toBeUndefined();
  state.take();
  expect(JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')).pid).toBe(process.pid);
});

test('fails if the folder holds something else, and removes nothing of it', () => {
  const path = folder();
  mkdirSync(join(path, 'objects'));
  writeFileSync(join(path, 'thesis.tex'), 'all of it');
  const state = new StateFolder(path);
  expect(() => state.take()).toThrow("holds 'thesis.tex', which no cluster has made");
  expect(() => state.remove()).toThrow("holds 'thesis.tex', which no cluster has made");
  expect(existsSync(join(path, 'thesis.tex'))).toBe(true);
});

test('what a killed write left behind is of the cluster', () => {
  const path = folder();
  writeFileSync(join(path, 'applied.json.tmp'), '');
  const state = new StateFolder(path);
  state.take();
  state.remove();
  expect(existsSync(path)).toBe(false);
});

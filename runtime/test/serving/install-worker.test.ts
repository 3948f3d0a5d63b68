import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { installWorker } from '../../src/serving/install-worker.js';
import { ProgramContext } from '../../src/shared/program.js';
import { WORKER } from './model-pod.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'myelin-serving-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const install = (env: NodeJS.ProcessEnv = {}) => installWorker(new ProgramContext({
  args: { to: '/myelin/worker' },
  env: { MYELIN_MOUNTS: JSON.stringify({ '/myelin/worker': folder }), ...env },
  log: pino({ enabled: false }),
  signal: new AbortController().signal,
  kube: () => { throw new Error('not asked'); },
  fetch,
}));
const modules = readdirSync(WORKER).filter((name) => name.endsWith('.py')).sort();

test('the worker lies in the folder and runs from there, beside a user module of the name of one of ours', async () => {
  writeFileSync(join(folder, '__main__.py'), 'an earlier copy');
  await install();
  expect(readdirSync(folder).sort()).toEqual(modules);
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/errors.py'), 'raise SystemExit("took the user\'s module for its own")');
  const text = execFileSync('sh', ['-c', `python3 ${folder} 2>&1 || true`], { cwd: join(folder, 'app'), encoding: 'utf8', env: { PATH: process.env.PATH } });
  expect(text).toBe("myelin-worker: 'MYELIN_SOCKET' (not set) must be the path of the front's socket, run the worker beside one\n");
});

test('fails if there is no worker to copy', async () => {
  await expect(install({ MYELIN_WORKER_SOURCE: '/nowhere' })).rejects.toMatchObject({ code: 'MYELIN_WORKER_SOURCE_MISSING', permanent: true });
});

test('fails if the folder cannot be made, and leaves no part', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(install({ MYELIN_MOUNTS: JSON.stringify({ '/myelin/worker': join(folder, 'file/below') }) })).rejects.toThrow('ENOTDIR');
  expect(readdirSync(folder)).toEqual(['file']);
});

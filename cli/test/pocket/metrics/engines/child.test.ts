import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../../../../src/pocket/metrics/engines/child.js';
import { identityOf } from '../../../../src/pocket/pods/process-identity.js';
import { until } from '../loop.js';

const SERVER = `
const server = require('node:http').createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  response.end(String(process.pid));
}).listen(Number(process.argv[1]), '127.0.0.1', () => console.error('msg="Listening on" address=127.0.0.1:' + server.address().port));
`;

describe('a child process', () => {
  let folder: string;
  let child: Child | undefined;
  const lines: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => void lines.push(message) };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pocket-child-'));
  });
  afterEach(async () => {
    await child?.stop();
    child = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(script = SERVER): Promise<Child> {
    return Child.start({
      binary: process.execPath, arguments: (port) => ['-e', script, String(port)], pidFile: join(folder, 'pid.json'), logFile: join(folder, 'log'), log,
    });
  }

  async function answer(): Promise<number> {
    return fetch(`${child!.url}/-/ready`).then(async (response) => Number(await response.text()), () => 0);
  }

  test('is ready when started, and gone when stopped', async () => {
    child = await start();
    const pid = await answer();
    expect(JSON.parse(readFileSync(join(folder, 'pid.json'), 'utf8'))).toEqual(identityOf(pid));
    await child.stop();
    expect(identityOf(pid)).toBeUndefined();
    expect(existsSync(join(folder, 'pid.json'))).toBe(false);
  }, 30_000);

  test('that ends by itself is started again where it was', async () => {
    child = await start();
    const { url } = child;
    const pid = await answer();
    await fetch(`${url}/crash`).catch(() => undefined);
    let again = 0;
    await until('another process', () => {
      void answer().then((found) => (again = found));
      return again !== 0 && again !== pid;
    });
    expect(child.url).toBe(url);
    expect(lines).toContain('monitoring process ended');
  }, 60_000);

  test('that a killed cluster left is ended at the next start, and no other process of its number', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = new Promise<string | null>((resolve) => left.once('exit', (_, signal) => resolve(signal)));
    writeFileSync(join(folder, 'pid.json'), JSON.stringify({ pid: left.pid, startedAt: 'another time' }));
    child = await start();
    expect(identityOf(left.pid!)).toBeDefined();
    await child.stop();
    writeFileSync(join(folder, 'pid.json'), JSON.stringify(identityOf(left.pid!)));
    child = await start();
    expect(await ended).toBe('SIGKILL');
  }, 30_000);

  test('fails if it ends before it is ready', async () => {
    await expect(start('process.exit(3)')).rejects.toThrow(`'${process.execPath}' did not become ready, see ${join(folder, 'log')}`);
    expect(existsSync(join(folder, 'pid.json'))).toBe(false);
  }, 30_000);
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Prometheus for one test file, storing nothing but what is written to it. */
export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPrometheus(binary: string): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'myelin-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n');
  const child = spawn(binary, [
    `--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0', '--web.enable-remote-write-receiver',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log = `${log}${String(chunk)}`.slice(-65_536);
      const port = /Listening on"? .*address=127\.0\.0\.1:(\d+)/.exec(log);
      if (port !== null) resolve(`http://127.0.0.1:${port[1]}`);
    });
    child.once('exit', () => reject(new Error(`prometheus ended: ${log}`)));
  });
  for (let tries = 0; !await ready(url); tries++) {
    if (tries > 300) {
      await stop();
      throw new Error('prometheus did not become ready within 30 s');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop };
}

async function ready(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then((response) => response.ok, () => false);
}

// The cluster, asked through kubectl; and how scripts wait for it: for conditions, never for times.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { asked } from './api.mjs';

const run = promisify(execFile);

/** What kubectl prints. */
export async function kubectl(args, { input } = {}) {
  const asked = run('kubectl', args, { maxBuffer: 256 * 1024 * 1024 });
  if (input !== undefined) asked.child.stdin.end(input);
  return (await asked).stdout;
}

/** The document that kubectl prints; undefined when there is no such object. */
export async function kube(args) {
  const read = asked(args);
  if (read !== undefined) return read;
  const text = await kubectl([...args, '-o', 'json', '--ignore-not-found']);
  return text === '' ? undefined : JSON.parse(text);
}

/** Ends the script well when there is no cluster with the engines of the loop. */
export function needCluster() {
  const asked = spawnSync('kubectl', ['get', 'crd', 'workflows.argoproj.io', 'sensors.argoproj.io', 'prometheuses.monitoring.coreos.com']);
  if (asked.status === 0) return;
  console.log('SKIPPED: no cluster with Argo Workflows, Argo Events and prometheus-operator answers');
  process.exit(0);
}

export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const began = Date.now();
export const say = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}`);

/**
 * Waits until a probe gives something truthy, and gives that. An error of the probe is an answer of a cluster that is not ready; the last one is
 * told when the time is up, with what `stand` prints.
 */
export async function until(what, seconds, probe, { every = 1, stand } = {}) {
  const start = Date.now();
  let trouble = '';
  let told = start;
  for (;;) {
    try {
      const found = await probe();
      if (found) return found;
      trouble = '';
    } catch (error) {
      trouble = `, last: ${String(error.stderr || error.message).trim().split('\n').pop()}`;
    }
    const waited = (Date.now() - start) / 1000;
    if (waited > seconds) {
      if (stand !== undefined) await stand().catch((error) => say(error.message));
      throw new Error(`no ${what} within ${seconds} s${trouble}`);
    }
    if (Date.now() - told > 60_000) {
      told = Date.now();
      say(`still waiting for ${what}, ${waited.toFixed(0)} s${trouble}`);
    }
    await sleep(every);
  }
}

/** Objects as they change, each `{ type, object }` told to `seen`; ends with `close()`. The watch is made again whenever the server ends it. */
export function watch(args, seen) {
  let child;
  let closed = false;
  const start = () => {
    child = spawn('kubectl', ['get', ...args, '--watch', '--output-watch-events', '-o', 'json'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      const lines = (rest + part).split('\n');
      rest = lines.pop();
      lines.forEach((line) => seen(JSON.parse(line)));
    });
    child.on('exit', () => {
      if (!closed) setTimeout(() => closed || start(), 500);
    });
  };
  start();
  return { close: () => ((closed = true), child.kill()) };
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { ClusterLog } from '../../../src/pocket/controller.js';
import type { Address } from '../../../src/pocket/metrics/service-address.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';

export interface Posted {
  readonly at: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // Tests look into it field by field.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** What stands around monitoring in a test: objects, a pod that exposes metrics, and a receiver of webhooks. */
export interface Loop {
  readonly objects: ObjectStore;
  readonly stateDir: string;
  readonly log: ClusterLog & { readonly lines: string[] };
  readonly services: { resolve(host: string): Address[]; register(namespace: string, name: string, port: number, address: Address): () => void };
  readonly registered: Map<string, Address>;
  readonly posted: Posted[];
  /** What the pod exposes. */
  expose: () => string;
  /** What the receiver answers. */
  status: number;
  close(): Promise<void>;
}

export const RECEIVER = 'digits-eventsource-svc.default.svc:12001';

/** With the objects of examples/digits that monitoring reads, each as `change` makes it. */
export async function loop(change: (object: KubeObject) => void = () => undefined): Promise<Loop> {
  const folder = mkdtempSync(join(tmpdir(), 'pocket-metrics-'));
  const lines: string[] = [];
  const line = (message: string, keys: unknown = {}) => void lines.push(`${message} ${JSON.stringify(keys)}`);
  const log = { lines, info: line, warn: line };
  const objects = ObjectStore.open(join(folder, 'objects'), log);
  const posted: Posted[] = [];
  const state = { expose: () => '', status: 200 };
  const pod = await server(() => ({ status: 200, body: state.expose() }));
  const receiver = await server((path, headers, body) => {
    posted.push({ at: Date.now(), path, headers, body: JSON.parse(body) });
    return { status: state.status, body: '' };
  });
  const registered = new Map<string, Address>();
  for (const object of digits()) {
    change(object);
    objects.apply(object);
  }
  objects.create(servingPod('digits-1', pod.port));
  return Object.assign(state, {
    objects,
    log,
    posted,
    registered,
    stateDir: join(folder, 'metrics'),
    services: {
      resolve: (host: string) => (host === RECEIVER ? [{ host: '127.0.0.1', port: receiver.port }] : []),
      register: (namespace: string, name: string, port: number, address: Address) => {
        registered.set(`${name}.${namespace}:${port}`, address);
        return () => void registered.delete(`${name}.${namespace}:${port}`);
      },
    },
    close: async () => {
      await Promise.all([pod.close(), receiver.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

export function servingPod(name: string, port: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels: { 'myelin.io/axon': 'digits', 'myelin.io/metrics': 'true' },
      annotations: { 'pocket.myelin.io/ports': JSON.stringify({ 5000: 1, 5001: port }) },
    },
    spec: { containers: [{ name: 'server' }, { name: 'serve', ports: [{ name: 'http', containerPort: 5000 }, { name: 'metrics', containerPort: 5001 }] }] },
    status: { phase: 'Running' },
  };
}

/** Waits for a condition, for as long as a loaded machine may need. */
export async function until(what: string, condition: () => boolean, milliseconds = 60_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !condition();) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function digits(): KubeObject[] {
  const text = readFileSync(join(process.cwd(), '../examples/digits/expected/digits.yaml'), 'utf8');
  const all = loadAll(text) as KubeObject[];
  return all.filter(({ kind, metadata }) => ['ServiceMonitor', 'PrometheusRule', 'AlertmanagerConfig'].includes(kind) || metadata.name === 'digits-metrics');
}

type Answer = (path: string, headers: Posted['headers'], body: string) => { status: number; body: string };

async function server(answer: Answer): Promise<{ port: number; close(): Promise<void> }> {
  const listening = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => {
      const { status, body: text } = answer(request.url ?? '', request.headers, body);
      response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return {
    port: (listening.address() as AddressInfo).port,
    close: async () => {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}

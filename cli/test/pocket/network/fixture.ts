import { mkdtempSync, rmSync } from 'node:fs';
import { IncomingMessage, RequestListener, Server, createServer, request } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterLog, Controller } from '../../../src/pocket/controller.js';
import { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';

export class Notes implements ClusterLog {
  readonly warnings: string[] = [];

  info(): void { /* Nobody looks. */ }

  warn(_: string, keys: Readonly<Record<string, unknown>> = {}): void {
    this.warnings.push(String(keys.reason));
  }
}

/** A cluster of objects alone, with real servers behind its Pods; all of it is gone after `close`. */
export class Lab {
  readonly log = new Notes();
  readonly objects: ObjectStore;
  private readonly folder = mkdtempSync(join(tmpdir(), 'myelin-network-'));
  private readonly closing: (() => Promise<void>)[] = [];

  constructor() {
    this.objects = ObjectStore.open(this.folder, this.log);
  }

  async started<T extends Controller>(controller: T): Promise<T> {
    await controller.start();
    this.closing.push(async () => controller.stop());
    return controller;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A server of this machine; returns its port. */
  async server(listener: RequestListener): Promise<{ port: number; server: Server; stop: () => Promise<void> }> {
    const server = createServer(listener);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const stop = async () => {
      if (!server.listening) return;
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    };
    this.closing.push(stop);
    return { port: (server.address() as AddressInfo).port, server, stop };
  }

  service(name: string, spec: object = {}, namespace = 'default'): KubeObject {
    const object = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 5000 }], ...spec } };
    return this.objects.apply(object).object;
  }

  pod(name: string, app: string, port: number | undefined, { ready = true, namespace = 'default', spec = {} }: { ready?: boolean; namespace?: string; spec?: object } = {}): void {
    const annotations: Record<string, string> = port === undefined ? {} : { 'pocket.myelin.io/ports': JSON.stringify({ 5000: port }) };
    const metadata = { name, namespace, labels: { app }, annotations };
    const status = { phase: 'Running', podIP: '127.0.0.1', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] };
    const ref = { kind: 'Pod', namespace, name };
    if (this.objects.get(ref) === undefined) this.objects.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [], ...spec }, status });
    else this.objects.update(ref, (object) => ({ ...object, metadata: { ...object.metadata, annotations }, status }));
  }

  /** A Service with one Pod whose server answers with what it is called and what it was asked. */
  async echo(name: string, namespace = 'default'): Promise<{ stop: () => Promise<void>; seen: Seen[]; port: number }> {
    const seen: Seen[] = [];
    const { port, stop } = await this.server((incoming, response) => {
      void bodyOf(incoming).then((body) => {
        seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
        response.setHeader('x-server', name);
        response.end(`${name} ${incoming.url}`);
      }, () => response.destroy());
    });
    this.service(name, {}, namespace);
    this.pod(`${name}-0`, name, port, { namespace });
    return { stop, seen, port };
  }
}

export interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export interface Question {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** A request with a Host of its own, which `fetch` does not allow. */
export async function ask(url: string, path: string, options: Question = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(url);
    const method = options.method ?? (options.body === undefined ? 'GET' : 'POST');
    const outgoing = request({ hostname, port, path, method, headers: options.headers }, (answer) => {
      void bodyOf(answer).then((text) => done({ status: answer.statusCode ?? 0, text, headers: answer.headers }), failed);
    });
    outgoing.once('error', failed);
    outgoing.end(options.body);
  });
}

/** Waits until something holds; fails after 10 s. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (await what()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('it did not come to be within 10 s');
}

/** Numbers from 0 to 1 that are the same each time. @see https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

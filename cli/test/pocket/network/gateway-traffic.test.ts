import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gateway } from '../../../src/pocket/network/gateway.js';
import { ServiceTable } from '../../../src/pocket/network/services.js';
import { Lab, ask, seeded, until } from './fixture.js';

let lab: Lab;
let services: ServiceTable;
let gateway: Gateway;

beforeEach(async () => {
  lab = new Lab();
  services = await lab.started(new ServiceTable(lab.objects));
  gateway = await lab.started(new Gateway({ objects: lab.objects, services, log: lab.log, random: seeded(3) }));
  lab.objects.apply({ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'myelin', namespace: 'default' }, spec: {} });
});

afterEach(async () => lab.close());

async function routed(route: object): Promise<void> {
  const http = [{ match: [{ uri: { exact: '/routed' } }], ...ROUTE }, { ...ROUTE, ...route }];
  lab.objects.apply({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a', namespace: 'default' }, spec: { hosts: ['*'], gateways: ['myelin'], http } });
  await until(async () => (await ask(gateway.url, '/routed')).status !== 404);
}

const ROUTE = { route: [{ destination: { host: 'a' } }] };

async function pod(name: string, status: number, text = name): Promise<{ asked: () => number; stop: () => Promise<void> }> {
  let asked = 0;
  const { port, stop } = await lab.server((incoming, response) => {
    if (incoming.url !== '/routed') asked += 1;
    incoming.resume().once('end', () => response.writeHead(status).end(text));
  });
  lab.service('a');
  lab.pod(name, 'a', port);
  await until(() => services.resolve('a.default.svc').some((address) => address.port === port));
  return { asked: () => asked, stop };
}

describe('when a server fails', () => {
  test('no Service is an empty 503, no server one that says so', async () => {
    await routed({});
    expect(await ask(gateway.url, '/')).toMatchObject({ status: 503, text: '' });
    lab.service('a');
    await until(async () => (await ask(gateway.url, '/')).text === 'no healthy upstream');
    expect(gateway.counts()[0]!.failed).toBeGreaterThanOrEqual(2);
  });

  test('a refused connection goes to the next server, whatever the body', async () => {
    const { stop } = await pod('gone', 200);
    await pod('here', 200);
    await routed({});
    await stop();
    const texts = await Promise.all(Array.from({ length: 10 }, async () => (await ask(gateway.url, '/', { body: 'x'.repeat(3_000_000) })).text));
    expect(new Set(texts)).toEqual(new Set(['here']));
  });

  test('a request that a server has seen is not sent again unless the route says so', async () => {
    let asked = 0;
    const server = createServer((socket) => socket.once('data', () => {
      asked += 1;
      socket.destroy();
    }));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    lab.service('a');
    lab.pod('dying', 'a', port);
    await routed({});
    asked = 0;
    expect(await ask(gateway.url, '/', { body: 'x' })).toMatchObject({ status: 503, text: expect.stringContaining('reset reason: connection termination') });
    expect(asked).toBe(1);
    await routed({ retries: { attempts: 3, retryOn: 'reset' } });
    await until(async () => {
      asked = 0;
      await ask(gateway.url, '/', { body: 'x' });
      return asked === 4;
    });
    await new Promise((done) => server.close(done));
  });

  test('retries ask another server after answers that the route names', async () => {
    const bad = await pod('bad', 502);
    await pod('good', 200);
    await routed({ retries: { attempts: 2, retryOn: 'gateway-error,connect-failure' } });
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await ask(gateway.url, '/', { body: 'x' })).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(bad.asked()).toBeGreaterThan(0);
  });

  test('the last answer is passed on when all tries are used up', async () => {
    const bad = await pod('bad', 503, 'own words');
    await routed({ retries: { attempts: 2, retryOn: '503' } });
    await until(async () => {
      const before = bad.asked();
      const { status, text } = await ask(gateway.url, '/');
      return status === 503 && text === 'own words' && bad.asked() - before === 3;
    });
  });

  test('a timeout is a 504', async () => {
    const { port } = await lab.server((incoming, response) => {
      if (incoming.url === '/routed') response.end();
    });
    lab.service('a');
    lab.pod('slow', 'a', port);
    await routed({ timeout: '50ms' });
    expect(await ask(gateway.url, '/')).toMatchObject({ status: 504, text: 'upstream request timeout' });
  });
});

describe('what a route adds', () => {
  test('copies go to mirrors with the whole body, and nobody waits for them', async () => {
    await pod('main', 200);
    const { seen } = await lab.echo('shadow');
    const { port } = await lab.server(() => { /* Never answers. */ });
    lab.service('hanging');
    lab.pod('hanging-0', 'hanging', port);
    await until(() => services.resolve('hanging.default.svc').length === 1);
    await routed({ mirror: { host: 'shadow' }, mirrors: [{ destination: { host: 'hanging' }, percentage: { value: 100 } }, { destination: { host: 'none' } }] });
    const body = 'b'.repeat(200_000);
    expect(await ask(gateway.url, '/x?y', { body, headers: { host: 'example.org:80' } })).toMatchObject({ status: 200, text: 'main' });
    await until(() => seen.length === 1);
    expect(seen[0]).toMatchObject({ url: '/x?y', method: 'POST', headers: { host: 'example.org-shadow' } });
    expect(seen[0]!.body === body).toBe(true);
    expect(gateway.counts().find(({ destination }) => destination === 'default/shadow')).toMatchObject({ requests: 0, mirrored: 1 });
  });

  test('a share of requests is mirrored', async () => {
    await pod('main', 200);
    const { seen } = await lab.echo('shadow');
    await until(() => services.resolve('shadow.default.svc').length === 1);
    await routed({ mirror: { host: 'shadow' }, mirrorPercentage: { value: 25 } });
    await Promise.all(Array.from({ length: 200 }, async () => ask(gateway.url, '/')));
    await until(() => gateway.counts().find(({ destination }) => destination === 'default/shadow')?.mirrored === seen.length);
    expect(Math.abs(seen.length / 200 - 0.25)).toBeLessThan(0.1);
  });

  test('headers are set, added and removed on the way there and back', async () => {
    const { port } = await lab.server((incoming, response) => {
      response.writeHead(200, { 'x-secret': '1', 'x-kept': '1' }).end(JSON.stringify(incoming.headers));
    });
    lab.service('a');
    lab.pod('a-0', 'a', port);
    await until(() => services.resolve('a.default.svc').length === 1);
    const headers = { request: { set: { 'X-Version': 'v1' }, add: { 'x-kept': 'more' }, remove: ['X-Drop'] }, response: { remove: ['x-secret'], set: { 'x-version': 'v1' } } };
    await routed({ route: [{ destination: { host: 'a' }, headers }], rewrite: { authority: 'inner.example.org' } });
    const answer = await ask(gateway.url, '/', { headers: { 'x-drop': '1', 'x-kept': 'first' } });
    expect(JSON.parse(answer.text)).toMatchObject({ 'x-version': 'v1', 'x-kept': 'first,more', 'host': 'inner.example.org' });
    expect(JSON.parse(answer.text)).not.toHaveProperty('x-drop');
    expect([answer.headers['x-secret'], answer.headers['x-kept'], answer.headers['x-version']]).toEqual([undefined, '1', 'v1']);
  });
});

describe('the way in', () => {
  test('fails if its port is taken', async () => {
    const port = Number(new URL(gateway.url).port);
    await expect(new Gateway({ objects: lab.objects, services, log: lab.log, port }).start()).rejects
      .toThrow(`'--port' (${port}) is taken by another program, choose another, or leave it out for a free one`);
  });

  test('lets a request end before it stops', async () => {
    let answer: (() => void) | undefined;
    const { port } = await lab.server((incoming, response) => {
      if (incoming.url === '/routed') response.end();
      else answer = () => response.end('late');
    });
    lab.service('a');
    lab.pod('a-0', 'a', port);
    await routed({});
    const asked = ask(gateway.url, '/');
    await until(() => answer !== undefined);
    const stopped = gateway.stop();
    answer!();
    expect((await asked).text).toBe('late');
    await stopped;
  });
});

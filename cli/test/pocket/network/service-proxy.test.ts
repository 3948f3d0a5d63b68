import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ServiceProxy } from '../../../src/pocket/network/service-proxy.js';
import { ServiceTable } from '../../../src/pocket/network/services.js';
import { Lab, ask, until } from './fixture.js';

let lab: Lab;
let services: ServiceTable;
let proxy: ServiceProxy;

beforeEach(async () => {
  lab = new Lab();
  services = await lab.started(new ServiceTable(lab.objects));
  proxy = await lab.started(new ServiceProxy(services));
});

afterEach(async () => lab.close());

const ready = async (name: string, count = 1) => until(() => services.resolve(`${name}.default.svc`).length === count);

describe('a Service', () => {
  test('is reached by x-forwarded-host, by a whole address and by Host, and gets its own name as Host', async () => {
    const { seen } = await lab.echo('model');
    await ready('model');
    const host = 'model.default.svc.cluster.local:80';
    const answers = [
      await ask(proxy.url, '/a?b=c', { headers: { 'x-forwarded-host': host } }),
      await ask(proxy.url, `http://${host}/a?b=c`),
      await ask(proxy.url, '/a?b=c', { headers: { host } }),
    ];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(Array(3).fill([200, 'model /a?b=c']));
    expect(seen.map(({ headers }) => [headers.host, headers['x-forwarded-host']])).toEqual(Array(3).fill([host, undefined]));
  });

  test('gets methods, headers and bodies as they are, and does not get those of the hop', async () => {
    const { seen } = await lab.echo('model');
    await ready('model');
    const headers = { 'host': 'model.default.svc', 'x-own': '1', 'connection': 'keep-alive, x-hop', 'x-hop': '1', 'transfer-encoding': 'chunked' };
    await ask(proxy.url, '/', { method: 'DELETE', headers, body: 'body' });
    expect(seen[0]).toMatchObject({ method: 'DELETE', body: 'body', headers: { 'x-own': '1' } });
    expect(seen[0]!.headers['x-hop']).toBeUndefined();
  });

  test('has its servers take turns; those that refuse are passed over with nothing lost', async () => {
    const one = await lab.echo('model');
    const two = await lab.server((incoming, response) => incoming.resume().once('end', () => response.end('two')));
    lab.pod('model-1', 'model', two.port);
    await ready('model', 2);
    const texts = async () => new Set(await Promise.all(Array.from({ length: 6 }, async () => (await ask(proxy.url, '/', { headers: { host: 'model.default.svc' }, body: 'x' })).text)));
    expect(await texts()).toEqual(new Set(['model /', 'two']));
    await two.stop();
    expect(await texts()).toEqual(new Set(['model /']));
    expect(one.seen.every(({ body }) => body === 'x')).toBe(true);
  });

  test('streams both ways while they come', async () => {
    const { port } = await lab.server((incoming, response) => {
      incoming.once('data', (chunk: Buffer) => response.write(`got ${chunk.toString()}`));
      incoming.once('end', () => response.end(' end'));
    });
    lab.service('stream');
    lab.pod('stream-0', 'stream', port);
    await ready('stream');
    const { hostname, port: own } = new URL(proxy.url);
    const text = await new Promise<string>((done, failed) => {
      const outgoing = request({ hostname, port: own, method: 'POST', headers: { host: 'stream.default.svc' } }, (answer) => {
        let all = '';
        answer.on('data', (chunk: Buffer) => {
          all += chunk.toString();
          // The answer has begun before the question has ended.
          outgoing.end();
        });
        answer.once('end', () => done(all));
      });
      outgoing.once('error', failed);
      outgoing.write('first');
    });
    expect(text).toBe('got first end');
  });

  test('sees when its client leaves', async () => {
    let left = false;
    const { port } = await lab.server((_, response) => {
      response.once('close', () => (left = true));
      response.write('begun');
    });
    lab.service('slow');
    lab.pod('slow-0', 'slow', port);
    await ready('slow');
    const { hostname, port: own } = new URL(proxy.url);
    const outgoing = request({ hostname, port: own, headers: { host: 'slow.default.svc' } }, (answer) => answer.once('data', () => outgoing.destroy()));
    outgoing.on('error', () => undefined).end();
    await until(() => left);
  });

  test('that dies within an answer does not look as if it had said all', async () => {
    const { port } = await lab.server((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('part', () => response.destroy());
    });
    lab.service('dying');
    lab.pod('dying-0', 'dying', port);
    await ready('dying');
    await expect(ask(proxy.url, '/', { headers: { host: 'dying.default.svc' } })).rejects.toThrow(/aborted|hang up/);
  });
});

describe('what cannot be reached', () => {
  test.each([
    ['none.default.svc:80', 503, "Service 'none.default.svc:80' is not there\n"],
    ['empty.default.svc', 503, "Service 'empty.default.svc' has nobody ready to answer\n"],
    ['www.example.org', 404, "'www.example.org' is no Service of this cluster, name it as name.namespace.svc:port\n"],
  ])('%s gives %s', async (host, status, text) => {
    lab.service('empty');
    await until(() => services.isKnown({ namespace: 'default', name: 'empty', port: 80 }));
    expect(await ask(proxy.url, '/', { headers: { 'x-forwarded-host': host }, body: 'x' })).toMatchObject({ status, text });
  });

  test('gives 503 when all its servers refuse', async () => {
    const { stop } = await lab.echo('model');
    await ready('model');
    await stop();
    expect(await ask(proxy.url, '/', { headers: { host: 'model.default.svc' } })).toMatchObject({ status: 503, text: expect.stringContaining('connection failure') });
  });
});

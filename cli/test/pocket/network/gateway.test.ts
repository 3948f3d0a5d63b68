import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gateway } from '../../../src/pocket/network/gateway.js';
import { ServiceTable } from '../../../src/pocket/network/services.js';
import { HttpRoute } from '../../../src/pocket/network/virtual-service.js';
import { Lab, ask, seeded, until } from './fixture.js';

let lab: Lab;
let services: ServiceTable;
let gateway: Gateway;

beforeEach(async () => {
  lab = new Lab();
  services = await lab.started(new ServiceTable(lab.objects));
  gateway = await lab.started(new Gateway({ objects: lab.objects, services, log: lab.log, random: seeded(7) }));
  lab.objects.apply({ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'myelin', namespace: 'default' }, spec: {} });
});

afterEach(async () => lab.close());

function virtualService(name: string, http: readonly object[], spec: object = { hosts: ['*'], gateways: ['default/myelin'] }): void {
  lab.objects.apply({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace: 'default' }, spec: { ...spec, http } });
}

const to = (host: string, weight?: number) => ({ destination: { host, port: { number: 80 } }, ...(weight !== undefined && { weight }) });

/** The route of the example and the delegate under it, as deploy makes it. */
function deployed(http: readonly HttpRoute[]): void {
  const match = [{ uri: { exact: '/default/digits' } }, { uri: { prefix: '/default/digits/' } }];
  virtualService('digits', [{ name: 'digits', match, delegate: { name: 'digits-routes', namespace: 'default' } }]);
  virtualService('digits-routes', http, {});
}

const ask_ = async (path: string, options: Parameters<typeof ask>[2] = {}) => ask(gateway.url, path, options);
const serves = async (path: string) => until(async () => (await ask_(path)).status === 200);

describe('routes of a deployed model', () => {
  test('a delegate that is not there is a 404, then traffic goes where it says, with the path rewritten', async () => {
    const { seen } = await lab.echo('digits-v1-ab12');
    deployed([]);
    lab.objects.remove({ kind: 'VirtualService', namespace: 'default', name: 'digits-routes' });
    expect(await ask_('/default/digits/predict')).toMatchObject({ status: 404, text: '' });
    deployed([{ name: 'predict', match: [{ uri: { exact: '/default/digits/predict' } }], rewrite: { uri: '/predict' }, route: [to('digits-v1-ab12')] }]);
    await serves('/default/digits/predict');
    expect(await ask_('/default/digits/predict?a=b', { body: '[1]', headers: { 'host': 'localhost:8080', 'x-request-id': '7' } })).toMatchObject({ text: 'digits-v1-ab12 /predict?a=b' });
    expect(seen.at(-1)).toMatchObject({ body: '[1]', headers: { 'host': 'localhost:8080', 'x-request-id': '7', 'x-forwarded-proto': 'http', 'x-forwarded-for': '127.0.0.1' } });
    expect(await ask_('/default/digits/other')).toMatchObject({ status: 404 });
    expect(await ask_('/default/digits-v2/predict')).toMatchObject({ status: 404 });
    expect(lab.log.warnings).toEqual([]);
  });

  test('a route of the delegate that leaves its root is left out with a warning, the others stay', async () => {
    await lab.echo('a');
    deployed([
      { name: 'wrong', match: [{ uri: { regex: '/default/digits/.*' } }], route: [to('a')] },
      { name: 'right', match: [{ uri: { exact: '/default/digits/right' } }], route: [to('a')] },
    ]);
    await serves('/default/digits/right');
    expect(await ask_('/default/digits/wrong')).toMatchObject({ status: 404 });
    expect(lab.log.warnings).toEqual(["VirtualService default/digits-routes: route 'wrong' is left out: its match is not within that of 'digits' in default/digits"]);
  });

  test('weights are kept to', async () => {
    await lab.echo('new');
    await lab.echo('old');
    deployed([{ match: [{ uri: { prefix: '/default/digits/' } }], route: [to('new', 80), to('old.default.svc.cluster.local', 20), to('gone', 0)] }]);
    await serves('/default/digits/x');
    const names: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      names.push(...await Promise.all(Array.from({ length: 25 }, async () => String((await ask_('/default/digits/x')).headers['x-server']))));
    }
    const share = names.filter((name) => name === 'new').length / names.length;
    expect(new Set(names)).toEqual(new Set(['new', 'old']));
    // Three standard deviations of 500 draws.
    expect(Math.abs(share - 0.8)).toBeLessThan(0.054);
    const [newer, older] = gateway.counts();
    expect(newer).toMatchObject({ destination: 'default/new', failed: 0, mirrored: 0 });
    expect(newer!.requests + older!.requests).toBeGreaterThanOrEqual(500);
  });

  test('nothing is lost while a version goes away under traffic', async () => {
    const old = await lab.echo('old');
    await lab.echo('new');
    const route = (name: string) => deployed([{ match: [{ uri: { prefix: '/default/digits/' } }], route: [to(name)] }]);
    route('old');
    await serves('/default/digits/x');
    const statuses: number[] = [];
    let over = false;
    const clients = Array.from({ length: 4 }, async () => {
      while (!over) statuses.push((await ask_('/default/digits/x', { body: 'x'.repeat(1000) })).status);
    });
    await until(() => statuses.length > 50);
    route('new');
    lab.objects.remove({ kind: 'Pod', namespace: 'default', name: 'old-0' });
    lab.objects.remove({ kind: 'Service', namespace: 'default', name: 'old' });
    const before = statuses.length;
    await until(() => statuses.length > before + 8);
    await old.stop();
    await until(() => statuses.length > before + 50);
    over = true;
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('matches', () => {
  test.each<[string, object, string, Record<string, string>, boolean]>([
    ['exact', { uri: { exact: '/a' } }, '/a?q=1', {}, true],
    ['exact', { uri: { exact: '/a' } }, '/a/', {}, false],
    ['prefix as text', { uri: { prefix: '/a' } }, '/ab', {}, true],
    ['regex over the whole path', { uri: { regex: '/[a-c]+' } }, '/abc', {}, true],
    ['regex over the whole path', { uri: { regex: '/[a-c]+' } }, '/abcd', {}, false],
    ['capitals', { uri: { exact: '/A' }, ignoreUriCase: true }, '/a', {}, true],
    ['capitals', { uri: { exact: '/A' } }, '/a', {}, false],
    ['a header', { headers: { 'X-User': { exact: 'a' } } }, '/', { 'x-user': 'a' }, true],
    ['a header', { headers: { 'x-user': { prefix: 'a' } } }, '/', { 'x-user': 'b' }, false],
    ['a header', { headers: { 'x-user': { regex: 'a|b' } } }, '/', { 'x-user': 'b' }, true],
    ['any value', { headers: { 'x-user': {} } }, '/', { 'x-user': 'z' }, true],
    ['any value', { headers: { 'x-user': {} } }, '/', {}, false],
    ['without a header', { withoutHeaders: { 'x-user': { exact: 'a' } } }, '/', { 'x-user': 'a' }, false],
    ['without a header', { withoutHeaders: { 'x-user': { exact: 'a' } } }, '/', {}, true],
    ['a method', { method: { exact: 'POST' } }, '/', {}, false],
    ['a query', { queryParams: { v: { exact: '2' } } }, '/?v=2', {}, true],
    ['a host', { authority: { exact: 'x.org' } }, '/', { host: 'x.org' }, true],
  ])('%s: %j takes %s %j: %s', async (_, match, path, headers, takes) => {
    await lab.echo('a');
    virtualService('a', [{ name: 'probe', match: [{ uri: { exact: '/probe' } }], route: [to('a')] }, { match: [match], route: [to('a')] }]);
    await serves('/probe');
    expect((await ask_(path, { headers })).status).toBe(takes ? 200 : 404);
  });

  test('the first that takes it counts; what takes everything comes last, whoever says it', async () => {
    await lab.echo('a');
    await lab.echo('b');
    virtualService('a', [{ match: [{ uri: { prefix: '/' } }], route: [to('a')] }]);
    virtualService('b', [{ match: [{ uri: { prefix: '/b' } }], rewrite: { uri: '/x' }, route: [to('b')] }]);
    await until(async () => (await ask_('/bc')).text === 'b /xc');
    expect((await ask_('/c')).text).toBe('a /c');
  });

  test('a host of its own has its own routes alone', async () => {
    await lab.echo('a');
    await lab.echo('b');
    virtualService('a', [{ route: [to('a')] }]);
    virtualService('b', [{ match: [{ uri: { exact: '/b' } }], route: [to('b')] }], { hosts: ['b.example.org', '*.wild.org'], gateways: ['myelin'] });
    await until(async () => (await ask_('/b', { headers: { host: 'b.example.org:80' } })).text === 'b /b');
    expect((await ask_('/b', { headers: { host: 'x.wild.org' } })).text).toBe('b /b');
    expect((await ask_('/a', { headers: { host: 'b.example.org' } })).status).toBe(404);
    expect((await ask_('/a', { headers: { host: 'other.org' } })).text).toBe('a /a');
  });

  test.each<[string, object, RegExp]>([
    ['an unknown field', { fault: {}, route: [to('a')] }, /route 'x' is left out: 'fault' is not supported by the gateway of a laptop/],
    ['a subset', { route: [{ destination: { host: 'a', subset: 'v1' } }] }, /'route\[0\]\.destination\.subset' is not supported/],
    ['an unknown match', { match: [{ sourceLabels: {} }], route: [to('a')] }, /'match\[0\]\.sourceLabels' is not supported/],
    ['a wrong expression', { match: [{ uri: { regex: '(' } }], route: [to('a')] }, /'\(' is no regular expression/],
    ['weights of 0', { route: [to('a', 0), to('b', 0)] }, /the weights of its destinations are all 0/],
    ['no destination', { match: [] }, /it has no destination/],
  ])('%s: the route is left out, once and with a warning', async (_, route, message) => {
    virtualService('a', [{ name: 'x', ...route }]);
    await until(() => lab.log.warnings.length > 0);
    virtualService('unrelated', [], { hosts: ['z'], gateways: ['myelin'] });
    await ask_('/');
    expect(lab.log.warnings).toEqual([expect.stringMatching(message)]);
    expect((await ask_('/')).status).toBe(404);
  });

  test('a Gateway that is not there is told', async () => {
    virtualService('a', [], { hosts: ['*'], gateways: ['other/none'] });
    await until(() => lab.log.warnings.length > 0);
    expect(lab.log.warnings).toEqual(['VirtualService default/a has no effect: there is no Gateway other/none']);
  });
});

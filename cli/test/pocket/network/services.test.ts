import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ServiceTable, serviceName } from '../../../src/pocket/network/services.js';
import { Lab, until } from './fixture.js';

let lab: Lab;
let services: ServiceTable;

beforeEach(async () => {
  lab = new Lab();
  services = await lab.started(new ServiceTable(lab.objects));
});

afterEach(async () => lab.close());

const ports = (host: string) => services.resolve(host).map(({ port }) => port).sort();

describe('a name', () => {
  test.each([
    ['a.b.svc.cluster.local:8080', { name: 'a', namespace: 'b', port: 8080 }], ['a.b.svc.cluster.local', { name: 'a', namespace: 'b', port: 80 }],
    ['a.b.svc:1', { name: 'a', namespace: 'b', port: 1 }], ['A-1.b.svc', { name: 'a-1', namespace: 'b', port: 80 }], ['a.b', { name: 'a', namespace: 'b', port: 80 }],
    ['a.b.svc.cluster.local.', { name: 'a', namespace: 'b', port: 80 }], ['127.0.0.1:80', undefined], ['localhost', undefined], ['www.example.org', undefined],
  ])('%s means %j', (host, expected) => {
    expect(serviceName(host)).toEqual(expected);
  });
});

describe('behind a Service', () => {
  test('are the ready Pods with all labels of its selector, in its namespace', async () => {
    lab.service('model');
    lab.pod('a', 'model', 41001);
    lab.pod('b', 'model', 41002);
    lab.pod('not-ready', 'model', 41003, { ready: false });
    lab.pod('not-yet', 'model', undefined);
    lab.pod('other', 'other', 41004);
    lab.pod('elsewhere', 'model', 41005, { namespace: 'else' });
    await until(() => ports('model.default.svc').length === 2);
    expect(ports('model.default.svc')).toEqual([41001, 41002]);
  });

  test('Pods come and go with their readiness', async () => {
    lab.service('model');
    lab.pod('a', 'model', 41001, { ready: false });
    lab.pod('a', 'model', 41001);
    await until(() => ports('model.default.svc').length === 1);
    lab.pod('a', 'model', 41001, { ready: false });
    await until(() => ports('model.default.svc').length === 0);
    lab.pod('a', 'model', 41009);
    await until(() => ports('model.default.svc')[0] === 41009);
    lab.objects.remove({ kind: 'Pod', namespace: 'default', name: 'a' });
    await until(() => ports('model.default.svc').length === 0);
  });

  test('Pods that are not ready are there too if the Service says so', async () => {
    lab.service('early', { publishNotReadyAddresses: true, clusterIP: 'None' });
    lab.pod('a', 'early', 41001, { ready: false });
    await until(() => ports('early.default.svc').length === 1);
  });

  test('a port is found by number, and by the name that a container gives it', async () => {
    lab.service('named', { ports: [{ port: 8080, targetPort: 'http' }, { port: 5000 }, { port: 9, targetPort: 'none' }] });
    lab.pod('a', 'named', 41001, { spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 5000 }] }] } });
    await until(() => ports('named.default.svc:8080').length === 1);
    expect(['8080', '5000', '9', '80'].map((port) => ports(`named.default.svc:${port}`))).toEqual([[41001], [41001], [], []]);
  });

  test('a Service without selector has nobody, one that is not there is not known', async () => {
    lab.service('empty', { selector: {} });
    lab.pod('a', 'x', 41001);
    await until(() => services.isKnown({ namespace: 'default', name: 'empty', port: 80 }));
    expect(ports('empty.default.svc')).toEqual([]);
    expect(services.isKnown({ namespace: 'default', name: 'none', port: 80 })).toBe(false);
  });
});

test('what the cluster itself serves has a name as long as it is registered', () => {
  const end = services.register('default', 'digits-eventsource-svc', 12000, { host: '127.0.0.1', port: 41001 });
  const other = services.register('default', 'digits-eventsource-svc', 12000, { host: '127.0.0.1', port: 41002 });
  expect(ports('digits-eventsource-svc.default.svc:12000')).toEqual([41001, 41002]);
  end();
  other();
  expect(ports('digits-eventsource-svc.default.svc:12000')).toEqual([]);
});

test('what was there before it starts is known at once', async () => {
  lab.service('model');
  lab.pod('a', 'model', 41001);
  const later = await lab.started(new ServiceTable(lab.objects));
  expect(later.resolve('model.default.svc')).toHaveLength(1);
});

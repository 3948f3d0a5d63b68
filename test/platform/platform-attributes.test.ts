import { ImageBuilder, PlatformAttributes } from '../../src';
import { digitsLoop, importedPlatform } from '../helpers/loop';
import { documentOf, find, messageOf, synthesise, templateOf } from '../helpers/manifests';
import { secretValue } from '../helpers/secret-value';

function refused(attributes: PlatformAttributes): string {
  return messageOf(() => importedPlatform(attributes));
}

test('an axon without a platform refers to the objects that a platform without properties creates', () => {
  const objects = synthesise(digitsLoop().chart);

  expect(find(objects, 'EventSource').spec.eventBusName).toBe('default');
  expect(find(objects, 'VirtualService').spec).toMatchObject({ gateways: ['default/myelin'], hosts: ['*'] });
  expect(documentOf(objects, 'digits-axon').prometheus.url).toBe('http://prometheus-operated.monitoring.svc:9090');
  expect(find(objects, 'EventSource').spec.webhook['rest-x'] ?? find(objects, 'EventSource').spec.webhook.sweep)
    .toMatchObject({ authSecret: { name: 'myelin-webhook-token', key: 'token' } });
});

test('every attribute reaches the objects that it is about', () => {
  const { chart } = digitsLoop({
    platform: importedPlatform({
      eventBus: 'bus',
      gateway: 'edge/public',
      hosts: ['ml.example.org', '*.example.org'],
      registry: 'registry.example.org/ml',
      imageBuilder: ImageBuilder.buildkit('tcp://builder:1234'),
      prometheus: 'https://prometheus.example.org/',
      monitoringNamespace: 'observability',
      istioNamespace: 'mesh',
      monitoringLabels: { release: 'stack' },
      pushgateway: 'http://push.example.org',
      webhookToken: secretValue('hooks', 'bearer'),
      alertToken: secretValue('alerts', 'bearer'),
    }),
  });
  const objects = synthesise(chart);
  const webhooks = find(objects, 'EventSource').spec.webhook;
  const env = templateOf(objects, 'task-prepare').container.env;

  expect(find(objects, 'Sensor').spec.eventBusName).toBe('bus');
  expect(find(objects, 'VirtualService').spec).toMatchObject({ gateways: ['edge/public'], hosts: ['ml.example.org', '*.example.org'] });
  expect(documentOf(objects, 'digits-model-model').endpoint).toEqual({ gateway: 'public', gatewayNamespace: 'edge', host: 'ml.example.org', prefix: '/default/digits' });
  expect(templateOf(objects, 'build-prepare').container.env).toContainEqual({ name: 'BUILD_TARGET', value: 'registry.example.org/ml/digits-prepare:4f1c2d0' });
  expect(templateOf(objects, 'build-prepare').container.env).toContainEqual({ name: 'BUILDKIT_HOST', value: 'tcp://builder:1234' });
  expect(documentOf(objects, 'digits-axon').prometheus.url).toBe('https://prometheus.example.org');
  expect(JSON.stringify(find(objects, 'NetworkPolicy'))).toContain('"kubernetes.io/metadata.name":"observability"');
  expect(JSON.stringify(find(objects, 'NetworkPolicy'))).toContain('"kubernetes.io/metadata.name":"mesh"');
  for (const kind of ['PrometheusRule', 'AlertmanagerConfig', 'ServiceMonitor']) {
    expect(find(objects, kind).metadata.labels.release).toBe('stack');
  }
  expect(env).toContainEqual({ name: 'PUSHGATEWAY_URL', value: 'push.example.org' });
  expect(env).toContainEqual({ name: 'PUSHGATEWAY_PORT', value: '80' });
  expect(webhooks['task-train-succeeded'].authSecret).toEqual({ name: 'hooks', key: 'bearer' });
  expect(webhooks['alert-decayed-decayed'].authSecret).toEqual({ name: 'alerts', key: 'bearer' });
  expect(find(objects, 'AlertmanagerConfig').spec.receivers[1].webhookConfigs[0].httpConfig)
    .toEqual({ authorization: { type: 'Bearer', credentials: { name: 'alerts', key: 'bearer' } } });
});

test('our own labels win over labels for monitoring of the same name', () => {
  const { chart } = digitsLoop({ platform: importedPlatform({ monitoringLabels: { 'myelin.io/axon': 'mine' } }) });

  expect(find(synthesise(chart), 'PrometheusRule').metadata.labels['myelin.io/axon']).toBe('digits');
});

test('images that are built elsewhere need no step, and are named by what they are built from', () => {
  const objects = synthesise(digitsLoop({ platform: importedPlatform({ imageBuilder: ImageBuilder.external() }) }).chart);
  const templates = find(objects, 'WorkflowTemplate').spec.templates.map(({ name }: { name: string }) => name);

  expect(templates.filter((name: string) => name.startsWith('build-'))).toEqual([]);
  expect(templateOf(objects, 'task-prepare').container.image).toBe('registry.local:5000/digits-prepare:4f1c2d0');
});

test.each<[string, PlatformAttributes, string]>([
  ['the bus has a dot in its name', { eventBus: 'my.bus' },
    "'eventBus' (my.bus) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'my-bus'"],
  ['the gateway has two slashes', { gateway: 'a/b/c' }, "'gateway' (a/b/c) must be 'name' or 'namespace/name', write it with one slash at most"],
  ['the gateway has no name', { gateway: 'edge/' }, "'gateway' () must not be empty, give it a name"],
  ['there are no hosts', { hosts: [] }, "'hosts' ([]) must hold at least one host, leave it out for every host of the gateway"],
  ['a host has a scheme', { hosts: ['http://x'] },
    "'hosts' (http://x) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'http---x'"],
  ['the registry has a scheme', { registry: 'https://registry' },
    "'registry' (https://registry) must be a registry's host, with port and path if any, write it without scheme and trailing slash, as 'registry.example.org:5000/ml'"],
  ['the address of Prometheus has no scheme', { prometheus: 'prometheus:9090' }, "'prometheus' (prometheus:9090) must be a URL that begins with http:// or https://, write 'http://prometheus:9090'"],
  ['the address of the Pushgateway carries a password', { pushgateway: 'http://me:hunter2@push' },
    "'pushgateway' (http://***@push) must not carry a user or password, which would be readable in every manifest, name a Secret instead"],
])('fails if %s', (_, attributes, message) => {
  expect(refused(attributes)).toBe(message);
});

test('fails if the address of the image builder is none', () => {
  expect(messageOf(() => ImageBuilder.buildkit('buildkitd:1234'))).toBe("'address' (buildkitd:1234) must be the address of a buildkitd, write it as 'tcp://host:port'");
});

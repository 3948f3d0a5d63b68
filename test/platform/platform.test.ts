import { Chart, Size } from 'cdk8s';
import { Axon, ContainerTask, IPlatform, Platform, PlatformProps, Sensor } from '../../src';
import { fingerprint } from '../../src/loop/canonical';
import { importedPlatform, READY, smallLoop } from '../helpers/loop';
import { find, Manifest, messageOf, synthesise, templateOf, testChart, toYaml } from '../helpers/manifests';
import { danglingReferences } from '../helpers/references';
import { secretValue } from '../helpers/secret-value';

function objectsOf(props: PlatformProps = {}): Manifest[] {
  const chart = testChart();
  new Platform(chart, 'platform', props);
  return synthesise(chart);
}

/** The variables by which the pods of a task find the Pushgateway. */
function pushgatewayOf(platform: IPlatform): Record<string, string> {
  const { env } = templateOf(synthesise(smallLoop({ platform }).chart), 'task-work').container;
  return Object.fromEntries(env.filter(({ name }: Manifest) => name.startsWith('PUSHGATEWAY_')).map(({ name, value }: Manifest) => [name, value]));
}

test('a platform is a bus, a gateway and a Job that makes the token', () => {
  expect(objectsOf().map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name.replace(/-[0-9a-f]{10}$/, '')}`)).toEqual([
    'ServiceAccount default/myelin-bootstrap', 'Role default/myelin-bootstrap', 'RoleBinding default/myelin-bootstrap',
    'EventBus default/default', 'Job default/myelin-bootstrap', 'Gateway default/myelin',
  ]);
});

test('the bus keeps its events on disks, three times', () => {
  const { jetstream } = find(objectsOf(), 'EventBus').spec;

  expect(jetstream).toMatchObject({ version: 'latest', replicas: 3, persistence: { accessMode: 'ReadWriteOnce', volumeSize: '1Gi' } });
  expect(jetstream.streamConfig).toContain('\nreplicas: 3\n');
});

test.each([[1, 1], [3, 3], [5, 3]])('a bus of %d pods keeps %d copies', (eventBusReplicas, copies) => {
  const { jetstream } = find(objectsOf({ eventBusReplicas, eventBusSize: Size.mebibytes(1500), eventBusStorageClass: 'fast' }), 'EventBus').spec;

  expect(jetstream.replicas).toBe(eventBusReplicas);
  expect(jetstream.streamConfig).toContain(`\nreplicas: ${copies}\n`);
  expect(jetstream.persistence).toEqual({ accessMode: 'ReadWriteOnce', volumeSize: '1500Mi', storageClassName: 'fast' });
});

test('the Job may make its Secret and read that one alone', () => {
  const objects = objectsOf({ webhookToken: secretValue('hooks', 'bearer') });

  expect(find(objects, 'Role').rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['hooks'], verbs: ['get'] }, { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  ]);
  expect(find(objects, 'Job').spec.template.spec.containers[0].args).toEqual(['bootstrap', '--secret=hooks', '--key=bearer']);
});

test('the Job has another name when it runs something else, since a Job cannot be changed', () => {
  const nameOf = (props: PlatformProps) => find(objectsOf(props), 'Job').metadata.name;

  expect(nameOf({})).toBe(nameOf({ eventBusReplicas: 1 }));
  expect(nameOf({ runtimeImage: 'example.org/runtime:2' })).not.toBe(nameOf({}));
  expect(nameOf({ webhookToken: secretValue('hooks', 'bearer') })).not.toBe(nameOf({}));
  expect(nameOf({ pod: { nodeSelector: { pool: 'system' } } })).not.toBe(nameOf({}));
});

test('the name of the Job ends in a hash of its whole spec, so a later version of the library can change any part of it', () => {
  const { metadata, spec } = find(objectsOf({ pod: { labels: { team: 'ml' } } }), 'Job');

  expect(metadata.name).toBe(`myelin-bootstrap-${fingerprint(spec)}`);
});

test('a gateway of another namespace is not made', () => {
  expect(objectsOf({ gateway: 'edge/public' }).map(({ kind }) => kind)).not.toContain('Gateway');
  expect(find(objectsOf({ gateway: 'default/public', hosts: ['ml.example.org'], gatewaySelector: { istio: 'edge' } }), 'Gateway').spec)
    .toEqual({ selector: { istio: 'edge' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['ml.example.org'] }] });
});

test('tasks get the address of the Pushgateway that their platform runs', () => {
  const chart = testChart({ namespace: 'ml' });
  const platform = new Platform(chart, 'platform', { runPushgateway: true });
  const objects = synthesise(chart);
  const service = find(objects, 'Service');

  expect(pushgatewayOf(platform)).toEqual({
    PUSHGATEWAY_URL: `${service.metadata.name}.ml.svc`, PUSHGATEWAY_PORT: String(service.spec.ports[0].port),
  });
  expect(find(objects, 'ServiceMonitor').spec.endpoints[0]).toMatchObject({ port: 'http', honorLabels: true });
  expect(danglingReferences(objects)).toEqual([]);
});

test('tasks get the address of a Pushgateway that exists already, and the platform creates none', () => {
  const chart = testChart();
  const platform = new Platform(chart, 'platform', { pushgateway: 'http://push.example.org:9091' });

  expect(pushgatewayOf(platform)).toEqual({ PUSHGATEWAY_URL: 'push.example.org', PUSHGATEWAY_PORT: '9091' });
  expect(synthesise(chart).map(({ kind }) => kind)).not.toContain('Deployment');
});

test('the axons of a platform refer to the objects that it creates', () => {
  const chart = testChart({ namespace: 'ml' });
  const platform = new Platform(chart, 'platform', { eventBus: 'bus', gateway: 'public', webhookToken: secretValue('hooks', 'bearer') });
  const axonChart = new Chart(chart.node.scope!, 'axon', { namespace: 'ml' });
  const axon = new Axon(axonChart, 'small', { platform });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY })] });

  expect(danglingReferences(synthesise(chart, axonChart))).toEqual([]);
});

test('a second synthesis gives the same', () => {
  const chart = testChart();
  new Platform(chart, 'platform', { runPushgateway: true });

  expect(toYaml(synthesise(chart))).toBe(toYaml(synthesise(chart)));
});

test.each([0, 2, 1.5])('fails if the bus has %d pods', (eventBusReplicas) => {
  expect(messageOf(() => new Platform(testChart(), 'p', { eventBusReplicas })))
    .toBe(`'eventBusReplicas' (${eventBusReplicas}) must be 1, or 3 and more: two cannot outvote each other, use 3`);
});

test('fails if an attribute is invalid, where the platform is made', () => {
  expect(messageOf(() => new Platform(testChart(), 'p', { gateway: 'a/b/c' }))).toBe("'gateway' (a/b/c) must be 'name' or 'namespace/name', write it with one slash at most");
});

test('a map or list that a program changes later does not change the manifests', () => {
  const chart = testChart();
  const gatewaySelector: Record<string, string> = { istio: 'ingress' };
  const hosts = ['a.example.org'];
  new Platform(chart, 'platform', { gatewaySelector, hosts });

  gatewaySelector.later = 'yes';
  hosts.push('No Host');

  expect(find(synthesise(chart), 'Gateway').spec).toMatchObject({ selector: { istio: 'ingress' }, servers: [{ hosts: ['a.example.org'] }] });
});

test('an imported platform creates no object', () => {
  const chart = testChart({ namespace: 'ml' });
  const platform = Platform.fromPlatformAttributes(chart, 'platform', { gateway: 'edge/public' });

  expect(chart.toJson()).toEqual([]);
  expect(platform.namespace).toBe('ml');
});

test('an axon in a chart without a namespace has the namespace of its platform', () => {
  const { axon } = smallLoop({ platform: importedPlatform({ namespace: 'ml' }) });

  expect(axon.namespace).toBe('ml');
});

test('fails if the platform lies in another namespace than the chart of the axon', () => {
  const platform = Platform.fromPlatformAttributes(testChart({ namespace: 'shared' }), 'platform');

  expect(messageOf(() => new Axon(testChart({ namespace: 'prod' }), 'digits', { platform }))).toBe(
    "'platform' (shared) is in another namespace than the axon (prod), which cannot use its event bus, use the platform of the namespace of the axon");
});

test('a platform that is imported without a namespace fits the namespace of every axon', () => {
  const platform = importedPlatform({ eventBus: 'bus' });
  const [one, other] = ['a', 'b'].map((namespace) => find(synthesise(smallLoop({ platform, namespace }).chart), 'EventSource'));

  expect(platform.namespace).toBeUndefined();
  expect([one, other].map(({ metadata, spec }) => `${metadata.namespace}/${spec.eventBusName}`)).toEqual(['a/bus', 'b/bus']);
});

test('fails if the namespace of an imported platform is no name', () => {
  expect(messageOf(() => importedPlatform({ namespace: 'a_b' })))
    .toBe("'namespace' (a_b) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'a-b'");
});

import { Chart, Size } from 'cdk8s';
import { Axon, ContainerTask, Platform, PlatformProps, SecretKey, Sensor } from '../../src';
import { READY } from '../helpers/loop';
import { find, Manifest, messageOf, synthesise, testChart, toYaml } from '../helpers/manifests';
import { danglingReferences } from '../helpers/references';

function platform(props: PlatformProps = {}): Manifest[] {
  const chart = testChart();
  new Platform(chart, 'platform', props);
  return synthesise(chart);
}

test('a platform is a bus, a gateway and a Job that makes the token', () => {
  expect(platform().map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name.replace(/-[0-9a-f]{10}$/, '')}`)).toEqual([
    'ServiceAccount default/myelin-bootstrap', 'Role default/myelin-bootstrap', 'RoleBinding default/myelin-bootstrap',
    'EventBus default/default', 'Job default/myelin-bootstrap', 'Gateway default/myelin',
  ]);
});

test('the bus keeps its events on disks, three times', () => {
  const { jetstream } = find(platform(), 'EventBus').spec;

  expect(jetstream).toMatchObject({ version: 'latest', replicas: 3, persistence: { accessMode: 'ReadWriteOnce', volumeSize: '1Gi' } });
  expect(jetstream.streamConfig).toContain('\nreplicas: 3\n');
});

test.each([[1, 1], [3, 3], [5, 3]])('a bus of %d pods keeps %d copies', (eventBusReplicas, copies) => {
  const { jetstream } = find(platform({ eventBusReplicas, eventBusSize: Size.mebibytes(1500), eventBusStorageClass: 'fast' }), 'EventBus').spec;

  expect(jetstream.replicas).toBe(eventBusReplicas);
  expect(jetstream.streamConfig).toContain(`\nreplicas: ${copies}\n`);
  expect(jetstream.persistence).toEqual({ accessMode: 'ReadWriteOnce', volumeSize: '1500Mi', storageClassName: 'fast' });
});

test('the Job may make its Secret and read that one alone', () => {
  const objects = platform({ webhookToken: SecretKey.of('hooks', 'bearer') });

  expect(find(objects, 'Role').rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['hooks'], verbs: ['get'] }, { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  ]);
  expect(find(objects, 'Job').spec.template.spec.containers[0].args).toEqual(['bootstrap', '--secret=hooks', '--key=bearer']);
});

test('the Job has another name when it runs something else, since a Job cannot be changed', () => {
  const nameOf = (props: PlatformProps) => find(platform(props), 'Job').metadata.name;

  expect(nameOf({})).toBe(nameOf({ eventBusReplicas: 1 }));
  expect(nameOf({ runtimeImage: 'example.org/runtime:2' })).not.toBe(nameOf({}));
  expect(nameOf({ webhookToken: SecretKey.of('hooks', 'bearer') })).not.toBe(nameOf({}));
});

test('a gateway of another namespace is not made', () => {
  expect(platform({ gateway: 'edge/public' }).map(({ kind }) => kind)).not.toContain('Gateway');
  expect(find(platform({ gateway: 'default/public', hosts: ['ml.example.org'], gatewaySelector: { istio: 'edge' } }), 'Gateway').spec)
    .toEqual({ selector: { istio: 'edge' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['ml.example.org'] }] });
});

test('a Pushgateway that the platform runs is the one that its axons are told of', () => {
  const chart = testChart({ namespace: 'ml' });
  const { settings } = new Platform(chart, 'platform', { runPushgateway: true });
  const objects = synthesise(chart);
  const service = find(objects, 'Service');
  const { hostname, port } = new URL(settings.pushgateway!);

  expect(hostname).toBe(`${service.metadata.name}.ml.svc`);
  expect(service.spec.ports.map((each: Manifest) => String(each.port))).toEqual([port]);
  expect(find(objects, 'ServiceMonitor').spec.endpoints[0]).toMatchObject({ port: 'http', honorLabels: true });
  expect(danglingReferences(objects)).toEqual([]);
});

test('a Pushgateway elsewhere is told of and not made', () => {
  const chart = testChart();
  const { settings } = new Platform(chart, 'platform', { pushgateway: 'http://push.example.org:9091' });

  expect(settings.pushgateway).toBe('http://push.example.org:9091');
  expect(synthesise(chart).map(({ kind }) => kind)).not.toContain('Deployment');
});

test('what a platform is made with is what its axons expect', () => {
  const chart = testChart({ namespace: 'ml' });
  const { settings } = new Platform(chart, 'platform', { eventBus: 'bus', gateway: 'public', webhookToken: SecretKey.of('hooks', 'bearer') });
  const axonChart = new Chart(chart.node.scope!, 'axon', { namespace: 'ml' });
  const axon = new Axon(axonChart, 'small', { platform: settings });
  new Sensor(axon, 'start', { run: [new ContainerTask(axon, 'work', { image: READY })] });

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

test('fails if a setting is wrong, where the platform is made', () => {
  expect(messageOf(() => new Platform(testChart(), 'p', { gateway: 'a/b/c' }))).toBe("'gateway' (a/b/c) must be 'name' or 'namespace/name', correct it");
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

import { PodCluster } from './fixture.js';

let cluster: PodCluster;
beforeEach(async () => {
  cluster = await new PodCluster().start();
  cluster.objects.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { key: 'geheim', other: 'x' } });
  cluster.objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { level: 'info' } });
});
afterEach(async () => cluster.close());

/** The output of a script in a pod with a volume at /mount. */
async function shown(script: string, source: object, metadata: object = {}): Promise<string> {
  cluster.run('reader', {
    volumes: [{ name: 'mount', ...source }],
    containers: [{ name: 'main', image: 'node', command: ['sh', '-c', script], volumeMounts: [{ name: 'mount', mountPath: '/mount', readOnly: true }] }],
  }, { ...metadata });
  expect((await cluster.phase('reader', 'Succeeded', 'Failed')).status!.phase).toBe('Succeeded');
  return cluster.log('reader');
}

test('a projected volume shows Secrets, ConfigMaps and fields of the pod in one folder', async () => {
  const sources = [
    { secret: { name: 'keys', items: [{ key: 'key', path: 'private/key', mode: 256 }] } },
    { configMap: { name: 'settings' } },
    { downwardAPI: { items: [{ path: 'name', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }] } },
    { secret: { name: 'absent', optional: true } },
  ];

  expect(await shown('cat /mount/private/key /mount/level /mount/name; ls /mount', { projected: { defaultMode: 288, sources } }))
    .toBe('geheiminforeaderlevel\nname\nprivate\n');
});

test('a volume of the downward API shows labels and annotations, as the kubelet writes them', async () => {
  const items = [{ path: 'notes', fieldRef: { fieldPath: 'metadata.annotations' } }, { path: 'team', fieldRef: { fieldPath: "metadata.labels['team']" } }];

  expect(await shown('cat /mount/notes /mount/team', { downwardAPI: { items } }, { labels: { team: 'ml' }, annotations: { note: 'a "b"', also: 'x' } }))
    .toBe('also="x"\nnote="a \\"b\\""ml');
});

test('an ephemeral claim is a folder of the pod', async () => {
  expect(await shown('echo kept > /mount/file; cat /mount/file', { ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '1Gi' } } } } } }))
    .toBe('kept\n');
});

test('placement, classes, pull secrets and security contexts have no effect and are let through', async () => {
  cluster.run('placed', {
    containers: [{ name: 'main', image: 'node', command: ['true'], resources: { requests: { cpu: '64' } } }],
    nodeSelector: { pool: 'gpu' },
    affinity: { podAffinity: {} },
    tolerations: [{ operator: 'Exists' }],
    topologySpreadConstraints: [{ maxSkew: 1 }],
    runtimeClassName: 'gvisor',
    imagePullSecrets: [{ name: 'pull' }],
    securityContext: { runAsUser: 1000 },
  });

  await cluster.phase('placed', 'Succeeded');
});

test.each([
  ['a CSI driver', { csi: { driver: 'vault' } }, "'spec.volumes[0].csi'"],
  ['a token', { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }, "'spec.volumes[0].projected.sources[0].serviceAccountToken'"],
  ['a resource of a container', { downwardAPI: { items: [{ path: 'cpu', resourceFieldRef: { resource: 'limits.cpu' } }] } }, "'spec.volumes[0].downwardAPI.items[0].resourceFieldRef'"],
  ['a field that is not known', { projected: { sources: [{ downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'spec.schedulerName' } }] } }] } },
    "'spec.volumes[0].projected.sources[0].downwardAPI.items[0].fieldRef.fieldPath'"],
])('fails if a volume shows %s', async (_, source, field) => {
  cluster.run('odd', { volumes: [{ name: 'odd', ...source }], containers: [{ name: 'main', image: 'node', command: ['true'] }] });

  expect((await cluster.phase('odd', 'Failed')).status!.message)
    .toBe(`${field} of Pod 'default/odd' is not supported by the laptop's cluster, run it in a real one or leave it out`);
});

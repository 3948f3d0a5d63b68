import type { GraphModel, ModelDocument, ModelServer, Release } from '../../../src/contract/documents.js';
import { readDocument } from '../../../src/contract/read.js';
import { serverName } from '../../../src/release/plan/names.js';
import { releaseObjects, type ServerObjects } from '../../../src/release/plan/objects.js';
import { refuseGraph } from '../../../src/release/plan/spec.js';
import { sha256 } from '../../../src/shared/sha256.js';
import { contractJson } from '../../fixtures.js';

const MODEL: ModelDocument = contractJson('fixtures', 'model', 'digits.json');
const RELEASE: Release = contractJson('fixtures', 'release', 'digits.json').releases[1];

function objects(document: ModelDocument = MODEL, parameters: Record<string, string> = {}): ServerObjects[] {
  return releaseObjects(document, RELEASE, new Map(Object.entries(parameters)), sha256);
}

function withServer(server: Partial<ModelServer>): ModelDocument {
  const [node] = MODEL.models as [GraphModel];
  return { ...MODEL, models: [{ ...node, backends: [{ ...node.backends[0]!, server: { ...node.backends[0]!.server, ...server } }] }] };
}

function containers([{ deployment }]: ServerObjects[]) {
  const [server, serve] = deployment.spec.template.spec.containers;
  const env = Object.fromEntries(server!.env!.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));
  return { server: server!, serve: serve!, pod: deployment.spec.template.spec, env };
}

test('the longest axon still gives a name of at most 63 characters, and the name tells model, node and backend apart', () => {
  const identity = { model: 'model', node: 'digits', backend: 'digits' };
  expect(serverName('a'.repeat(46), RELEASE.version, identity, sha256)).toHaveLength(62);
  expect(serverName('digits', RELEASE.version, identity, sha256)).toMatch(/^digits-dd757176a4-[0-9a-f]{4}$/);
  expect(serverName('digits', RELEASE.version, { ...identity, backend: 'b' }, sha256)).not.toBe(serverName('digits', RELEASE.version, identity, sha256));
});

test('the server gets the run folder of its release, the socket and the predictor', () => {
  const folder = '/var/lib/myelin/digits/train/digits-start-5d41402abc';
  const { env, server } = containers(objects());
  expect(env).toEqual({ LOG_LEVEL: '', DATA_PATH: folder, MODEL_PATH: folder, MYELIN_PREDICTOR: 'Digits', MYELIN_SOCKET: '/myelin/run/worker.sock' });
  expect(server.command).toEqual(['python3', '/myelin/worker']);
  expect(server.image).toBe(RELEASE.images.serve);
});

test('a server runs under its own account if it has one, else under the account of the model', () => {
  expect(containers(objects()).pod.serviceAccountName).toBe('digits-serve');
  expect(containers(objects(withServer({ serviceAccount: 'feature-reader' }))).pod).toMatchObject({
    serviceAccountName: 'feature-reader', automountServiceAccountToken: false,
  });
});

test('variables of the user are filled in, come from Secrets, and never hide what only the release knows', () => {
  const { env } = containers(objects(withServer({
    env: [{ name: 'LEVEL', value: 'is {{workflow.parameters.level}}' }, { name: 'MODEL_PATH', value: '/mine' }],
    secretEnv: [{ name: 'TOKEN', secret: 'vault', key: 'token' }],
  }), { level: 'debug' }));
  expect(env).toMatchObject({
    LEVEL: 'is debug', TOKEN: { secretKeyRef: { name: 'vault', key: 'token' } }, MODEL_PATH: '/var/lib/myelin/digits/train/digits-start-5d41402abc',
  });
});

test('a server may have a command, arguments and resources of its own', () => {
  const { server } = containers(objects(withServer({ command: ['serve'], args: ['--fast'], resources: { limits: { 'nvidia.com/gpu': '1' } } })));
  expect(server).toMatchObject({ command: ['serve'], args: ['--fast'], resources: { limits: { 'nvidia.com/gpu': '1' } } });
});

test('the pod of a server has the options of its document, and only the container with user code has the mounts', () => {
  const document = withServer({
    pod: {
      labels: { 'team': 'vision', 'myelin.io/version': 'another' },
      annotations: { note: 'kept' },
      spec: {
        nodeSelector: { zone: 'a' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        priorityClassName: 'online',
        runtimeClassName: 'gvisor',
        imagePullSecrets: [{ name: 'pull' }],
        securityContext: { runAsUser: 2000 },
        volumes: [{ name: 'cache', emptyDir: {} }],
      },
      volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
    },
  });
  const found = objects(document);
  const { metadata, spec } = found[0]!.deployment.spec.template;
  expect(metadata).toEqual({
    labels: { ...objects()[0]!.deployment.spec.template.metadata.labels, team: 'vision' }, annotations: { note: 'kept' },
  });
  expect(spec).toMatchObject({
    nodeSelector: { zone: 'a' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    priorityClassName: 'online',
    runtimeClassName: 'gvisor',
    imagePullSecrets: [{ name: 'pull' }],
    securityContext: { runAsNonRoot: true, runAsUser: 2000, fsGroup: 1000 },
  });
  expect(spec.volumes!.map(({ name }) => name)).toEqual(['home', 'run', 'server', 'store', 'worker', 'cache']);
  const { server, serve } = containers(found);
  expect(server.volumeMounts).toContainEqual({ name: 'cache', mountPath: '/cache' });
  expect([...serve.volumeMounts, ...spec.initContainers[0]!.volumeMounts].map(({ name }) => name)).not.toContain('cache');
});

test('every container of the loop in the pod of a server requests CPU and memory, so a quota admits it', () => {
  const { spec } = objects()[0]!.deployment.spec.template;
  const own = [...spec.initContainers, ...spec.containers].filter(({ name }) => name !== 'server');
  expect(own.map(({ name, resources }) => [name, Object.keys(resources?.requests ?? {})])).toEqual([['worker', ['cpu', 'memory']], ['serve', ['cpu', 'memory']]]);
});

test('a constraint on the spread of a server counts the pods of that server alone', () => {
  const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };
  const [{ deployment }] = objects(withServer({ pod: { spec: { topologySpreadConstraints: [spread] } } })) as [ServerObjects];
  expect(deployment.spec.template.spec.topologySpreadConstraints).toEqual([{ ...spread, labelSelector: deployment.spec.selector }]);
});

test('a label of a server\'s pod replaces one of the axon, and none of the loop', () => {
  const document = { ...withServer({ pod: { labels: { 'team': 'vision', 'myelin.io/metrics': 'false' } } }), labels: { team: 'ml' } };
  const [{ deployment }] = objects(document) as [ServerObjects];
  expect(deployment.metadata.labels).toMatchObject({ team: 'ml' });
  expect(deployment.spec.template.metadata.labels).toMatchObject({ 'team': 'vision', 'myelin.io/metrics': 'true' });
});

test('no option of a pod changes a selector, and a changed option changes the Deployment alone', () => {
  const [before, after] = [objects(), objects(withServer({ pod: { labels: { team: 'vision' } } }))].map(([one]) => one!);
  expect(after!.deployment.spec.selector).toEqual(before!.deployment.spec.selector);
  expect(after!.service).toEqual(before!.service);
  expect(after!.configMap).toEqual(before!.configMap);
  expect(after!.deployment.spec.template).not.toEqual(before!.deployment.spec.template);
});

test('the sidecar reads a valid server document, which is never changed', () => {
  const [{ configMap, deployment }] = objects() as [ServerObjects];
  expect(configMap.immutable).toBe(true);
  expect(readDocument('server', configMap.data['server.json']!, 'test')).toEqual({
    contract: 1,
    axon: 'digits',
    namespace: 'default',
    model: 'model',
    version: 'dd757176a4',
    node: 'digits',
    backend: 'digits',
    store: '/var/lib/myelin',
    capture: { path: '/var/lib/myelin/digits/feedback/model', rate: 1, retentionSeconds: 2592000, dropFields: [] },
  });
  const { serve, pod } = containers([{ deployment } as ServerObjects]);
  expect(pod.volumes).toContainEqual({ name: 'server', configMap: { name: configMap.metadata.name } });
  expect(serve.volumeMounts).toContainEqual({ name: 'server', mountPath: '/etc/myelin/server', readOnly: true });
  const { capture, ...plain } = MODEL;
  expect(capture).toBeDefined();
  expect(readDocument('server', objects(plain)[0]!.configMap.data['server.json']!, 'test').capture).toBeUndefined();
});

test('old pods stay until new ones are ready, and the Service finds the pods of its server alone', () => {
  const [{ deployment, service }] = objects() as [ServerObjects];
  expect(deployment.spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBe(30);
  expect(service.spec.selector).toEqual(deployment.spec.selector.matchLabels);
  expect(deployment.spec.template.metadata.labels).toMatchObject({ ...service.spec.selector, 'myelin.io/metrics': 'true' });
  expect(service.spec.ports).toEqual([{ name: 'http', port: 5000, targetPort: 'http' }]);
});

test('pods that share a claim of one node stay together, others are free', () => {
  const once = objects({ ...MODEL, store: { ...MODEL.store, access: 'ReadWriteOnce' } });
  const label = { 'myelin.io/store': 'digits' };
  expect(containers(once).pod.affinity).toEqual({
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: label }, topologyKey: 'kubernetes.io/hostname' }] },
  });
  expect(once[0]!.deployment.spec.template.metadata.labels).toMatchObject(label);
  expect(containers(objects()).pod.affinity).toBeUndefined();
});

test('each backend has objects of its own, with the labels of the document', () => {
  const joined: ModelDocument = contractJson('fixtures', 'model', 'joined.json');
  const found = objects(joined);
  expect(found).toHaveLength(3);
  expect(new Set(found.map(({ deployment }) => deployment.metadata.name)).size).toBe(3);
  expect(found.every(({ service }) => service.metadata.labels!.team === 'ml')).toBe(true);
  expect(found[0]!.deployment.spec.replicas).toBe(2);
});

test('fails if two servers get one name', () => {
  const [node] = MODEL.models as [GraphModel];
  const two = { ...MODEL, models: [{ ...node, backends: [node.backends[0]!, { ...node.backends[0]!, name: 'b' }] }] };
  expect(() => releaseObjects(two, RELEASE, new Map(), () => '0000')).toThrow("'digits-dd757176a4-0000' is the name of digits/digits and would be that of digits/b, too, rename one of them");
});

test('fails if the document has got a trainer since the release was begun', () => {
  expect(() => releaseObjects(MODEL, { ...RELEASE, runs: {} }, new Map(), sha256))
    .toThrow("'train' trains for the model since the version dd757176a4 was begun, which has no run of it, train again");
});

describe('a model that needs the program graph is refused', () => {
  const joined: ModelDocument = contractJson('fixtures', 'model', 'joined.json');

  test('fails if a route combines models', () => {
    expect(() => refuseGraph(joined)).toThrow("'desk' needs the program graph, which this release does not have: the route /predict combines models; let each route lead to one model");
  });

  test('fails if backends are chosen by what is learned; one backend is no choice', () => {
    const routes = [{ path: '/predict', nodes: [{ model: 'income', path: '/predict', dependencies: [], includeInput: false }] }];
    refuseGraph({ ...joined, routes });
    const models = joined.models.map((node) => ({ ...node, selection: 'epsilon-greedy' as const }));
    expect(() => refuseGraph({ ...joined, routes, models })).toThrow('the model decision chooses its backend by epsilon-greedy');
  });
});

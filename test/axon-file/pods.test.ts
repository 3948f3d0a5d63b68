import { App, Chart } from 'cdk8s';
import { k8s, Secret } from 'cdk8s-plus-27';
import { Axon, HyperbandTuner, Image, Model, ModelGraph, ModelServer, Objective, Parameter, Sensor, TrainingTask } from '../../src';
import { documentOf, find, templateOf, toYaml } from '../helpers/manifests';
import { fixture, objectsOf, told } from './digits';

const YAML = fixture('pods.yaml');

const ZONE = 'topology.kubernetes.io/zone';

/** The axon of the file, by constructs. */
function vision(): Chart {
  const chart = new Chart(new App(), 'chart');
  const axon = new Axon(chart, 'vision', {
    namespace: 'ml',
    labels: { 'team': 'vision', 'cost-centre': '4711' },
    annotations: { owner: 'ml@example.org' },
    pod: {
      labels: { tier: 'batch' },
      annotations: { note: 'kept' },
      imagePullSecrets: [Secret.fromSecretName(chart, 'pull', 'registry-pull')],
      securityContext: {
        runAsUser: 2000,
        runAsGroup: 2000,
        runAsNonRoot: true,
        fsGroup: 2000,
        fsGroupChangePolicy: 'Always',
        supplementalGroups: [3000],
        seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/training.json' },
        seLinuxOptions: { level: 's0:c123,c456', type: 'container_t' },
        sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }],
      },
    },
    stepPod: {
      nodeSelector: { pool: 'system' },
      volumes: [{ name: 'certificates', configMap: { name: 'company-certificates' } }],
      volumeMounts: [{ name: 'certificates', mountPath: '/etc/ssl/company', readOnly: true }],
    },
  });
  const train = new TrainingTask(axon, 'train', {
    image: Image.fromRegistry('registry.example.org/ml/vision:2.0', { command: ['python', 'train.py'] }),
    objective: Objective.minimize('loss'),
    pod: {
      nodeSelector: { pool: 'gpu-large', zone: 'a' },
      runtimeClassName: 'gvisor',
      tolerations: [
        { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'maintenance', operator: 'Equal', value: '2026', effect: 'NoExecute', tolerationSeconds: 60 },
      ],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{
              matchExpressions: [{ key: 'generation', operator: 'Gt', values: ['4'] }],
              matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['broken'] }],
            }],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['fast'] }] } },
          ],
        },
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{
            weight: 100,
            podAffinityTerm: {
              topologyKey: ZONE,
              namespaces: ['data'],
              namespaceSelector: { matchLabels: { team: 'data' } },
              labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
            },
          }],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'noisy' } } }],
        },
      },
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: ZONE,
        whenUnsatisfiable: 'DoNotSchedule',
        minDomains: 2,
        matchLabelKeys: ['pod-template-hash'],
        nodeAffinityPolicy: 'Honor',
        nodeTaintsPolicy: 'Ignore',
      }],
      volumes: [
        { name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('10240Mi') } },
        { name: 'secrets', secret: { secretName: 'keys', optional: true, defaultMode: 0o440, items: [{ key: 'key', path: 'private/key', mode: 0o400 }] } },
        { name: 'settings', configMap: { name: 'settings' } },
        { name: 'data', persistentVolumeClaim: { claimName: 'shared-data', readOnly: true } },
        {
          name: 'facts',
          downwardApi: {
            items: [
              { path: 'labels', fieldRef: { fieldPath: 'metadata.labels', apiVersion: 'v1' } },
              { path: 'cpu', mode: 0o444, resourceFieldRef: { containerName: 'main', resource: 'limits.cpu', divisor: k8s.Quantity.fromString('1m') } },
            ],
          },
        },
        {
          name: 'identity',
          projected: {
            defaultMode: 0o400,
            sources: [
              { serviceAccountToken: { audience: 'vault', expirationSeconds: 3600, path: 'token' } },
              { secret: { name: 'keys', items: [{ key: 'key', path: 'key' }] } },
              { configMap: { name: 'settings' } },
              { downwardApi: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
            ],
          },
        },
        {
          name: 'driver',
          csi: {
            driver: 'secrets-store.csi.k8s.io',
            readOnly: true,
            fsType: 'ext4',
            volumeAttributes: { secretProviderClass: 'vault' },
            nodePublishSecretRef: { name: 'driver-login' },
          },
        },
        {
          name: 'scratch',
          ephemeral: {
            volumeClaimTemplate: {
              metadata: { labels: { team: 'vision' }, annotations: { note: 'kept' } },
              spec: {
                accessModes: ['ReadWriteOnce'],
                storageClassName: 'fast',
                volumeMode: 'Filesystem',
                selector: { matchLabels: { disk: 'fast' } },
                resources: { requests: { storage: k8s.Quantity.fromString('100Gi') }, limits: { storage: k8s.Quantity.fromString('200Gi') } },
              },
            },
          },
        },
      ],
      volumeMounts: [
        { name: 'cache', mountPath: '/cache' },
        { name: 'secrets', mountPath: '/secrets', readOnly: true, subPath: 'private' },
        { name: 'settings', mountPath: '/settings', subPathExpr: '$(NAMESPACE)' },
        { name: 'data', mountPath: '/data', mountPropagation: 'HostToContainer' },
        { name: 'scratch', mountPath: '/scratch' },
      ],
    },
  });
  new HyperbandTuner(axon, 'tuner', {
    task: train, minBudget: 1, maxBudget: 9, space: { rate: Parameter.float({ min: 0.001, max: 1, log: true }) }, pod: { labels: { tier: 'trial' }, priorityClassName: 'trials' },
  });
  const server = new ModelServer(axon, 'serve', {
    image: Image.fromRegistry('registry.example.org/ml/vision-serve:2.0'),
    predictor: 'Vision',
    pod: {
      labels: { 'sidecar.istio.io/inject': 'true' },
      priorityClassName: 'online',
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway' }],
    },
  });
  const model = new ModelGraph(axon, 'model', { models: [Model.fromTraining('vision', { trainer: train, server })] });
  new Sensor(axon, 'start', { steps: [train] });
  new Sensor(axon, 'trained', { triggers: [train.succeeded().named('trained')], steps: [model.deploy()] });
  return chart;
}

test('the options of a file give the bytes that constructs give', () => {
  expect(told(YAML)).toEqual([]);
  expect(toYaml(objectsOf(YAML))).toBe(toYaml(vision().toJson()));
});

test('numbers are texts where Kubernetes has texts, quantities keep their spelling, and permissions are octal as kubectl reads them', () => {
  const objects = objectsOf(YAML);
  const { spec, volumeMounts } = documentOf(objects, 'vision-study-train').trial.pod;

  expect(find(objects, 'EventSource').metadata.labels['cost-centre']).toBe('4711');
  expect(spec.tolerations[1].value).toBe('2026');
  expect(spec.volumes[0]).toEqual({ name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '10240Mi' } });
  expect(spec.volumes[1].secret).toMatchObject({ defaultMode: 288, items: [{ mode: 256 }] });
  expect(volumeMounts).toHaveLength(5);
});

test("the node selector of a body merges with that of its options, which win, and the tuner's over the task's", () => {
  const { pod } = documentOf(objectsOf(YAML), 'vision-study-train').trial;

  expect(pod.spec.nodeSelector).toEqual({ pool: 'gpu-large', zone: 'a' });
  expect(pod.labels).toEqual({ tier: 'trial' });
  expect(pod.spec.priorityClassName).toBe('trials');
});

test('the steps of the loop have options of their own', () => {
  expect(templateOf(objectsOf(YAML), 'gate')).toMatchObject({ nodeSelector: { pool: 'system' } });
  expect(JSON.stringify(templateOf(objectsOf(YAML), 'gate'))).not.toContain('gpu');
});

/** The file with one text replaced. */
function changed(from: string, to: string): string[] {
  expect(YAML).toContain(from);
  return told(YAML.replace(from, to));
}

test.each([
  ['a key deep in an affinity is misspelt', 'nodeSelectorTerms', 'nodeSelectorTerm',
    ["44:17 error: 'nodeSelectorTerm' (key) is no key of a node selector, did you mean 'nodeSelectorTerms'?"]],
  ['a key of a volume is misspelt', 'sizeLimit', 'sizelimit', ["70:56 error: 'sizelimit' (key) is no key of an empty volume, did you mean 'sizeLimit'?"]],
  ['a volume is a folder of the node', 'configMap: {name: settings}}\n', 'hostPath: {path: /}}\n',
    ["72:32 error: 'pod.volumes[2]' (hostPath) is a type of volume that Pod Security 'restricted' rejects, use one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret"]],
  ['a toleration has an unknown effect', 'effect: NoSchedule', 'effect: NoRun',
    ["39:63 error: 'pod.tolerations[0].effect' (NoRun) must be one of NoSchedule, PreferNoSchedule, NoExecute, use one of them"]],
  ['a toleration has a mistake in the second item', 'effect: NoExecute', 'effect: NoSchedule',
    ["40:103 error: 'pod.tolerations[1].tolerationSeconds' (60) counts only beside the effect 'NoExecute', remove it, or write 'NoExecute'"]],
  ['a mount names no volume of its body', '{name: cache, mountPath', '{name: cash, mountPath',
    ["105:22 error: 'pod.volumeMounts[0].name' (cash) is no volume of the pod's options, use one of cache, data, driver, facts, identity, scratch, secrets, settings"]],
  ['permissions are a word', 'defaultMode: 0440', 'defaultMode: rw', ["71:87 error: 'defaultMode' (rw) must be file permissions, write them in octal, as '0440'"]],
  ['root is the user of all pods', 'runAsUser: 2000', 'runAsUser: 0',
    ["15:18 error: 'pod.securityContext.runAsUser' (0) is root, which Pod Security 'restricted' rejects, choose another user, as 1000"]],
  ['a step mounts where the loop does', 'mountPath: /etc/ssl/company', 'mountPath: /myelin/out',
    ["27:52 error: 'stepPod.volumeMounts[0].mountPath' (/myelin/out) of the volume 'certificates' lies at, above or below '/myelin', where the loop mounts its own, mount it elsewhere, as '/certificates'"]],
  ['a label of trials takes a key of the loop', '{tier: trial}', '{myelin.io/run: x}',
    ["116:26 error: 'pod.labels' (myelin.io/run: x) has a key that the loop sets itself, use another key"]],
  ['a pull secret has no name', '[{name: registry-pull}]', '[{}]', ["13:24 error: 'name' (nothing) is required in a pull secret, add it"]],
])('fails if %s', (_, from, to, problems) => {
  expect(changed(from, to)).toEqual(problems);
});

import { k8s, Secret } from 'cdk8s-plus-27';
import { PodOptions } from '../../src';
import { podData } from '../../src/common/pod-data';
import { PodData } from '../../src/loop/pod';
import { testChart } from '../helpers/manifests';

/** Data as options again: a file passes on what it has read. */
function asOptions({ spec, ...rest }: PodData): PodOptions {
  return { ...rest, ...spec } as PodOptions;
}

const EVERYTHING: PodOptions = {
  labels: { team: 'vision' },
  annotations: { note: 'kept' },
  nodeSelector: { pool: 'gpu' },
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'In', values: ['a'] }] }] },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{
        weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { downwardApi: 'a label keeps its key', value: 'x' } } },
      }],
    },
  },
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
  runtimeClassName: 'gvisor',
  imagePullSecrets: [Secret.fromSecretName(testChart(), 'pull', 'registry-pull')],
  securityContext: { runAsUser: 2000, seccompProfile: { type: 'RuntimeDefault' } },
  volumes: [
    { name: 'cache', emptyDir: { sizeLimit: k8s.Quantity.fromString('10240Mi') } },
    { name: 'facts', downwardApi: { items: [{ path: 'cpu', resourceFieldRef: { resource: 'limits.cpu', divisor: k8s.Quantity.fromNumber(1) } }] } },
    { name: 'all', projected: { sources: [{ downwardApi: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }, { secret: { name: 's' } }] } },
    { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: k8s.Quantity.fromString('1Gi') } } } } } },
  ],
  volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
};

test('options become plain data in the format of Kubernetes', () => {
  const { spec, ...rest } = podData(EVERYTHING)!;

  expect(rest).toEqual({ labels: { team: 'vision' }, annotations: { note: 'kept' }, volumeMounts: [{ name: 'cache', mountPath: '/cache' }] });
  expect(spec).toMatchObject({ nodeSelector: { pool: 'gpu' }, imagePullSecrets: [{ name: 'registry-pull' }], affinity: EVERYTHING.affinity });
  expect(spec!.volumes).toEqual([
    { name: 'cache', emptyDir: { sizeLimit: '10240Mi' } },
    { name: 'facts', downwardAPI: { items: [{ path: 'cpu', resourceFieldRef: { resource: 'limits.cpu', divisor: '1' } }] } },
    { name: 'all', projected: { sources: [{ downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }, { secret: { name: 's' } }] } },
    { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '1Gi' } } } } } },
  ]);
});

test('data that is in the format of Kubernetes stays as it is', () => {
  const data = podData(EVERYTHING)!;

  expect(podData(asOptions(data))).toEqual(data);
});

test('numbers of maps become texts, as Kubernetes has them, and what is empty is left out', () => {
  expect(podData({ nodeSelector: { generation: 4 as unknown as string }, labels: {}, tolerations: [] })).toEqual({ spec: { nodeSelector: { generation: '4' } } });
  expect(podData({ labels: {}, volumes: [] })).toBeUndefined();
  expect(podData({ labels: { a: 'x', b: undefined as unknown as string }, nodeSelector: { c: undefined as unknown as string } })).toEqual({ labels: { a: 'x' } });
  expect(podData(undefined)).toBeUndefined();
});

test('null is absent, so it takes nothing of the loop away', () => {
  const options = {
    labels: null, annotations: { note: null }, tolerations: [null], securityContext: { runAsNonRoot: null, runAsUser: 2000 }, volumes: [{ name: 'a', emptyDir: null }],
  };

  expect(podData(options as unknown as PodOptions)).toEqual({ spec: { securityContext: { runAsUser: 2000 }, volumes: [{ name: 'a' }] } });
});

/** How cdk8s-plus itself writes a struct: each line of its function maps a field of Kubernetes to one of the struct. */
function fieldsOf(type: string): { wire: string; camel: string; inner?: string }[] {
  const text = String((k8s as unknown as Record<string, unknown>)[`toJson_${type}`]);
  return [...text.matchAll(/'([^']+)': ((?:[^\n]|\n(?! {8}'))*)obj\.(\w+)/g)].map(([, wire, call, camel]) => ({
    wire, camel, inner: /toJson_(\w+)\(/.exec(`${call}${text.slice(text.indexOf(`obj.${camel}`)).split('\n')[0]}`)?.[1],
  }));
}

test('the table of renamed fields is that of cdk8s-plus, over all volumes that are admitted', () => {
  const admitted = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
  const renamed = new Set<string>();
  const seen = new Set<string>();
  const walk = (type: string, path: string): void => {
    for (const { wire, camel, inner } of fieldsOf(type).filter((field) => type !== 'Volume' || field.wire === 'name' || admitted.includes(field.wire))) {
      if (wire !== camel) {
        renamed.add(`${path}.${camel} → ${wire}`);
      }
      if (inner !== undefined && !seen.has(`${path}.${camel}`) && path.split('.').length < 12) {
        seen.add(`${path}.${camel}`);
        walk(inner, `${path}.${camel}`);
      }
    }
  };
  for (const type of ['Affinity', 'Toleration', 'TopologySpreadConstraint', 'Volume', 'VolumeMount', 'PodSecurityContext']) {
    walk(type, type);
  }

  expect(seen.size).toBeGreaterThan(40);
  expect([...renamed].sort()).toEqual(['Volume.downwardApi → downwardAPI', 'Volume.projected.sources.downwardApi → downwardAPI']);
});

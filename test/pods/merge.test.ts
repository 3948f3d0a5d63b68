import fc from 'fast-check';
import { mergedPods, PodData } from '../../src/loop/pod';

const names = fc.constantFrom('a', 'b', 'c');
const texts = fc.dictionary(names, fc.constantFrom('x', 'y'), { minKeys: 1 });

/** A list in which no two items have one identity, as the checks demand. */
function listOf<T extends object>(item: fc.Arbitrary<T>, identity: (one: T) => string) {
  return fc.uniqueArray(item, { selector: identity, minLength: 1, maxLength: 3 });
}

const optional = { requiredKeys: [] as [] };
const pods: fc.Arbitrary<PodData> = fc.record({
  labels: texts,
  annotations: texts,
  spec: fc.record({
    nodeSelector: texts,
    affinity: fc.record({ podAffinity: texts }),
    tolerations: listOf(fc.record({ key: names, operator: fc.constantFrom('Exists', 'Equal') }), (one) => JSON.stringify(one)),
    topologySpreadConstraints: listOf(fc.record({ topologyKey: names }), ({ topologyKey }) => topologyKey),
    runtimeClassName: names,
    imagePullSecrets: listOf(fc.record({ name: names }), ({ name }) => name),
    securityContext: fc.record({ runAsUser: fc.constantFrom(1, 2), fsGroup: fc.constantFrom(1, 2) }, optional),
    volumes: listOf(fc.record({ name: names, emptyDir: fc.record({ medium: names }) }), ({ name }) => name),
  }, optional),
  volumeMounts: listOf(fc.record({ name: names, mountPath: fc.constantFrom('/a', '/b') }), ({ mountPath }) => mountPath),
}, optional);

test('it does not matter which options merge first', () => {
  fc.assert(fc.property(pods, pods, pods, (axon, task, tuner) => {
    expect(mergedPods(mergedPods(axon, task), tuner)).toEqual(mergedPods(axon, mergedPods(task, tuner)));
    expect(mergedPods(axon, task, tuner)).toEqual(mergedPods(mergedPods(axon, task), tuner));
  }));
});

test('absent options change nothing, and neither do the same options again', () => {
  fc.assert(fc.property(pods, (pod) => {
    expect(mergedPods(undefined, pod)).toEqual(pod);
    expect(mergedPods(pod, undefined)).toEqual(pod);
    expect(mergedPods(pod, pod)).toEqual(pod);
    expect(mergedPods(undefined, undefined)).toBeUndefined();
  }));
});

test('every option of the workload holds, whatever the axon says', () => {
  fc.assert(fc.property(pods, pods, (axon, task) => {
    const merged = mergedPods(axon, task)!;
    expect(merged).toMatchObject({ ...task.labels && { labels: task.labels }, ...task.annotations && { annotations: task.annotations } });
    expect(merged.spec?.nodeSelector ?? {}).toMatchObject(task.spec?.nodeSelector ?? {});
    expect(merged.spec?.securityContext ?? {}).toMatchObject(task.spec?.securityContext ?? {});
    for (const list of ['tolerations', 'imagePullSecrets', 'volumes'] as const) {
      expect<object[]>(merged.spec?.[list] ?? []).toEqual(expect.arrayContaining<object>(task.spec?.[list] ?? []));
    }
    expect(merged.volumeMounts ?? []).toEqual(expect.arrayContaining(task.volumeMounts ?? []));
  }));
});

test('maps merge by key, lists are joined, and the rest is replaced', () => {
  expect(mergedPods({
    labels: { team: 'ml', tier: 'low' },
    spec: {
      tolerations: [{ key: 'a' }, { key: 'b' }],
      topologySpreadConstraints: [{ topologyKey: 'zone' }],
      affinity: { nodeAffinity: {} },
      volumes: [{ name: 'cache', emptyDir: {} }, { name: 'certificates', secret: {} }],
      securityContext: { fsGroup: 2000, runAsUser: 2000 },
    },
    volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
  }, {
    labels: { tier: 'high' },
    spec: {
      tolerations: [{ key: 'b' }, { key: 'c' }],
      topologySpreadConstraints: [{ topologyKey: 'rack' }],
      affinity: { podAffinity: {} },
      volumes: [{ name: 'cache', persistentVolumeClaim: {} }],
      securityContext: { runAsUser: 3000 },
    },
    volumeMounts: [{ name: 'cache', mountPath: '/cache/', readOnly: true }],
  })).toEqual({
    labels: { team: 'ml', tier: 'high' },
    spec: {
      tolerations: [{ key: 'a' }, { key: 'b' }, { key: 'c' }],
      topologySpreadConstraints: [{ topologyKey: 'rack' }],
      affinity: { podAffinity: {} },
      volumes: [{ name: 'certificates', secret: {} }, { name: 'cache', persistentVolumeClaim: {} }],
      securityContext: { fsGroup: 2000, runAsUser: 3000 },
    },
    volumeMounts: [{ name: 'cache', mountPath: '/cache/', readOnly: true }],
  });
});

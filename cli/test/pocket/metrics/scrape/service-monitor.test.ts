import { discover } from '../../../../src/pocket/metrics/scrape/service-monitor.js';
import { type Loop, loop, servingPod } from '../loop.js';

describe('targets of the synthesised ServiceMonitor', () => {
  let around: Loop;
  beforeEach(async () => {
    around = await loop();
    around.objects.update({ kind: 'Pod', namespace: 'default', name: 'digits-1' }, (pod) => ({ ...pod, metadata: { ...pod.metadata, annotations: {} } }));
  });
  afterEach(() => around.close());

  function spec(change: (spec: Record<string, unknown> & { endpoints: Record<string, unknown>[] }) => void): void {
    around.objects.update({ kind: 'ServiceMonitor', namespace: 'default', name: 'digits' }, (monitor) => {
      change(monitor.spec);
      return monitor;
    });
  }

  test("are the real ports of the pods' container port of the name that the service gives", () => {
    around.objects.create(servingPod('digits-2', 4242));
    expect(discover(around.objects)).toEqual({
      problems: [],
      targets: [{
        job: 'serviceMonitor/default/digits/0',
        host: '127.0.0.1',
        port: 4242,
        path: '/metrics',
        params: {},
        intervalMs: 15_000,
        timeoutMs: 10_000,
        honorLabels: false,
        honorTimestamps: true,
        labels: {
          instance: '127.0.0.1:4242', namespace: 'default', service: 'digits-metrics', pod: 'digits-2', container: 'serve', endpoint: 'http-metrics', job: 'digits',
        },
      }],
    });
  });

  test.each([
    ['has ended', (pod: ReturnType<typeof servingPod>) => { pod.status.phase = 'Failed'; }],
    ['has no such port', (pod: ReturnType<typeof servingPod>) => { pod.spec.containers[1].ports.pop(); }],
    ['is of another namespace', (pod: ReturnType<typeof servingPod>) => { pod.metadata.namespace = 'other'; }],
    ['lacks a label', (pod: ReturnType<typeof servingPod>) => { pod.metadata.labels = { 'myelin.io/axon': 'digits' }; }],
    ['has no ports yet', (pod: ReturnType<typeof servingPod>) => { pod.metadata.annotations = { 'pocket.myelin.io/ports': '{broken' }; }],
  ])('leave out a pod that %s', (_, change) => {
    const pod = servingPod('digits-2', 4242);
    change(pod);
    around.objects.create(pod);
    expect(discover(around.objects).targets).toEqual([]);
  });

  test('include a pod that is not ready', () => {
    const pod = servingPod('digits-2', 4242);
    pod.status.conditions = [{ type: 'Ready', status: 'False' }];
    around.objects.create(pod);
    expect(discover(around.objects).targets).toHaveLength(1);
  });

  test.each([
    [(each: { endpoints: Record<string, unknown>[] }) => { each.endpoints[0].relabelings = []; }, 'spec.endpoints[0].relabelings'],
    [(each: { endpoints: Record<string, unknown>[] }) => { each.endpoints[0].scheme = 'https'; }, 'spec.endpoints[0].scheme'],
    [(each: { endpoints: Record<string, unknown>[] }) => { each.endpoints[0].interval = 'soon'; }, 'soon'],
    [(each: Record<string, unknown>) => { each.sampleLimit = 3; }, 'spec.sampleLimit'],
    [(each: Record<string, unknown>) => { each.selector = { matchExpressions: [] }; }, 'spec.selector.matchExpressions'],
  ])('are none, with a reason, if the monitor asks for what is not followed', (change, field) => {
    spec(change);
    const { targets, problems } = discover(around.objects);
    expect(targets).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(`'ServiceMonitor default/digits' (${field})`)]);
  });
});

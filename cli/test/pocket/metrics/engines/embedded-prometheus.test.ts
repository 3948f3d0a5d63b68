import type { PostedAlert } from '../../../../src/pocket/metrics/alertmanager/alert.js';
import { SYSTEM_CLOCK } from '../../../../src/pocket/metrics/clock.js';
import { EmbeddedPrometheus } from '../../../../src/pocket/metrics/engines/embedded-prometheus.js';
import type { AlertView, MonitoringPlan } from '../../../../src/pocket/metrics/engines/monitoring.js';
import type { Rule } from '../../../../src/pocket/metrics/rules/rule.js';
import { discover } from '../../../../src/pocket/metrics/scrape/service-monitor.js';
import { type Loop, loop, until } from '../loop.js';

describe('the embedded prometheus', () => {
  let around: Loop;
  let engine: EmbeddedPrometheus;
  const seen: AlertView[] = [];
  const sent: PostedAlert[] = [];

  beforeAll(async () => {
    around = await loop((object) => {
      if (object.kind === 'ServiceMonitor') object.spec.endpoints[0].interval = '100ms';
    });
    around.expose = () => 'accuracy{model="m"} 0.5\n';
    engine = await EmbeddedPrometheus.start({
      clock: SYSTEM_CLOCK, log: around.log, evaluationMs: 100, externalUrl: 'http://p', send: (alerts) => sent.push(...alerts), onAlert: (alert) => seen.push(alert),
    });
  });
  afterAll(async () => {
    await engine.stop();
    await around.close();
  });

  const rule = (extra: Partial<Rule>): Rule => ({ expr: '', forMs: 0, keepMs: 0, labels: {}, annotations: {}, ...extra });
  const plan = (...rules: Rule[]): MonitoringPlan => ({
    targets: discover(around.objects).targets,
    groups: [{ name: 'default/digits/digits', rules }],
    alerting: { route: { matchers: [], continue: false, routes: [] }, receivers: [] },
  });
  const BAD = rule({ alert: 'bad', expr: 'accuracy < 0.7', labels: { axon: 'digits' } });

  async function api(path: string, body?: Record<string, string>): Promise<{ status: number; json: { data: any; error?: string } }> { // eslint-disable-line @typescript-eslint/no-explicit-any
    const response = await fetch(`${engine.url}${path}`, body && { method: 'POST', body: new URLSearchParams(body) });
    return { status: response.status, json: await response.json() as never };
  }

  test('scrapes, records and alerts, and tells of it everywhere', async () => {
    expect(await engine.configure(plan(rule({ record: 'halved', expr: 'accuracy / 2', labels: { of: 'x' } }), BAD))).toEqual([]);
    await until('an alert', () => sent.length > 0);
    expect(sent[0]).toMatchObject({
      labels: { alertname: 'bad', axon: 'digits', model: 'm', job: 'digits' }, generatorURL: 'http://p/graph?g0.expr=accuracy+%3C+0.7&g0.tab=1',
    });
    expect(seen.map(({ name, state }) => [name, state])).toEqual([['bad', 'firing']]);
    const { json: { data } } = await api('/api/v1/query', { query: 'halved or ALERTS or on (pod) up' });
    expect(data.result.map(({ metric, value }: { metric: { __name__: string }; value: [number, string] }) => [metric.__name__, value[1]])).toEqual([
      ['halved', '0.25'], ['ALERTS', '1'],
    ]);
    expect((await api('/api/v1/alerts')).json.data.alerts).toEqual([expect.objectContaining({ state: 'firing', value: '0.5' })]);
    expect((await api('/api/v1/rules')).json.data.groups[0].rules).toMatchObject([
      { name: 'halved', type: 'recording', health: 'ok' }, { name: 'bad', type: 'alerting', state: 'firing', health: 'ok' },
    ]);
    expect((await api('/api/v1/targets')).json.data.activeTargets).toMatchObject([{ health: 'up', scrapePool: 'serviceMonitor/default/digits/0' }]);
    expect((await api('/api/v1/query_range?query=vector(1)&start=0&end=2&step=1')).json.data).toEqual({
      resultType: 'matrix', result: [{ metric: {}, values: [[0, '1'], [1, '1'], [2, '1']] }],
    });
  }, 30_000);

  test.each([
    ['/api/v1/query?query=sum(', 400, "1:5: parse error: found the end, expected ')'"],
    ['/api/v1/query', 400, 'invalid parameter "query": it is missing'],
    ['/api/v1/query?query=1&time=soon', 400, 'invalid parameter "time": cannot parse "soon"'],
    ['/api/v1/query?query={job=~".%2B"}*on()group_left up', 422, ''],
    ['/api/v1/query_range?query=1&start=2&end=1&step=1', 400, 'invalid parameter "end"'],
    ['/api/v1/query_range?query=1&start=1&end=2&step=0', 400, 'invalid parameter "step"'],
    ['/api/v1/labels', 404, "'/api/v1/labels' is not served by the pocket cluster"],
  ])('answers %s with %i', async (path, status, message) => {
    const answer = await api(path);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toContain(message);
  });

  test('refuses a rule that it cannot evaluate by name, and evaluates the others', async () => {
    const problems = await engine.configure(plan(rule({ alert: 'odd', expr: 'histogram_avg(accuracy) > 1' }), BAD));
    expect(problems).toEqual([expect.stringContaining("'odd' (histogram_avg(accuracy) > 1) is refused: 1:1: parse error: function 'histogram_avg' is for native histograms")]);
  });

  test('a rule that stays keeps its alerts over a change of its group', async () => {
    const { activeAt } = engine.snapshot().alerts[0];
    await engine.configure(plan(rule({ alert: 'other', expr: 'accuracy > 2' }), BAD));
    expect(engine.snapshot().alerts).toMatchObject([{ name: 'bad', activeAt }]);
  });

  test('a target that fails is down, and its series end', async () => {
    around.expose = () => 'accuracy{ 1';
    await until('a failed scrape', () => engine.snapshot().targets[0].health === 'down');
    expect(engine.snapshot().targets[0].lastError).toContain('line 1 of the metrics');
    expect((await api('/api/v1/query?query=accuracy')).json.data.result).toEqual([]);
    expect((await api('/api/v1/query?query=up')).json.data.result[0].value[1]).toBe('0');
    expect(around.log.lines).toEqual(expect.arrayContaining([expect.stringContaining('scrape failed')]));
  }, 30_000);

  test('a target that is gone leaves no series', async () => {
    around.expose = () => 'accuracy{model="m"} 0.5\n';
    await until('a good scrape', () => engine.snapshot().targets[0].health === 'up');
    await engine.configure({ ...plan(BAD), targets: [] });
    expect((await api('/api/v1/query?query={job="digits"}')).json.data.result.filter(({ metric }: { metric: object }) => !('alertname' in metric))).toEqual([]);
  }, 30_000);
});

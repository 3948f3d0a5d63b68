import { Prometheus } from '../../src/sensing/prometheus.js';
import { axonOf, called } from '../ledger/loop.js';
import { World } from './world.js';

let world: World;
let prometheus: Prometheus;
beforeEach(async () => {
  world = await World.of({ ...axonOf({ name: 'call', triggers: called('go'), runs: [['prepare']] }), prometheus: { url: 'http://prometheus' } });
  prometheus = new Prometheus(`${world.axon.prometheus!.url}/`, fetch, new AbortController().signal);
});
afterEach(() => world.close());

const answering = (data: object, status = 200) => { world.answer = () => ({ status, body: { status: 'success', data } }); };

test.each([
  ['a vector', { resultType: 'vector', result: [{ metric: {}, value: [1, '0.5'] }, { metric: {}, value: [1, '+Inf'] }] }, [0.5, Infinity]],
  ['an empty vector', { resultType: 'vector', result: [] }, []],
  ['a scalar', { resultType: 'scalar', result: [1, 'NaN'] }, [NaN]],
  ['a matrix', { resultType: 'matrix', result: [{ metric: {}, values: [[1, '1'], [2, '-Inf']] }] }, [-Infinity]],
])('the samples of %s are read', async (_, data, samples) => {
  answering(data);
  expect(await prometheus.samples('rate(a[5m]) > 0 & {b="ä"}')).toEqual(samples);
  expect(new URL(world.requests[0]!.path, 'http://x').searchParams.get('query')).toBe('rate(a[5m]) > 0 & {b="ä"}');
});

test('alerts are found by labels if they fire', async () => {
  const [one, other] = [{ alertname: 'a', version: '1', more: 'x' }, { alertname: 'a', version: '2' }];
  answering({ alerts: [{ state: 'firing', labels: one, activeAt: 'then' }, { state: 'pending', labels: other, activeAt: 'then' }] });
  expect(await prometheus.firing({ alertname: 'a', version: '1' })).toEqual([{ state: 'firing', labels: one, activeAt: 'then' }]);
  expect(await prometheus.firing({ alertname: 'a', version: '2' })).toEqual([]);
});

test('fails for good if the expression is refused', async () => {
  world.answer = () => ({ status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error at char 3' } });
  await expect(prometheus.samples('up >')).rejects.toThrow("'up >' was refused by Prometheus, correct the expression: parse error at char 3");
  await expect(prometheus.samples('up >')).rejects.toMatchObject({ permanent: true });
});

test.each([
  ['is busy', { status: 503, body: { status: 'error', errorType: 'unavailable', error: 'starting' } }], ['talks no JSON API', { status: 200, body: 'hello' }],
])('fails for now if it %s', async (_, answer) => {
  world.answer = () => answer;
  await expect(prometheus.samples('up')).rejects.toMatchObject({ code: 'MYELIN_PROMETHEUS_UNREACHABLE', permanent: false });
});

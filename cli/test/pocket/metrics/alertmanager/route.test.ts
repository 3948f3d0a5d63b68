import type { RouteConfiguration } from '../../../../src/pocket/metrics/alertmanager/configuration.js';
import { groupKey, groupLabels, matchingRoutes, routeTree } from '../../../../src/pocket/metrics/alertmanager/route.js';

const NONE: RouteConfiguration = { matchers: [], continue: false, routes: [] };
const is = (name: string, value: string) => ({ name, operator: '=' as const, value });

describe('a route', () => {
  const tree = routeTree({
    ...NONE,
    receiver: 'null',
    routes: [
      {
        ...NONE,
        receiver: 'nobody',
        matchers: [is('namespace', 'default'), is('axon', 'digits')],
        continue: true,
        groupBy: ['alertname'],
        groupWaitMs: 5000,
        routes: [{ ...NONE, receiver: 'decayed', matchers: [is('alertname', 'decayed')], repeatIntervalMs: 1 }, { ...NONE, receiver: 'never', matchers: [is('alertname', 'decayed')] }],
      },
      { ...NONE, receiver: 'other', matchers: [{ name: 'axon', operator: '=~', value: 'dig.*' }], groupBy: ['...'] },
    ],
  });
  const receivers = (labels: Record<string, string>) => matchingRoutes(tree, labels).map(({ receiver }) => receiver);

  test('takes an alert to the deepest match, the first of siblings, and on where it says to continue', () => {
    expect(receivers({ namespace: 'default', axon: 'digits', alertname: 'decayed' })).toEqual(['decayed', 'other']);
    expect(receivers({ namespace: 'default', axon: 'digits', alertname: 'odd' })).toEqual(['nobody', 'other']);
  });

  test('of a namespace never sees an alert without the label', () => {
    expect(receivers({ axon: 'digits', alertname: 'decayed' })).toEqual(['other']);
    expect(receivers({ alertname: 'decayed' })).toEqual(['null']);
  });

  test('inherits what it does not say', () => {
    const [decayed, other] = matchingRoutes(tree, { namespace: 'default', axon: 'digits', alertname: 'decayed' });
    expect(decayed).toMatchObject({ groupBy: ['alertname'], groupWaitMs: 5000, groupIntervalMs: 300_000, repeatIntervalMs: 1 });
    expect(other).toMatchObject({ groupBy: undefined, groupWaitMs: 30_000, repeatIntervalMs: 14_400_000 });
  });

  test('names a group by the matchers on the way and the labels of the group', () => {
    const labels = { namespace: 'default', axon: 'digits', alertname: 'decayed' };
    const [decayed, other] = matchingRoutes(tree, labels);
    expect(groupKey(decayed, groupLabels(decayed, labels))).toBe('{}/{axon="digits",namespace="default"}/{alertname="decayed"}:{alertname="decayed"}');
    expect(groupKey(other, groupLabels(other, labels))).toBe('{}/{axon=~"dig.*"}:{alertname="decayed", axon="digits", namespace="default"}');
  });
});

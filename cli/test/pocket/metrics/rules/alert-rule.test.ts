import fc from 'fast-check';
import { AlertRule } from '../../../../src/pocket/metrics/rules/alert-rule.js';

const MINUTE = 60_000;

function rule(extra: object = {}): AlertRule {
  return new AlertRule({ alert: 'decayed', expr: 'up', forMs: 15_000, keepMs: 0, labels: { axon: 'digits' }, annotations: { summary: '{{ $labels.model }} at {{ $value }}' }, ...extra });
}

const BAD = [{ labels: { __name__: 'accuracy', model: 'm' }, value: 0.5 }];

describe('an alert rule', () => {
  test('fires at the evaluation at which the condition has held for as long as `for` says', () => {
    const decayed = rule();
    const states = [0, 5000, 10_000, 15_000, 20_000].map((at) => {
      decayed.evaluate(BAD, at);
      return decayed.alerts()[0].state;
    });
    expect(states).toEqual(['pending', 'pending', 'pending', 'firing', 'firing']);
    expect(decayed.alerts()[0]).toMatchObject({ activeAt: 0, firedAt: 15_000 });
  });

  test('without `for` fires at once', () => {
    const decayed = rule({ forMs: 0 });
    decayed.evaluate(BAD, 0);
    expect(decayed.alerts()[0].state).toBe('firing');
  });

  test('starts to wait again when the condition did not hold once', () => {
    const decayed = rule();
    decayed.evaluate(BAD, 0);
    decayed.evaluate([], 5000);
    decayed.evaluate(BAD, 10_000);
    decayed.evaluate(BAD, 20_000);
    expect(decayed.alerts()[0]).toMatchObject({ state: 'pending', activeAt: 10_000 });
  });

  test('goes on firing for `keep_firing_for` after the condition held last', () => {
    const decayed = rule({ forMs: 0, keepMs: 30_000 });
    decayed.evaluate(BAD, 0);
    decayed.evaluate([], 10_000);
    decayed.evaluate([], 39_000);
    expect(decayed.alerts()[0].state).toBe('firing');
    decayed.evaluate([], 40_000);
    expect(decayed.alerts()).toEqual([]);
  });

  test('gives an alert the labels of the series without its name, and its own, filled in', () => {
    const decayed = rule({ labels: { axon: 'digits', of: '{{ .Labels.model }}', model: '' } });
    decayed.evaluate(BAD, 0);
    expect(decayed.alerts()[0]).toMatchObject({ labels: { alertname: 'decayed', axon: 'digits', of: 'm' }, annotations: { summary: 'm at 0.5' } });
    expect(decayed.alerts()[0].labels).not.toHaveProperty('model');
  });

  test('tells when it fires, again each minute, and of its end for a quarter of an hour', () => {
    const decayed = rule({ forMs: 0 });
    const told: number[] = [];
    for (let at = 0; at <= 30 * MINUTE; at += 5000) {
      decayed.evaluate(at < 5 * MINUTE ? BAD : [], at);
      if (decayed.due(at, 5000).length > 0) told.push(at);
    }
    expect(told.slice(0, 3)).toEqual([0, 65_000, 130_000]);
    expect(told).toContain(5 * MINUTE);
    expect(told[told.length - 1]).toBeGreaterThan(19 * MINUTE);
    expect(told[told.length - 1]).toBeLessThanOrEqual(20 * MINUTE);
  });

  test('fails if two series give one alert', () => {
    const twice = [...BAD, { labels: { __name__: 'other', model: 'm' }, value: 1 }];
    expect(() => rule().evaluate(twice, 0)).toThrow('vector contains metrics with the same labelset after applying alert labels');
  });

  test('fires only after the condition held at every evaluation for as long as it must', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 0, max: 10 }), (holds, evaluations) => {
      const each = rule({ forMs: evaluations * 5000 });
      holds.forEach((bad, i) => {
        each.evaluate(bad ? BAD : [], i * 5000);
        const [alert] = each.alerts();
        const since = holds.slice(0, i + 1).lastIndexOf(false) + 1;
        expect(alert?.state).toBe(!bad ? undefined : i - since >= evaluations ? 'firing' : 'pending');
      });
    }));
  });
});

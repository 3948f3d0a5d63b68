import type { AxonDocument, LedgerDocument, Release, SensorGuard } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import type { Answer } from '../../src/ledger/decide.js';
import { record } from '../../src/ledger/record.js';
import { endRetrains } from '../../src/ledger/settle.js';
import { ask, at, axonOf, event, ledgerWith, runOf } from './loop.js';

const GUARD: SensorGuard = {
  model: 'model', cooldownSeconds: 100, budget: { runs: 3, windowSeconds: 10_000, backoff: 2 }, sameData: 'refuse', generations: 'newest',
};

function loopOf(guard: Partial<SensorGuard> = {}): AxonDocument {
  return axonOf({
    name: 'decayed',
    triggers: [{ kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1' }],
    runs: [['prepare'], ['train']],
    guard: { ...GUARD, ...guard },
  });
}

/** An alert of a version comes in, so many seconds after the start. */
function alerted(
  ledger: LedgerDocument, axon: AxonDocument, seconds: number, { version = 'aaaaaaaaaa', firing = true, live = ['aaaaaaaaaa', 'bbbbbbbbbb'] } = {},
): { next: LedgerDocument; answer: Answer } {
  const alert = event('alert', 'decayed', `f@${at(seconds)}`, seconds, { model: 'model', version });
  const facts: Facts = { live: { model: live }, firing: { [alert.id]: firing }, samples: {} };
  return ask(record(ledger, axon, [alert]), axon, 'decayed', runOf(`digits-decayed-${seconds}`), [alert], facts, seconds);
}

/** The same, and the retrain that it may start is over after so many seconds. */
function retrained(ledger: LedgerDocument, axon: AxonDocument, seconds: number, takes = 0): { next: LedgerDocument; answer: Answer } {
  const { next, answer } = alerted(ledger, axon, seconds);
  return { next: endRetrains(next, new Map([[`digits-decayed-${seconds}`, at(seconds + takes)]])), answer };
}

const codes = ({ reasons }: Answer) => reasons.map(({ code }) => code);

test('an alert of the newest version that fires now starts a retrain, which is counted', () => {
  const axon = loopOf();
  const { next, answer } = alerted(ledgerWith(axon), axon, 0);
  expect(answer.decision).toBe('pass');
  expect(next.models.model).toEqual({
    retrains: [{ run: 'digits-decayed-0', sensor: 'decayed', at: at(0) }], exhausted: 0, running: 'digits-decayed-0', trained: [],
  });
});

test('an alert that does not fire any more is refused', () => {
  const axon = loopOf();
  const { next, answer } = alerted(ledgerWith(axon), axon, 0, { firing: false });
  expect([answer.decision, codes(answer), next.models]).toEqual(['refused', ['no-longer-firing'], {}]);
});

test.each([
  ['newest', 'bbbbbbbbbb', ['older-generation']], ['any', 'bbbbbbbbbb', []], ['newest', 'cccccccccc', ['retired-version']], ['any', 'cccccccccc', ['retired-version']],
] as const)('with generations %s, an alert of %s has the reasons %p', (generations, version, expected) => {
  const axon = loopOf({ generations });
  expect(codes(alerted(ledgerWith(axon), axon, 0, { version }).answer)).toEqual(expected);
});

test('an alert that names no version is of no generation', () => {
  const axon = loopOf();
  const alert = event('alert', 'decayed', 'f@1', 0);
  const { answer } = ask(record(ledgerWith(axon), axon, [alert]), axon, 'decayed', runOf('digits-decayed-1'), [alert], { live: {}, firing: { [alert.id]: true }, samples: {} });
  expect(answer.decision).toBe('pass');
});

test('while a retrain runs the next one waits a minute', () => {
  const axon = loopOf({ cooldownSeconds: 0 });
  const { answer } = alerted(alerted(ledgerWith(axon), axon, 0).next, axon, 10);
  expect([answer.decision, codes(answer), answer.until]).toEqual(['deferred', ['retrain-running'], at(70)]);
});

test('within the cooldown an alert waits until it is over', () => {
  const axon = loopOf();
  const { answer, next } = alerted(retrained(ledgerWith(axon), axon, 0).next, axon, 40);
  expect([answer.decision, codes(answer), answer.until]).toEqual(['deferred', ['cooldown'], at(100)]);
  expect(next.sensors.decayed!.sets.at(-1)!.numbers).toContainEqual({ name: 'cooldown', value: 40, operator: '>=', threshold: 100, met: false });
  expect(answer.reasons[0]!.message).toBe('the last retrain ended 40 s ago, the cooldown is 100 s');
});

test('at the end of the cooldown it may run', () => {
  const axon = loopOf();
  expect(alerted(retrained(ledgerWith(axon), axon, 0).next, axon, 100).answer.decision).toBe('pass');
});

test('the cooldown begins with the end of a retrain, so that what it brings about has its time', () => {
  const axon = loopOf();
  const { next } = retrained(ledgerWith(axon), axon, 0, 500);
  expect(next.models.model!.retrains).toEqual([{ run: 'digits-decayed-0', sensor: 'decayed', at: at(0), ended: at(500) }]);
  expect([501, 599, 600].map((seconds) => alerted(next, axon, seconds).answer.until)).toEqual([at(600), at(600), undefined]);
});

describe('a version that is on its way', () => {
  const axon = loopOf({ cooldownSeconds: 0 });
  const release = (version: string, state: Release['state'], seconds: number): Release => ({
    model: 'model', version, state, events: ['0123456789abcdef'], runs: {}, metrics: {}, images: {}, at: at(seconds), why: 'a test',
  });
  const before = release('aaaaaaaaaa', 'live', -500);
  const { next } = retrained(ledgerWith(axon), axon, 0, 100);

  function answered(seconds: number, releases: readonly Release[], version = 'aaaaaaaaaa'): Answer {
    const alert = event('alert', 'decayed', `f@${at(seconds)}`, seconds, { model: 'model', version });
    const facts: Facts = { live: { model: [version] }, releases, firing: { [alert.id]: true }, samples: {} };
    return ask(record(next, axon, [alert]), axon, 'decayed', runOf(`digits-decayed-${seconds}`), [alert], facts, seconds).answer;
  }

  test('is waited for while it is deployed', () => {
    const { decision, until, ...answer } = answered(500, [release('bbbbbbbbbb', 'deploying', 450), before]);
    expect([decision, codes(answer as Answer), until]).toEqual(['deferred', ['version-pending'], at(560)]);
  });

  test('is waited for five minutes after its training, since its deployment may not have begun', () => {
    expect([answered(399, [before]).until, answered(400, [before]).decision]).toEqual([at(400), 'pass']);
  });

  test('has come when the alert is about it', () => {
    expect(answered(150, [release('bbbbbbbbbb', 'live', 110), before], 'bbbbbbbbbb').decision).toBe('pass');
  });

  test('is given up when it was lost', () => {
    expect(answered(9000, [release('bbbbbbbbbb', 'deploying', 450), before]).decision).toBe('pass');
  });
});

describe('a budget of three', () => {
  const axon = loopOf();
  const used = [0, 200, 400].reduce((ledger, seconds) => retrained(ledger, axon, seconds).next, ledgerWith(axon));

  test('lets the fourth wait until the first leaves the window', () => {
    const { answer } = alerted(used, axon, 600);
    expect([answer.decision, codes(answer), answer.until]).toEqual(['deferred', ['budget'], at(10_000)]);
  });

  test('that was used up doubles the cooldown, once', () => {
    expect(used.models.model!.exhausted).toBe(1);
    expect(alerted(used, axon, 500).answer.reasons.map(({ message }) => message)).toEqual([
      'the last retrain ended 100 s ago, the cooldown is 200 s', '3 retrains started in the last 10000 s, the budget is 3',
    ]);
    expect(alerted(alerted(used, axon, 500).next, axon, 550).next.models.model!.exhausted).toBe(1);
  });

  test('that is used up again doubles it again', () => {
    expect(retrained(used, axon, 10_000).next.models.model!.exhausted).toBe(2);
  });

  test('begins anew after a window without a retrain', () => {
    const { next, answer } = retrained(used, axon, 10_400);
    expect([answer.decision, next.models.model!.exhausted]).toEqual(['pass', 0]);
  });
});

test('however often the budget is used up, the cooldown is at most the window', () => {
  const axon = loopOf({ budget: { runs: 1, windowSeconds: 150, backoff: 10 } });
  const { next } = retrained(ledgerWith(axon), axon, 0);
  expect(alerted(next, axon, 149).answer.until).toBe(at(150));
  expect(alerted(next, axon, 150).answer.decision).toBe('pass');
});

test('a cooldown that is longer than the window is kept', () => {
  const axon = loopOf({ cooldownSeconds: 500, budget: { runs: 1, windowSeconds: 100, backoff: 2 } });
  expect(alerted(retrained(ledgerWith(axon), axon, 0).next, axon, 200).answer.until).toBe(at(500));
});

test('without a model the guard counts for the sensor itself', () => {
  const axon = loopOf({ model: undefined });
  expect(Object.keys(alerted(ledgerWith(axon), axon, 0).next.models)).toEqual(['decayed']);
});

test('a set that is refused for one reason is told the others, too', () => {
  const axon = loopOf();
  const { answer } = alerted(alerted(ledgerWith(axon), axon, 0).next, axon, 10, { firing: false, version: 'bbbbbbbbbb' });
  expect([answer.decision, codes(answer)]).toEqual(['refused', ['no-longer-firing', 'older-generation', 'retrain-running', 'cooldown']]);
});

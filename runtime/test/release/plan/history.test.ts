import fc from 'fast-check';
import type { Release, ReleaseDocument } from '../../../src/contract/documents.js';
import { checkDocument } from '../../../src/contract/read.js';
import { begin, fail, generationOf, goLive, liveReleases, noReleases, releaseOf } from '../../../src/release/plan/history.js';
import { contractJson } from '../../fixtures.js';

const RELEASE: Release = { ...contractJson('fixtures', 'release', 'digits.json').releases[0], state: 'deploying' };
const EMPTY = noReleases({ axon: 'digits', namespace: 'default' });

const versionOf = (n: number) => String(n).padStart(10, '0');
const release = (n: number, model = 'model'): Release => ({ ...RELEASE, model, version: versionOf(n) });
const begun = (history: ReleaseDocument, n: number, model = 'model') => begin(history, release(n, model)).next;
const live = (history: ReleaseDocument, n: number, retention = 2) => goLive(history, 'model', versionOf(n), retention).next;
const states = ({ releases }: ReleaseDocument) => releases.map(({ version, state }) => `${Number(version)} ${state}`);

test('a release that is begun is the newest, and older ones that are still deploying give way', () => {
  const history = begun(begun(begun(EMPTY, 1), 7, 'other'), 2);
  expect(states(history)).toEqual(['2 deploying', '7 deploying', '1 superseded']);
});

test('a release that was begun before stays where it is, with what it was begun with', () => {
  const history = begun(live(begun(EMPTY, 1), 1), 2);
  const again = begin(history, { ...release(1), runs: { train: 'later' } });
  expect(again.next).toBe(history);
  expect(again.result.runs).toEqual(RELEASE.runs);
});

test('what is ready becomes live, and the oldest beyond retention retires', () => {
  let history = EMPTY;
  for (const n of [1, 2, 3]) history = live(begun(history, n), n);
  expect(states(history)).toEqual(['3 live', '2 live', '1 retired']);
  expect([1, 2, 3].map((n) => generationOf(history, 'model', versionOf(n)))).toEqual([undefined, 1, 0]);
});

test('one that gave way does not become live', () => {
  const history = begun(begun(EMPTY, 1), 2);
  const transition = goLive(history, 'model', versionOf(1), 2);
  expect(transition.next).toBe(history);
  expect(transition.result.state).toBe('superseded');
});

test('to become live twice changes nothing', () => {
  const history = live(begun(EMPTY, 1), 1);
  expect(live(history, 1)).toBe(history);
});

test('a smaller retention retires at the next deployment', () => {
  const history = live(begun(live(begun(EMPTY, 1), 1), 2), 2);
  expect(states(live(begun(history, 3), 3, 1))).toEqual(['3 live', '2 retired', '1 retired']);
});

test('a failure tells its reason and stays within the longest text; what is live does not fail', () => {
  const failed = fail(begun(EMPTY, 1), 'model', versionOf(1), 'x'.repeat(1000));
  expect(failed.result).toMatchObject({ state: 'failed', why: expect.stringMatching(/^train succeeded in .*; failed: x+$/) });
  expect(checkDocument('release', failed.next, 'test')).toBe(failed.next);
  const history = live(begun(EMPTY, 1), 1);
  expect(fail(history, 'model', versionOf(1), 'no').next).toBe(history);
});

test('the history is cut to 100, the oldest that are over first, and never what is live or deploying', () => {
  let history = live(begun(EMPTY, 0), 0, 9);
  history = live(begun(history, 1), 1, 9);
  for (let n = 2; n < 150; n++) history = fail(begun(history, n), 'model', versionOf(n), 'no').next;
  expect(history.releases).toHaveLength(100);
  expect(states(history).slice(-3)).toEqual(['52 failed', '1 live', '0 live']);
});

test('fails if the release is forgotten', () => {
  expect(() => goLive(EMPTY, 'model', versionOf(1), 1)).toThrow("'0000000001' of the model model is in the release history no more, deploy it again");
});

test('whatever happens in whatever order, the document is valid, at most one release of a model deploys, and at most the retention is live', () => {
  const steps = fc.array(fc.record({ what: fc.constantFrom('begin', 'live', 'fail'), n: fc.integer({ min: 1, max: 8 }), model: fc.constantFrom('model', 'other') }));
  fc.assert(fc.property(steps, fc.integer({ min: 1, max: 3 }), (taken, retention) => {
    let history = EMPTY;
    for (const { what, n, model } of taken) {
      const before = releaseOf(history, model, versionOf(n));
      if (what === 'begin') history = begin(history, release(n, model)).next;
      else if (before === undefined) continue;
      else history = (what === 'live' ? goLive(history, model, versionOf(n), retention) : fail(history, model, versionOf(n), 'no')).next;
      checkDocument('release', history, 'test');
      for (const name of ['model', 'other']) {
        const deploying = history.releases.filter((entry) => entry.model === name && entry.state === 'deploying');
        expect(deploying.length).toBeLessThanOrEqual(1);
        expect(liveReleases(history, name).length).toBeLessThanOrEqual(retention);
      }
      // What is over stays over.
      if (before !== undefined && ['failed', 'superseded', 'retired'].includes(before.state)) expect(releaseOf(history, model, versionOf(n))).toEqual(before);
    }
  }));
});

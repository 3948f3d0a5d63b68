import type { AxonDocument, LedgerDocument, Release } from '../../src/contract/documents.js';
import { record } from '../../src/ledger/record.js';
import { gate } from '../../src/sensing/gate.js';
import { isAlerted, openAlerts } from '../../src/sensing/open-alerts.js';
import type { FiringAlert } from '../../src/sensing/prometheus.js';
import { sweep } from '../../src/sensing/sweep.js';
import type { WorkflowObject } from '../../src/sensing/workflows.js';
import { timeOf } from '../../src/shared/time.js';
import { at, axonOf, called, event, ledgerWith, START } from '../ledger/loop.js';
import { World } from './world.js';

const GUARD = { model: 'model', cooldownSeconds: 600, budget: { runs: 9, windowSeconds: 6000, backoff: 1 }, sameData: 'allow', generations: 'newest' } as const;
const [OLD, NEW] = ['aaaaaaaaaa', 'bbbbbbbbbb'] as const;
const AXON: AxonDocument = {
  ...axonOf({
    name: 'decayed',
    triggers: [{ kind: 'alert', name: 'decayed', alert: 'digits-decayed', model: 'model', expression: 'up < 1', forSeconds: 60 }],
    runs: [['train']],
    guard: GUARD,
  }),
  prometheus: { url: 'http://prometheus' },
};

const alert = (seconds: number, labels: object = {}): FiringAlert => ({
  activeAt: at(seconds).replace('Z', '123456Z'),
  labels: { alertname: 'digits-decayed', axon: 'digits', namespace: 'default', model: 'model', version: NEW, ...labels },
});
const release = (version: string): Release => ({
  model: 'model', version, state: 'live', events: ['0123456789abcdef'], runs: {}, metrics: {}, images: {}, at: at(-1000), why: 'a test',
});
const LIVE = [release(NEW), release(OLD)];
const message = (seconds: number, version: string = NEW) => event('alert', 'decayed', `0f@${at(seconds)}`, seconds, { model: 'model', version });

const open = (firing: FiringAlert[], seconds: number, ledger: LedgerDocument = ledgerWith(AXON), busy: string[] = []) => (
  openAlerts(AXON, ledger, { releases: LIVE, firing, busy: new Set(busy), now: START + seconds * 1000 }).map((seen) => seen.event));

test('an alert that fires and was told by nobody is an event once its message is two minutes late', () => {
  expect(open([alert(0)], 179)).toEqual([]);
  expect(open([alert(0)], 181)).toEqual([expect.objectContaining({ kind: 'alert', subject: 'decayed', phase: 'fired', model: 'model', version: NEW })]);
});

test('it happened when it began to fire, and is the same event for every sweep', () => {
  const [first, later] = [open([alert(0)], 181), open([alert(0)], 9000)];
  expect(later).toEqual(first);
  expect(timeOf(first[0]!.at)).toBe(START + 60_000);
});

test.each([
  ['told when it began to fire', message(60)], ['told later, as one of another series', message(500)],
])('an alert that was %s is none', (_, told) => {
  expect(open([alert(0)], 900, record(ledgerWith(AXON), AXON, [told]))).toEqual([]);
});

test('messages of an earlier alert, and about another version, do not tell of it', () => {
  const told = record(ledgerWith(AXON), AXON, [message(60), message(900, OLD)]);
  expect(open([alert(800)], 2000, told)).toHaveLength(1);
});

test('once it was renewed it is still the alert that was told', () => {
  const renewed = event('alert', 'decayed', `0f~2@${at(60)}`, 700, { model: 'model', version: NEW });
  expect(open([alert(0)], 9000, record(ledgerWith(AXON), AXON, [message(60), renewed]))).toEqual([]);
});

test('of several series of a version one event comes, and of older versions none', () => {
  expect(open([alert(5, { feature: 'a' }), alert(0, { feature: 'b' }), alert(0, { version: OLD })], 900)).toHaveLength(1);
});

test('one that was decided and goes on comes again as the same alert, and not when it fires no more', () => {
  const told = record(ledgerWith(AXON), AXON, [message(60)]);
  const set = { decision: 'refused', run: 'r', uid: 'u', events: [message(60).id], at: at(100), numbers: [], reasons: [{ code: 'condition-not-met', message: 'no' }] };
  const ledger = { ...told, sensors: { decayed: { sets: [set] } } } as LedgerDocument;
  expect([open([alert(0)], 699, ledger), open([], 700, ledger)]).toEqual([[], []]);
  expect(open([alert(0)], 700, ledger)).toEqual([expect.objectContaining({ runId: `0f~2@${at(60)}`, version: NEW })]);
});

test('while some run trains or deploys the model, nothing is missing', () => {
  expect([open([alert(0)], 900, ledgerWith(AXON), ['model']), open([alert(0)], 900, ledgerWith(AXON), ['other']).length]).toEqual([[], 1]);
});

test('one that was forgotten, or began before what was forgotten, is taken up again: it is no late duplicate', () => {
  const pruned = { ...ledgerWith(AXON), pruned: { before: at(5000), events: 9 } };
  const events = openAlerts(AXON, pruned, { releases: LIVE, firing: [alert(0)], busy: new Set(), now: START + 9_000_000 });
  expect(Object.keys(record(pruned, AXON, events).events)).toHaveLength(Object.keys(pruned.events).length + 1);
});

test('sensors without a guarded alert have nothing of this', () => {
  expect([isAlerted(AXON), isAlerted(axonOf({ name: 'call', triggers: called('go'), runs: [['prepare']], guard: GUARD }))]).toEqual([true, false]);
});

test('alerts of other names are none of ours', () => {
  expect(open([alert(0, { alertname: 'KubePodCrashLooping' })], 900)).toEqual([]);
});

describe('the sweep', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.of(AXON);
    world.ledger = ledgerWith(AXON);
    world.releases = LIVE;
    world.now = START + 900_000;
  });
  afterEach(() => world.close());
  const started = () => world.kube.all('Workflow') as unknown as WorkflowObject[];
  const firing = () => {
    world.answer = () => ({ status: 200, body: { status: 'success', data: { alerts: [{ state: 'firing', ...alert(0) }, { state: 'pending', ...alert(0) }] } } });
  };

  test('starts the run of an alert that nobody told, once, and its gate lets it retrain', async () => {
    firing();
    await world.run(sweep);
    await world.run(sweep);
    const [run, ...more] = started();
    expect(more).toEqual([]);
    const [body, delivery] = run!.spec!.arguments.parameters.map(({ value }) => value);
    await world.run(gate, { args: { sensor: 'decayed' }, run: [run!.metadata.name, 'uid'], env: { MYELIN_EVENT: body!, MYELIN_DELIVERY: delivery! } });
    expect(await world.outputs()).toMatchObject({ decision: 'pass' });
  });

  test('does the rest of its work while Prometheus is away, and says so', async () => {
    world.answer = () => ({ status: 503, body: {} });
    world.ledger = record(ledgerWith(AXON), AXON, [message(60)]);
    await world.run(sweep);
    expect(started()).toHaveLength(1);
    expect(world.logged.map(({ msg }) => msg)).toContain('nobody can say which alerts fire');
  });
});

import type { AxonDocument, AxonSensor, LedgerDocument, LedgerEvent, SensorTrigger } from '../../src/contract/documents.js';
import { checkDocument } from '../../src/contract/read.js';
import type { Facts } from '../../src/ledger/conditions.js';
import { decide, type Answer, type Run } from '../../src/ledger/decide.js';
import { emptyLedger } from '../../src/ledger/empty.js';
import { eventId } from '../../src/ledger/event-id.js';
import type { SeenEvent } from '../../src/ledger/record.js';
import { sha256 } from '../../src/shared/sha256.js';
import { timeText } from '../../src/shared/time.js';
import { contractJson } from '../fixtures.js';

/** 2026-03-01T00:00:00Z. */
export const START = Date.UTC(2026, 2, 1);

/** A time so many seconds after the start, as documents hold it. */
export function at(seconds: number): string {
  return timeText(START + seconds * 1000);
}

export const NO_FACTS: Facts = { live: {}, firing: {}, samples: {} };

/** An axon of these sensors and the tasks that they run; names that begin with 'train' are trainings, 'model' is a model that they are for. */
export function axonOf(...sensors: (Partial<AxonSensor> & { readonly name: string })[]): AxonDocument {
  const whole = sensors.map((sensor): AxonSensor => ({ triggers: [], conditions: [], runs: [['model']], parameters: [], ...sensor }));
  const named = [...whole.flatMap(({ runs }) => runs.flat()), ...whole.flatMap(({ triggers }) => triggers.flatMap((one) => (one.kind === 'task' ? [one.task] : [])))];
  const tasks = [...new Set(named)].filter((name) => name !== 'model').sort();
  const listened = (task: string) => whole.flatMap(({ triggers }) => triggers.flatMap((one) => (one.kind === 'task' && one.task === task ? [one.phase] : [])));
  const trainers = tasks.filter((name) => name.startsWith('train'));
  return checkDocument('axon', {
    contract: 1,
    axon: 'digits',
    namespace: 'default',
    ledger: 'digits-ledger',
    releases: 'digits-releases',
    store: { path: '/var/lib/myelin' },
    tasks: tasks.map((name) => ({ name, kind: name.startsWith('train') ? 'training' : 'container', metrics: [], emits: [...new Set(listened(name))].sort() })),
    sensors: whole.sort((a, b) => (a.name < b.name ? -1 : 1)),
    models: trainers.length === 0 ? [] : [{ name: 'model', trainers, captures: true }],
  }, 'axon of the test');
}

export function sensorOf(axon: AxonDocument, name: string): AxonSensor {
  return axon.sensors.find((sensor) => sensor.name === name)!;
}

export function succeeded(...tasks: string[]): SensorTrigger[] {
  return tasks.map((task) => ({ kind: 'task', name: `${task}-succeeded`, task, phase: 'succeeded' }));
}

export function called(...names: string[]): SensorTrigger[] {
  return names.map((name) => ({ kind: 'rest', name }));
}

/** An event; its time is in seconds after the start. */
export function event(kind: LedgerEvent['kind'], subject: string, runId: string, seconds: number, more: Partial<LedgerEvent> = {}): SeenEvent {
  const phase = more.phase ?? ({ task: 'succeeded', rest: 'called', alert: 'fired', calendar: 'ticked', once: 'started' } as const)[kind];
  const whole: LedgerEvent = { kind, subject, phase, runId, at: at(seconds), metrics: {}, ...more };
  return { id: eventId({ axon: 'digits', kind, subject, runId, phase }, sha256), event: whole };
}

/** A ledger in which these runs hold a set of those sensors, as their gates have left it. */
export function ledgerWith(axon: AxonDocument, runs: Readonly<Record<string, string>> = {}): LedgerDocument {
  const ledger = emptyLedger(axon);
  for (const [run, sensor] of Object.entries(runs)) {
    const { id, event: one } = event('once', `of-${run}`, run, 0);
    ledger.events[id] = one;
    (ledger.sensors[sensor] ??= { sets: [] }).sets.push({
      decision: 'consumed', run, uid: `uid-of-${run}`, events: [id], version: '0123456789', at: at(0), numbers: [],
    });
  }
  return ledger;
}

export function runOf(name: string, uid = `${name}-1`): Run {
  return { name, uid };
}

/** Asks for a run and returns the ledger afterwards and the answer; fails when the facts do not do. */
export function ask(
  ledger: LedgerDocument, axon: AxonDocument, sensor: string, run: Run, woke: readonly SeenEvent[], facts: Facts = NO_FACTS, seconds = 1000,
): { readonly next: LedgerDocument; readonly answer: Answer } {
  const question = { sensor: sensorOf(axon, sensor), run, woke: woke.map(({ id }) => id) };
  const { next, result } = decide(ledger, axon, question, facts, START + seconds * 1000, sha256);
  if (!('answer' in result)) throw new Error(`more must be known: ${JSON.stringify(result.needs)}`);
  if (Object.keys(next.events).length < 20) checkDocument('ledger', next, 'ledger of the test');
  return { next, answer: result.answer };
}

export const DIGITS: AxonDocument = contractJson('fixtures', 'axon', 'digits.json');

import type { AxonDocument, AxonSensor, LedgerDocument, ReleaseDocument } from '../contract/documents.js';
import type { Facts } from '../ledger/conditions.js';
import { decide, type Answer, type Question } from '../ledger/decide.js';
import { liveVersions } from '../ledger/live.js';
import { isLate, record } from '../ledger/record.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { bodyOf } from './body.js';
import { gather } from './facts.js';
import { ledgerOf, releasesOf } from './state.js';
import { seenEvents } from './wake.js';
import { sweptSet } from './workflows.js';

/** How often facts are gathered anew because the set has become another one meanwhile. */
const ROUNDS = 10;

/** What was decided about a run, and what was known then. */
export interface Decided {
  readonly axon: AxonDocument;
  readonly sensor: AxonSensor;
  readonly run: string;
  readonly ledger: LedgerDocument;
  readonly releases: ReleaseDocument;
  readonly answer: Answer;
}

/**
 * Records what woke the run and decides the set that holds it. Killed at any moment and asked again, it gives the same answer to whatever it
 * decided, because the ledger keeps that under the run's name and uid.
 *
 * That the run holds no set yet is kept nowhere: only one step of a run may ask.
 */
export async function decideRun(context: ProgramContext, axon: AxonDocument, name: string): Promise<Decided> {
  const sensor = sensorOf(axon, name);
  const run = { name: context.needed('MYELIN_RUN'), uid: context.needed('MYELIN_RUN_UID') };
  const kube = context.kube(axon.namespace);
  const releases = await releasesOf(axon, kube);
  const delivery = context.variable('MYELIN_DELIVERY') ?? '';
  const seen = seenEvents({ axon, sensor, body: bodyOf(context.variable('MYELIN_EVENT') ?? ''), delivery, uid: run.uid, now: context.clock.now() });
  const question: Question = { sensor, run, woke: [...new Set([...seen.map(({ id }) => id), ...sweptSet(delivery)])] };
  let facts: Facts = { live: liveVersions(releases.releases), releases: releases.releases, firing: {}, samples: {} };
  for (let round = 0; round < ROUNDS; round++) {
    const { ledger, result } = await ledgerOf(axon, kube).change((current) => {
      const recorded = record(current, axon, seen);
      const decided = decide(recorded, axon, question, facts, context.clock.now(), sha256);
      return { next: decided.next, result: { ledger: decided.next, result: decided.result } };
    }, context.signal);
    if ('answer' in result) {
      report(context, question, result.answer, seen.some((one) => isLate(ledger, one)));
      return { axon, sensor, run: run.name, ledger, releases, answer: result.answer };
    }
    facts = await gather(context, { axon, sensor, ledger }, result.needs, facts);
  }
  throw new MyelinError('MYELIN_GATE_RESTLESS', { sensor: sensor.name, rounds: ROUNDS });
}

function sensorOf(axon: AxonDocument, name: string): AxonSensor {
  const sensor = axon.sensors.find((one) => one.name === name);
  if (sensor === undefined) throw new MyelinError('MYELIN_SENSOR_UNKNOWN', { got: shown(name), sensors: axon.sensors.map((one) => one.name).join(', ') });
  return sensor;
}

function report({ log }: ProgramContext, { sensor, run, woke }: Question, { decision, events, reasons, until }: Answer, late: boolean): void {
  log.info({ sensor: sensor.name, run: run.name, decision, woke, events, until, reasons: reasons.map(({ message }) => message), ...(late && { late }) }, 'gate decided');
}

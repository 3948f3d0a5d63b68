import type { AxonDocument, AxonSensor, LedgerDocument, LedgerModel, LedgerRun } from '../contract/documents.js';
import { timeOf } from '../shared/time.js';
import { guarded, MAX_HISTORY, modelOf } from './guard.js';
import { own } from './own.js';
import { setsOf } from './sets.js';

/** How a task of a run ended. */
export interface TaskEnd {
  readonly task: string;
  readonly phase: 'succeeded' | 'failed';
  /** Name of the Workflow. */
  readonly runId: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** Of the data that it prepared, or trained on. */
  readonly dataHash?: string;
}

/**
 * Books what a task's end says beside its event: the last success of the task and of the stages before it, what a model was trained on, and
 * whether a retrain is over. Booking it again changes nothing, and an older end never overwrites a newer one.
 */
export function settle(ledger: LedgerDocument, axon: AxonDocument, end: TaskEnd): LedgerDocument {
  const sensor = sensorOf(ledger, axon, end.runId);
  const over = new Map([[end.runId, end.at]]);
  if (end.phase === 'failed') return endRetrains(ledger, over);
  const booked = trained(succeeded(ledger, axon, sensor, end), axon, end);
  return sensor !== undefined && isLast(booked, axon, sensor, end) ? endRetrains(booked, over) : booked;
}

/** Clears the mark of retrains whose runs are over, and says since when; `over` has that time by run. */
export function endRetrains(ledger: LedgerDocument, over: ReadonlyMap<string, string>): LedgerDocument {
  const ended = Object.entries(ledger.models).filter(([, { running }]) => running !== undefined && over.has(running));
  if (ended.length === 0) return ledger;
  const models = { ...ledger.models };
  for (const [name, { running, ...model }] of ended) {
    models[name] = { ...model, retrains: model.retrains.map((one) => (one.run === running ? { ...one, ended: over.get(running)! } : one)) };
  }
  return { ...ledger, models };
}

/** The sensor whose set a run holds. */
export function sensorOf(ledger: LedgerDocument, axon: AxonDocument, run: string): AxonSensor | undefined {
  return axon.sensors.find(({ name }) => setsOf(ledger, name).some((set) => set.decision === 'consumed' && set.run === run));
}

/** A stage begins when the one before has succeeded, so that needs no report of its own. */
function succeeded(ledger: LedgerDocument, axon: AxonDocument, sensor: AxonSensor | undefined, end: TaskEnd): LedgerDocument {
  const { task, runId, at, dataHash } = end;
  const stage = sensor?.runs.findIndex((names) => names.includes(task)) ?? -1;
  const before = sensor === undefined || stage < 0 ? [] : sensor.runs.slice(0, stage).flat();
  const known = before.filter((name) => axon.tasks.some((one) => one.name === name));
  const ends: [string, LedgerRun][] = [
    ...known.map((name): [string, LedgerRun] => [name, { runId, at }]), [task, { runId, at, ...(dataHash !== undefined && { dataHash }) }],
  ];
  const news = ends.flatMap(([name, run]): [string, LedgerRun][] => {
    const last = own(ledger.tasks, name);
    const later = last === undefined ? run : newer(last, run);
    return later === last ? [] : [[name, later]];
  });
  return news.length === 0 ? ledger : { ...ledger, tasks: { ...ledger.tasks, ...Object.fromEntries(news) } };
}

/** The later of two successes; of one that was told twice, what both say. */
function newer(last: LedgerRun, run: LedgerRun): LedgerRun {
  if (last.runId !== run.runId) return timeOf(run.at) > timeOf(last.at) ? run : last;
  const isLater = timeOf(run.at) > timeOf(last.at);
  const isMore = last.dataHash === undefined && run.dataHash !== undefined;
  return isLater || isMore ? { ...run, ...last, at: isLater ? run.at : last.at } : last;
}

function trained(ledger: LedgerDocument, axon: AxonDocument, { task, runId, at, dataHash }: TaskEnd): LedgerDocument {
  if (dataHash === undefined || axon.tasks.find(({ name }) => name === task)?.kind !== 'training') return ledger;
  let models = ledger.models;
  for (const key of learners(axon, task)) {
    const model = modelOf(ledger, key);
    const last = model.trained.find((one) => one.dataHash === dataHash);
    if (last !== undefined && timeOf(last.at) >= timeOf(at)) continue;
    const list = [...model.trained.filter((one) => one !== last), { dataHash, run: runId, at }].sort((a, b) => timeOf(a.at) - timeOf(b.at));
    models = { ...models, [key]: { ...model, trained: list.slice(-MAX_HISTORY) } satisfies LedgerModel };
  }
  return models === ledger.models ? ledger : { ...ledger, models };
}

/** Under which names the data of a training is remembered: the models that it is for, and sensors whose guard counts for themselves. */
function learners(axon: AxonDocument, task: string): string[] {
  const models = axon.models.filter(({ trainers }) => trainers.includes(task)).map(({ name }) => name);
  const counting = axon.sensors.filter(({ guard, runs }) => guard?.model === undefined && runs.flat().includes(task));
  const sensors = counting.flatMap((one) => guarded(one) ?? []);
  return [...new Set([...models, ...sensors])];
}

/** Whether nothing of a run is left to do. Of tasks that nobody listens to only sweep tells, which looks at the Workflow itself. */
function isLast(ledger: LedgerDocument, axon: AxonDocument, { runs }: AxonSensor, { task, runId }: TaskEnd): boolean {
  const last = runs.at(-1)!;
  const isDone = (name: string) => axon.tasks.some((one) => one.name === name) && own(ledger.tasks, name)?.runId === runId;
  return last.includes(task) && last.every(isDone);
}

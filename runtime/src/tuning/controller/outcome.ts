import { readFile } from 'node:fs/promises';
import { PARAMETER } from '../../contract/constants.js';
import type { Numbers, TrialResultDocument } from '../../contract/documents.js';
import { DATA_HASH_RULE, dataHashOf } from '../../shared/data-hash.js';
import { MyelinError, shown } from '../../shared/errors.js';
import { writeWhole } from '../../shared/files.js';
import { writeOutput } from '../../shared/outputs.js';
import type { ProgramContext } from '../../shared/program.js';
import type { Plan, Trial } from '../algorithms/algorithm.js';
import type { Study } from '../study/study.js';
import type { TrialRecords } from '../study/trial-records.js';
import { publishFolder } from './published-folder.js';

/** What the winner of a search reported. */
export interface Won {
  readonly metrics: Numbers;
  /** Of the data that it says it trained on. */
  readonly dataHash?: string;
}

/**
 * Ends a study that is over: what the winner made becomes what the run made, a summary tells of all trials, and the winner's metrics
 * are those of the task. Done again after a kill, it gives the same.
 *
 * Fails, for good, if no trial succeeded.
 */
export async function concludeStudy(context: ProgramContext, study: Study, records: TrialRecords, plan: Plan): Promise<Won> {
  const { folder, run } = study;
  const { winner } = plan;
  if (winner !== undefined) {
    const [from, to, staging] = [folder.configuration(winner.config), folder.run, folder.staging].map((path) => context.mounts.host(path));
    await publishFolder(from!, to!, staging!);
  }
  await writeWhole(context.mounts.host(folder.summary), `${JSON.stringify(summaryOf(study, records, plan), undefined, 2)}\n`);
  if (winner === undefined) {
    const errors = [...plan.trials].flatMap(({ config, rung }) => errorOf(records.result(config, rung)));
    throw new MyelinError('MYELIN_TUNING_WITHOUT_SUCCESS', { run, failed: errors.length, error: errors[0] ?? 'nothing' });
  }
  const { metrics } = records.result(winner.config, winner.rung)!;
  const hash = await dataHash(context, study, winner);
  if (hash !== undefined) await writeOutput(context.mounts, PARAMETER.DATA_HASH, hash);
  await writeOutput(context.mounts, 'metrics.json', `${JSON.stringify(metrics)}\n`);
  const { config, rung, budget, parameters } = winner;
  context.log.info({ config, rung, budget, parameters, metrics, folder: folder.run }, 'study finished');
  return { metrics, dataHash: hash };
}

/** Every trial in the order of the plan, and the winner. No times: a search that was interrupted sums up to the same. */
function summaryOf({ document, search, run }: Study, records: TrialRecords, { trials, winner }: Plan): unknown {
  const { axon, task, algorithm, objective, budgets } = document;
  const told = (trial: Trial) => {
    const result = records.result(trial.config, trial.rung)!;
    const end = result.status === 'succeeded' ? { loss: result.loss } : { error: result.error };
    const { config, bracket, rung, budget, parameters } = trial;
    return { config, bracket, rung, budget, status: result.status, ...end, metrics: result.metrics, parameters };
  };
  return {
    axon,
    task,
    run,
    algorithm,
    objective,
    budgets,
    seed: search.seed,
    ...(winner && { winner: told(winner) }),
    trials: [...trials].map((trial) => ({ ...told(trial), winner: trial.config === winner?.config && trial.rung === winner.rung })),
  };
}

function errorOf(result: TrialResultDocument | undefined): string[] {
  return result?.status === 'failed' ? [result.error] : [];
}

/** What the winner says of its data; undefined when it says nothing that could be one. */
async function dataHash(context: ProgramContext, { folder }: Study, { config, rung }: Trial): Promise<string | undefined> {
  const path = folder.dataHash(config, rung);
  const text = await readFile(context.mounts.host(path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const hash = dataHashOf(text);
  if (hash === undefined && text !== undefined && text.trim() !== '') context.log.warn({ path, got: shown(text) }, DATA_HASH_RULE);
  return hash;
}

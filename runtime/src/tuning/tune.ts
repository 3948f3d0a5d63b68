import { AXON_FOLDER } from '../contract/constants.js';
import type { ProgramContext } from '../shared/program.js';
import { tellSuccess } from './controller/news.js';
import { concludeStudy } from './controller/outcome.js';
import { TuningController } from './controller/tuning-controller.js';
import { openStudy } from './study/study.js';
import { TrialRecords } from './study/trial-records.js';

/**
 * Searches the hyperparameters of a training task: trials as Jobs, and what the best of them made as what the task made. Then it tells who waits.
 * Killed at any moment and started again, it goes on where it was.
 *
 * Fails, for good, if the study cannot be run as it is written, or if all trials failed; worth another try when it was asked to stop.
 */
export async function tune(context: ProgramContext): Promise<void> {
  const axon = await context.document('axon', AXON_FOLDER);
  const study = await openStudy(context);
  const records = new TrialRecords(study.folder, context.mounts);
  const { document: { task, algorithm, concurrency }, run, search: { seed } } = study;
  context.log.info({ axon: axon.axon, task, run, algorithm, concurrency, seed }, 'study opened');
  const plan = await new TuningController(context, study, records).run();
  await tellSuccess(context, axon, study, await concludeStudy(context, study, records, plan));
}

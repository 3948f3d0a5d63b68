import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATION } from '../../contract/constants.js';
import type { TrialResultDocument } from '../../contract/documents.js';
import { KINDS, type KubeClient } from '../../kube/client.js';
import { hasCode, MyelinError } from '../../shared/errors.js';
import type { ProgramContext } from '../../shared/program.js';
import { trialKey, type Plan, type Rung, type Trial } from '../algorithms/algorithm.js';
import type { Study } from '../study/study.js';
import type { TrialRecords } from '../study/trial-records.js';
import { completedResult, failedResult, trialMetrics } from '../study/trial-result.js';
import { dueTrials, keyOf } from './due.js';
import { failureOf } from './job-failure.js';
import { endOf, type Job } from './job.js';
import { patiently } from './patience.js';
import { studyLabels, trialJob } from './trial-job.js';

/** Milliseconds between two looks: short after a change, longer when nothing happens. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 2000;
/** A look at many Jobs takes the API a while; it shall not be busy with us alone. */
const SHARE_OF_LOOKING = 5;

/**
 * Brings the trials of a study to what its plan says, until the search is over.
 *
 * It is level-based: each round looks at the Jobs and records that are there, and does what is missing. It holds nothing that it could
 * not find again, so it may be killed anywhere and started anew: a trial's record says that it is over, its Job that it was started, and
 * what is to come follows from the records alone.
 */
export class TuningController {
  private readonly kube: KubeClient;
  private readonly rungsTold = new Set<string>();

  constructor(private readonly context: ProgramContext, private readonly study: Study, private readonly records: TrialRecords) {
    this.kube = context.kube(study.document.namespace);
  }

  /** Returns the plan of the search when it is over. Fails, worth another try, if it is asked to stop before; the Jobs go on. */
  async run(): Promise<Plan> {
    const { context } = this;
    await this.records.load();
    let plan = this.plan();
    // What was over before is no news.
    plan.rungs.filter(isOver).forEach((rung) => this.rungsTold.add(rungKey(rung)));
    let pause = SHORTEST_PAUSE;
    while (!plan.over) {
      if (context.signal.aborted) throw new MyelinError('MYELIN_TUNING_INTERRUPTED', { run: this.study.run });
      const since = context.clock.now();
      const jobs = await patiently(context, () => this.kube.list<Job>(KINDS.Job, studyLabels(this.study)));
      const looking = context.clock.now() - since;
      const recorded = await this.record(plan, jobs);
      plan = this.plan();
      this.tell(plan);
      const started = await this.start(dueTrials(plan, this.records.outcomes, jobs, this.study.document.concurrency));
      if (plan.over) break;
      pause = recorded + started > 0 ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, pause * 1.5);
      await context.clock.sleep(Math.max(pause, SHARE_OF_LOOKING * looking), context.signal);
    }
    return plan;
  }

  private plan(): Plan {
    return this.study.algorithm(this.study.search, this.records.outcomes);
  }

  /** Writes the records of trials whose Job has ended. Returns how many. */
  private async record(plan: Plan, jobs: readonly Job[]): Promise<number> {
    const ended = jobs.filter((job) => endOf(job) !== undefined && !this.records.outcomes.has(keyOf(job) ?? ''));
    if (ended.length === 0) return 0;
    const trials = new Map([...plan.trials].map((trial) => [trialKey(trial.config, trial.rung), trial]));
    let recorded = 0;
    for (const job of ended) {
      const trial = trials.get(keyOf(job) ?? '');
      if (trial === undefined) continue;
      const result = await this.resultOf(job, trial);
      await this.records.write(trial.rung, result);
      recorded++;
      const { config, rung, budget } = trial;
      const end = result.status === 'succeeded' ? { loss: result.loss } : { error: result.error };
      this.context.log.info({ config, rung, budget, status: result.status, ...end }, 'trial ended');
    }
    return recorded;
  }

  private async resultOf(job: Job, trial: Trial): Promise<TrialResultDocument> {
    const end = endOf(job)!;
    const reported = trialMetrics(await this.metricsText(trial));
    if (end.type === 'Complete') return completedResult(trial, this.study.document.objective, reported);
    // Whatever it reported, the trial failed.
    return failedResult(trial, await patiently(this.context, () => failureOf(job, end, this.kube)), reported.metrics);
  }

  private async metricsText({ config, rung }: Trial): Promise<string | undefined> {
    try {
      return await readFile(this.context.mounts.host(this.study.folder.metrics(config, rung)), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes the Jobs of trials. Returns how many. */
  private async start(trials: readonly Trial[]): Promise<number> {
    let started = 0;
    for (const trial of trials) {
      if (this.context.signal.aborted) break;
      const job = trialJob(this.study, trial);
      await this.prepare(trial, job);
      try {
        await patiently(this.context, () => this.kube.create(KINDS.Job, job));
        const { config, bracket, rung, budget } = trial;
        this.context.log.info({ config, bracket, rung, budget, job: job.metadata.name }, 'trial started');
        started++;
      } catch (error) {
        if (!hasCode(error, 'MYELIN_KUBE_EXISTS')) throw error;
        // The answer to a former create was lost, or the Job of a trial that is begun anew is still being removed.
        await this.checkOurs(job, trial);
      }
    }
    return started;
  }

  /** The folder of a trial, without what a former Job of it that was lost may have left: that would pass for its result. */
  private async prepare({ config, rung }: Trial, job: Job): Promise<void> {
    const folder = this.context.mounts.host(this.study.folder.trial(config, rung));
    if (await mkdir(folder, { recursive: true }) !== undefined) return;
    const left = (await readdir(folder)).filter((name) => name === 'metrics.json' || name === 'data-hash');
    // They are of a Job that runs, if it was made since the look at all Jobs: by a create whose answer was lost, or by another tune.
    if (left.length === 0 || await patiently(this.context, () => this.kube.get<Job>(KINDS.Job, job.metadata.name)) !== undefined) return;
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  }

  private async checkOurs(job: Job, trial: Trial): Promise<void> {
    const found = await patiently(this.context, () => this.kube.get<Job>(KINDS.Job, job.metadata.name));
    const run = found?.metadata.annotations?.[ANNOTATION.RUN];
    if (found === undefined || (run === this.study.run && keyOf(found) === keyOf(job))) return;
    throw new MyelinError('MYELIN_TUNING_JOB_FOREIGN', {
      job: job.metadata.name, got: run ?? 'unknown', run: this.study.run, trial: trialKey(trial.config, trial.rung),
    });
  }

  /** Logs the rungs that have ended since. */
  private tell(plan: Plan): void {
    for (const rung of plan.rungs.filter((each) => isOver(each) && !this.rungsTold.has(rungKey(each)))) {
      this.rungsTold.add(rungKey(rung));
      const { succeeded, failed, budget } = rung;
      const promoted = plan.rungs.find((next) => next.bracket === rung.bracket && next.rung === rung.rung + 1)?.configs.length ?? 0;
      this.context.log.info({ bracket: rung.bracket, rung: rung.rung, budget, succeeded, failed, promoted }, 'rung finished');
    }
  }
}

const isOver = ({ configs, succeeded, failed }: Rung): boolean => succeeded + failed === configs.length;
const rungKey = ({ bracket, rung }: Rung): string => `${bracket}/${rung}`;

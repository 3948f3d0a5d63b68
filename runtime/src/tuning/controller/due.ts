import { LABEL } from '../../contract/constants.js';
import { trialKey, type Outcomes, type Plan, type Trial } from '../algorithms/algorithm.js';
import { endOf, type Job } from './job.js';

/** Which trial a Job runs; undefined if its labels do not say. */
export function keyOf(job: Job): string | undefined {
  const { [LABEL.CONFIG]: config, [LABEL.RUNG]: rung } = job.metadata.labels ?? {};
  return config === undefined || rung === undefined ? undefined : trialKey(config, Number(rung));
}

/**
 * The trials to start now: the first of the plan that are neither over nor have a Job, as many as there is room for. A Job that is
 * being removed still takes its room and its name.
 */
export function dueTrials(plan: Plan, outcomes: Outcomes, jobs: readonly Job[], concurrency: number): Trial[] {
  const taken = new Set(jobs.map(keyOf));
  let room = concurrency - jobs.filter((job) => endOf(job) === undefined).length;
  const due: Trial[] = [];
  if (room <= 0) return due;
  for (const trial of plan.trials) {
    const key = trialKey(trial.config, trial.rung);
    if (outcomes.has(key) || taken.has(key)) continue;
    due.push(trial);
    if (--room === 0) break;
  }
  return due;
}

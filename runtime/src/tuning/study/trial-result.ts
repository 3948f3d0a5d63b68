import type { Numbers, Objective, TrialResultDocument } from '../../contract/documents.js';
import { CONTRACT_VERSION } from '../../contract/names.js';
import { shown } from '../../shared/errors.js';
import { readMetrics } from '../../shared/metrics-text.js';
import type { Trial } from '../algorithms/algorithm.js';

/** How many metrics and how long an error a result may hold. */
const MOST_METRICS = 100;
const LONGEST_ERROR = 4096;

/** What the metrics file of a trial says. */
export interface Reported {
  /** The finite numbers with the name of a metric. */
  readonly metrics: Numbers;
  /** Why the file cannot be taken, as a sentence; absent when it can. */
  readonly problem?: string;
}

/**
 * The metrics of a trial. A number that is not finite makes it fail, because a search must not promote what diverged. Entries that are not named as
 * metrics are passed over.
 *
 * @param text undefined when there is no file
 */
export function trialMetrics(text: string | undefined): Reported {
  const { metrics, notFinite: [odd], unreadable } = readMetrics(text);
  if (unreadable !== undefined) {
    return { metrics, problem: `'metrics.json' (${shown(text)}) must be a JSON object of finite numbers, write it with publish_result` };
  }
  if (odd === undefined) return { metrics };
  const [name, value] = odd;
  return {
    metrics,
    problem: `'${name}' (${typeof value === 'number' ? value : shown(value)}) must be a finite number, check the training for divergence or an empty data set`,
  };
}

/** The result of a trial whose Job is complete: that it ended well is not enough, it must have reported its objective. */
export function completedResult(trial: Trial, objective: Objective, { metrics, problem }: Reported): TrialResultDocument {
  if (problem !== undefined) return failedResult(trial, problem, metrics);
  const value = metrics[objective.metric];
  if (value === undefined) {
    const others = Object.keys(metrics).sort().join(', ') || 'nothing';
    const problemOfObjective = `'${objective.metric}' (absent) must be published by every trial, this one published ${others}, `
      + `call publish_result(value, "${objective.metric}")`;
    return failedResult(trial, problemOfObjective, metrics);
  }
  const kept = Object.entries({ [objective.metric]: value, ...metrics }).slice(0, MOST_METRICS);
  return {
    contract: CONTRACT_VERSION,
    config: trial.config,
    budget: trial.budget,
    status: 'succeeded',
    // Not -0, which a document cannot hold.
    loss: (objective.direction === 'maximize' ? -value : value) + 0,
    metrics: Object.fromEntries(kept),
  };
}

/** The result of a trial that came to nothing. Of a long error the end is kept: there the cause stands. */
export function failedResult(trial: Trial, error: string, metrics: Numbers = {}): TrialResultDocument {
  const told = error.length > LONGEST_ERROR ? `...${error.slice(3 - LONGEST_ERROR)}` : error;
  return {
    contract: CONTRACT_VERSION,
    config: trial.config,
    budget: trial.budget,
    status: 'failed',
    metrics: Object.fromEntries(Object.entries(metrics).slice(0, MOST_METRICS)),
    error: told,
  };
}

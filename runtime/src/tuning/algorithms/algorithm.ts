import type { StudyBudgets, StudyParameter } from '../../contract/documents.js';
import type { Configuration } from './space.js';

/** What a search depends on: the part of a study document that an algorithm reads, and the seed. */
export interface Search {
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  readonly budgets: StudyBudgets;
  readonly parameters: readonly StudyParameter[];
  /** How many brackets; all that the budgets give when absent. */
  readonly brackets?: number;
  /** How many configurations; only random search reads it. */
  readonly trials?: number;
}

/** A configuration tried with a budget. A promoted configuration is tried again, at the next rung, as another trial. */
export interface Trial {
  /** Id of the configuration, as HpBandSter forms it: bracket, rung at which it was drawn, number. Kept over promotions. */
  readonly config: string;
  readonly bracket: number;
  /** Rung inside the bracket, from 0. */
  readonly rung: number;
  /** In the study's unit. */
  readonly budget: number;
  readonly parameters: Configuration;
}

/** How a trial ended. Smaller losses are better; a failed trial has none. */
export type Outcome = { readonly loss: number } | 'failed';

/** The outcomes known so far, by {@link trialKey}. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Trials of one bracket that share a budget. The next rung is known when all of them have ended. */
export interface Rung {
  readonly bracket: number;
  readonly rung: number;
  readonly budget: number;
  /** Ids of the configurations, in the order in which to start them. */
  readonly configs: readonly string[];
  readonly succeeded: number;
  readonly failed: number;
}

/** What should be, given what is known. */
export interface Plan {
  /**
   * All trials that should exist by now, those that have ended included, in the order in which to start them: whoever has room for
   * some takes the first that he has not started. Drawn while one iterates, so that a look at the first few is cheap.
   */
  readonly trials: Iterable<Trial>;
  /** The rungs that these trials make up. */
  readonly rungs: readonly Rung[];
  /** Whether no trial is left to end, nor will another follow. */
  readonly over: boolean;
  /** Best so far: the least loss at the largest budget at which one succeeded. Absent while none did. */
  readonly winner?: Trial;
}

/**
 * A way to search.
 *
 * It is a function: the same search and outcomes give the same plan, whoever asks and however often. So a controller holds no
 * state, and one that was killed goes on where it was. More outcomes only ever add trials: none is moved, changed or taken back,
 * in whatever order trials end. A trial that failed is never promoted. It does not start, watch or bound anything: that is the
 * caller's affair.
 */
export type Algorithm = (search: Search, outcomes: Outcomes) => Plan;

/** How a trial is called among the outcomes. */
export function trialKey(config: string, rung: number): string {
  return `${config}/${rung}`;
}

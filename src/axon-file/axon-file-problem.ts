/** Whether a problem stops synthesis. */
export enum ProblemSeverity {
  /** No manifests are made. */
  ERROR = 'error',
  /** Manifests are made, unless warnings count as errors. */
  WARNING = 'warning',
}

/** A problem of an axon file, and its place. */
export interface AxonFileProblem {
  /** The rule that is broken, by its code: `not-found`. */
  readonly code: string;
  /** Whether it stops synthesis. */
  readonly severity: ProblemSeverity;
  /** The file, as it was named. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** The path of the key or value, for instance `spec.tasks[0].train`. */
  readonly path: string;
  /** The key, its value, the rule and the remedy. */
  readonly message: string;
  /** The line of the file. */
  readonly source: string;
  /** How many characters of the line are meant. */
  readonly length: number;
}

/** How bad a finding is. */
export enum FindingSeverity {
  /** It keeps manifests from being made. */
  ERROR = 'error',
  /** It is odd, and manifests are made all the same. */
  WARNING = 'warning',
}

/** Something wrong or odd in an axon file, and where. */
export interface Finding {
  /** How bad it is. */
  readonly severity: FindingSeverity;
  /** The file, as it was named. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** What stands there, for instance `spec.tasks[0].train`. */
  readonly path: string;
  /** What is wrong, by which rule, and what to do. */
  readonly message: string;
  /** The line of the file. */
  readonly source: string;
  /** How many characters of the line are meant. */
  readonly length: number;
}

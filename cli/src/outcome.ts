/** Exit codes. */
export enum Outcome {
  DONE = 0,
  /** Something is wrong with what the files say. */
  FOUND = 1,
  /** The command line asks for what cannot be done. */
  MISUSED = 2,
}

/** What the user asked for cannot be done; the message says why and what to do. */
export class UsageError extends Error {}

/** The form of our messages: the option or file, the value, the rule, the remedy. */
export function misused(prop: string, got: string, rule: string, remedy: string): UsageError {
  return new UsageError(`'${prop}' (${got}) ${rule}, ${remedy}`);
}

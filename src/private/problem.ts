import { Construct } from 'constructs';

/** How bad it is: an error stops synthesis, a warning is told, and stops it only where the user asked for that. */
export type Severity = 'error' | 'warning';

/** Something wrong that is known only once everything has been declared. */
export interface Problem {
  readonly severity: Severity;
  /** The construct whose declaration is at fault; loaders find its place in a file. */
  readonly source: Construct;
  /** The property of it, for a closer place. */
  readonly prop?: string;
  readonly message: string;
}

export function error(source: Construct, prop: string, text: string): Problem {
  return { severity: 'error', source, prop, message: text };
}

export function warning(source: Construct, prop: string, text: string): Problem {
  return { severity: 'warning', source, prop, message: text };
}

import { AxonFile, AxonFileProblem } from 'cdk8s-myelin';
import { Terminal } from './terminal.js';

/** A problem as text; its severity is coloured on a terminal. */
export function shownProblem(problem: AxonFileProblem, terminal: Terminal, stream: 'stdout' | 'stderr'): string {
  const { severity } = problem;
  return AxonFile.format(problem).replace(`: ${severity}: `, `: ${terminal.severity(severity, stream)}: `);
}

export function isError(problem: AxonFileProblem): boolean {
  return problem.severity === 'error';
}

/** `2 errors, 1 warning`. */
export function counted(problems: AxonFileProblem[]): string {
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  return [plural(errors, 'error'), plural(warnings, 'warning')].filter((part) => !part.startsWith('0 ')).join(', ');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

import { AxonFile, Finding } from 'cdk8s-myelin';
import { Terminal } from './terminal.js';

/** A finding as text, with the word for how bad it is coloured where somebody looks on. */
export function shownFinding(finding: Finding, terminal: Terminal, stream: 'stdout' | 'stderr'): string {
  const { severity } = finding;
  return AxonFile.format(finding).replace(`: ${severity}: `, `: ${terminal.severity(severity, stream)}: `);
}

export function isError(finding: Finding): boolean {
  return finding.severity === 'error';
}

/** `2 errors, 1 warning`. */
export function counted(findings: Finding[]): string {
  const errors = findings.filter(isError).length;
  const warnings = findings.length - errors;
  return [plural(errors, 'error'), plural(warnings, 'warning')].filter((part) => !part.startsWith('0 ')).join(', ');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Problem } from '../problem/problem';

/** The context key that makes warnings errors. A program sets it for an app or a chart. */
const STRICT = 'myelin:strict';

/** Whether warnings of a construct are errors. */
export function isStrict(construct: Construct): boolean {
  const value: unknown = construct.node.tryGetContext(STRICT) ?? false;
  if (typeof value !== 'boolean') {
    throw invalid('wrong-type', STRICT, value, 'must be true or false', `write 'node.setContext("${STRICT}", true)'`);
  }
  return value;
}

/** The problems that stop synthesis: the errors, and the warnings of a strict construct. */
export function stopping(construct: Construct, problems: readonly Problem[]): Problem[] {
  const strict = isStrict(construct);
  return problems.filter(({ severity }) => strict || severity === 'error');
}

/** The constructs whose creator reports their warnings. Not a property of the constructs, since programs do not set it. */
const REPORTED = new WeakSet<Construct>();

/** Marks a construct whose creator reports its warnings, so that synthesis does not emit them. */
export function markWarningsReported(construct: Construct): void {
  REPORTED.add(construct);
}

/** Whether the creator of a construct reports its warnings. */
export function hasReportedWarnings(construct: Construct): boolean {
  return REPORTED.has(construct);
}

/** Emits a warning of a construct as a process warning, which Node prints to the error stream. */
export function emitWarning(construct: Construct, sentence: string): void {
  process.emitWarning(`${construct.node.path}: ${sentence}`, { type: 'MyelinWarning' });
}

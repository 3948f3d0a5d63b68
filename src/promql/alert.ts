import { detail, ProblemDetail } from '../problem/problem';
import { carries } from './carries';
import { check, typeOf } from './check';
import { parse } from './parse';
import { syntaxProblem } from './position';
import { isCondition, usesAbsent } from './selectors';

/** What an alert must be able to do besides firing. */
export interface AlertDuties {
  /** Labels that its series must carry, unless the rule sets them itself. An alert without `namespace` reaches no AlertmanagerConfig. */
  readonly labels?: readonly string[];
  /** It starts a retrain: data that is not there is no reason to. */
  readonly retrains?: boolean;
}

/** Whether an expression makes a sensible alert: valid, a condition, and carrying the labels that route it. */
export function alertProblem(expression: string, duties: AlertDuties = {}): ProblemDetail | undefined {
  const { expr, problems } = parse(expression);
  const first = expr === undefined ? problems[0] : check(expr)[0];
  if (expr === undefined || first !== undefined) {
    return syntaxProblem(expression, first);
  }
  const type = typeOf(expr);
  if (type !== 'vector') {
    return detail('promql-type', `gives ${type === 'matrix' ? 'a range vector' : `a ${type}`}, and an alert fires for each series of an instant vector`, 'compare a metric');
  }
  if (duties.retrains && usesAbsent(expr)) {
    return detail('alert-absent', 'asks for what is absent, and missing data is no decay that a retrain could repair', 'make it an alert of its own');
  }
  if (!isCondition(expr)) {
    return detail('alert-always', 'compares nothing, so it fires whenever its series exist', "add a comparison such as '< 0.9', without 'bool'");
  }
  const dropped = (duties.labels ?? []).find((label) => !carries(expr, label));
  return dropped === undefined
    ? undefined
    : detail('alert-label', `drops the label '${dropped}', without which the alert reaches nobody`, `keep it, as in sum by (${dropped}) (…)`);
}

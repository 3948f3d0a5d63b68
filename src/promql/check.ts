import { Aggregate, Binary, Call, children, COMPARISONS, Expr, Matcher, ExpressionProblem, Selector, SET_OPERATORS, ValueType } from './ast';
import { AGGREGATIONS, FUNCTIONS } from './functions';
import { readRegexp } from './regexp';

const TYPE_NAMES: Readonly<Record<ValueType, string>> = { scalar: 'a scalar', vector: 'an instant vector', matrix: 'a range vector', string: 'a string' };
const REMEDIES: Readonly<Record<string, string>> = {
  'matrix<vector': 'add a range such as [5m]',
  'vector<matrix': 'wrap it in a function over a range such as rate() or avg_over_time()',
  'vector<scalar': 'wrap it in vector()',
  'scalar<vector': 'wrap it in scalar()',
};

/** The type of what an expression gives, whether or not its parts fit together. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'call':
      return FUNCTIONS.get(expr.name)!.returns;
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
    case 'paren':
      return typeOf(expr.expr);
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
  }
}

/** Everything about an expression that Prometheus' type check and compiled matchers would refuse, in source order. */
export function check(expr: Expr): ExpressionProblem[] {
  const problems = [...checkOne(expr), ...children(expr).flatMap(check)];
  return problems.sort((a, b) => a.offset - b.offset);
}

function checkOne(expr: Expr): ExpressionProblem[] {
  switch (expr.kind) {
    case 'selector':
      return checkSelector(expr);
    case 'call':
      return checkCall(expr);
    case 'aggregate':
      return checkAggregate(expr);
    case 'binary':
      return checkBinary(expr);
    case 'subquery':
      return fits(expr.expr, 'vector', 'a subquery');
    case 'unary': {
      const type = typeOf(expr.expr);
      return type === 'scalar' || type === 'vector' ? [] : [at(expr.start, `'${expr.operator}' is for numbers, not for ${TYPE_NAMES[type]}, remove it`)];
    }
    default:
      return [];
  }
}

function checkSelector(selector: Selector): ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  let selects = selector.name !== undefined;
  for (const matcher of selector.matchers) {
    if (selector.name !== undefined && matcher.name === '__name__') {
      problems.push(at(matcher.start, `the metric is named twice, '${selector.name}' and '${matcher.value}', keep one`));
    }
    const facts = matchesEmpty(matcher);
    if (typeof facts === 'string') {
      problems.push(at(matcher.start, facts));
    } else {
      selects ||= !facts;
    }
  }
  // A broken regular expression is reported alone.
  if (!selects && problems.length === 0) {
    problems.push(at(selector.start, 'a selector without a name must have a matcher that refuses the empty value, or it selects every series, add one'));
  }
  return problems;
}

/** Whether a matcher accepts a series without the label, or why its regular expression is none. */
function matchesEmpty(matcher: Matcher): boolean | string {
  switch (matcher.operator) {
    case '=':
      return matcher.value === '';
    case '!=':
      return matcher.value !== '';
    default: {
      const facts = readRegexp(matcher.value);
      if ('message' in facts) {
        return `the regular expression '${matcher.value}' of label '${matcher.name}' ${facts.message}`;
      }
      return facts.matchesEmpty === (matcher.operator === '=~');
    }
  }
}

function checkCall(call: Call): ExpressionProblem[] {
  const { args, optional, open } = FUNCTIONS.get(call.name)!;
  const least = args.length - optional;
  if (call.args.length < least || (!open && call.args.length > args.length)) {
    const wanted = open ? `at least ${least}` : optional > 0 ? `${least} to ${args.length}` : `${least}`;
    return [at(call.start, `${call.name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${call.args.length}`)];
  }
  return call.args.flatMap((arg, i) => fits(arg, args[Math.min(i, args.length - 1)], `${call.name}()`));
}

function checkAggregate(aggregate: Aggregate): ExpressionProblem[] {
  const parameter = AGGREGATIONS.get(aggregate.operator);
  const wanted = parameter === undefined ? 1 : 2;
  if (aggregate.args.length !== wanted) {
    return [at(aggregate.start, `${aggregate.operator}() takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${aggregate.args.length}`)];
  }
  const where = `${aggregate.operator}()`;
  return [
    ...(parameter === undefined ? [] : fits(aggregate.args[0], parameter, where)),
    ...fits(aggregate.args[wanted - 1], 'vector', where),
  ];
}

function checkBinary(binary: Binary): ExpressionProblem[] {
  const { operator, matching } = binary;
  const operatorAt = binary.operatorSpan.start;
  const problems: ExpressionProblem[] = [];
  const sides = [binary.left, binary.right].map(typeOf);
  [binary.left, binary.right].forEach((side, i) => {
    if (sides[i] === 'matrix' || sides[i] === 'string') {
      const remedy = REMEDIES[`vector<${sides[i]}`] ?? 'compare labels within {} instead';
      problems.push(at(side.start, `'${operator}' takes scalars and instant vectors, not ${TYPE_NAMES[sides[i]]}, ${remedy}`));
    }
  });
  if (problems.length > 0) {
    return problems;
  }
  const comparison = COMPARISONS.includes(operator);
  const scalar = sides.includes('scalar');
  if (binary.bool && !comparison) {
    problems.push(at(operatorAt, `'bool' is for comparisons, not for '${operator}', remove it`));
  }
  if (comparison && !binary.bool && !sides.includes('vector')) {
    problems.push(at(operatorAt, `a comparison of two scalars must say 'bool', write '${operator} bool'`));
  }
  if (SET_OPERATORS.includes(operator)) {
    if (scalar) {
      problems.push(at(operatorAt, `'${operator}' is only allowed between instant vectors, wrap the scalar in vector() or compare first`));
    }
    if (matching?.group !== undefined) {
      problems.push(at(operatorAt, `'${operator}' takes no group_${matching.group}, set operators always match many to many, remove it`));
    }
  }
  if (matching !== undefined && scalar && matching.labels.length > 0) {
    problems.push(at(operatorAt, `'${matching.on ? 'on' : 'ignoring'}' is only allowed between instant vectors, remove it`));
  }
  const twice = matching?.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (twice !== undefined) {
    problems.push(at(operatorAt, `label '${twice}' must not stand in both on() and group_${matching!.group}(), it is in the result anyway, keep on()`));
  }
  return problems;
}

function fits(expr: Expr, wanted: ValueType, where: string): ExpressionProblem[] {
  const got = typeOf(expr);
  if (got === wanted) {
    return [];
  }
  const remedy = REMEDIES[`${wanted}<${got}`];
  return [at(expr.start, `${where} takes ${TYPE_NAMES[wanted]} here, not ${TYPE_NAMES[got]}${remedy === undefined ? '' : `, ${remedy}`}`)];
}

function at(offset: number, message: string): ExpressionProblem {
  return { offset, message };
}

import { type Aggregate, type Binary, type Call, children, COMPARISONS, type Expr, SET_OPERATORS, type ValueType } from './ast.js';
import { ExpressionFault } from './faults.js';
import { anchored } from './regexp.js';
import { AGGREGATIONS, SIGNATURES } from './signatures.js';

/** The type of what an expression gives. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'call':
      return SIGNATURES.get(expr.name)!.returns;
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

/** Refuses what Prometheus' type check refuses, and by name what the embedded evaluator does not know. */
export function check(expr: Expr): void {
  for (const child of children(expr)) check(child);
  switch (expr.kind) {
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
      if (type !== 'scalar' && type !== 'vector') throw new ExpressionFault(`'${expr.operator}' is for numbers, not for a ${type}, remove it`);
      return;
    }
    default:
  }
}

function checkCall(call: Call): void {
  const signature = SIGNATURES.get(call.name);
  if (signature === undefined) {
    throw new ExpressionFault(`function '${call.name}' is unknown to the embedded evaluator, use another or put a real prometheus on PATH`);
  }
  const { args, optional, open } = signature;
  if (call.args.length < args.length - optional || (!open && call.args.length > args.length)) {
    throw new ExpressionFault(`${call.name}() takes ${args.length - optional}${optional > 0 ? ` to ${open ? 'more' : args.length}` : ''} arguments, not ${call.args.length}`);
  }
  call.args.forEach((arg, i) => fits(arg, args[Math.min(i, args.length - 1)], `${call.name}()`));
  const pattern = call.args[4];
  if (call.name === 'label_replace' && pattern.kind === 'string') anchored(pattern.value);
}

function checkAggregate({ operator, parameter, expr }: Aggregate): void {
  if (!AGGREGATIONS.has(operator)) {
    throw new ExpressionFault(`aggregation '${operator}' is unknown to the embedded evaluator, use another or put a real prometheus on PATH`);
  }
  const wanted = AGGREGATIONS.get(operator);
  if ((wanted === undefined) !== (parameter === undefined)) {
    throw new ExpressionFault(`${operator}() takes ${wanted === undefined ? 'one argument' : `a ${wanted} and a vector`}, correct it`);
  }
  if (wanted !== undefined) fits(parameter!, wanted, `${operator}()`);
  fits(expr, 'vector', `${operator}()`);
}

function checkBinary({ operator, matching, bool, left, right }: Binary): void {
  const sides = [typeOf(left), typeOf(right)];
  const wrong = sides.find((type) => type === 'matrix' || type === 'string');
  if (wrong !== undefined) throw new ExpressionFault(`'${operator}' takes scalars and instant vectors, not a ${wrong}, correct it`);
  const comparison = COMPARISONS.includes(operator);
  const scalar = sides.includes('scalar');
  if (bool && !comparison) throw new ExpressionFault(`'bool' is for comparisons, not for '${operator}', remove it`);
  if (comparison && !bool && !sides.includes('vector')) {
    throw new ExpressionFault(`a comparison of two scalars must say 'bool', write '${operator} bool'`);
  }
  if (SET_OPERATORS.includes(operator) && (scalar || matching.group !== undefined)) {
    throw new ExpressionFault(`'${operator}' is for two instant vectors and takes no group, correct it`);
  }
  if (scalar && matching.labels.length > 0) throw new ExpressionFault("'on' and 'ignoring' are only allowed between instant vectors, remove it");
  const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (twice !== undefined) throw new ExpressionFault(`label '${twice}' must not stand in both on() and group_${matching.group}(), keep on()`);
}

function fits(expr: Expr, wanted: ValueType, where: string): void {
  const got = typeOf(expr);
  if (got !== wanted) throw new ExpressionFault(`${where} takes a ${wanted} here, not a ${got}, correct it`);
}

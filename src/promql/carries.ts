import { Aggregate, Binary, Call, Expr, Selector, SET_OPERATORS } from './ast';
import { typeOf } from './check';

const LABELLESS_CALLS = ['vector', 'scalar', 'time', 'pi'];
const KEEPS_ALL_LABELS = ['topk', 'bottomk'];

/**
 * Whether some series of the result can have the label.
 *
 * An alert whose expression drops `namespace` reaches no AlertmanagerConfig. The answer errs
 * towards yes: what the stored series really carry is not known here. `expr` must have passed `check`.
 */
export function carries(expr: Expr, label: string): boolean {
  switch (expr.kind) {
    case 'selector':
      return !expr.matchers.some((m) => m.name === label && m.operator === '=' && m.value === '');
    case 'matrix':
    case 'subquery':
    case 'unary':
    case 'paren':
      return carries(expr.expr, label);
    case 'aggregate':
      return aggregateCarries(expr, label);
    case 'binary':
      return binaryCarries(expr, label);
    case 'call':
      return callCarries(expr, label);
    default:
      return false;
  }
}

function aggregateCarries(aggregate: Aggregate, label: string): boolean {
  const [first] = aggregate.args;
  const inner = carries(aggregate.args[aggregate.args.length - 1], label);
  if (aggregate.operator === 'count_values' && first.kind === 'string' && first.value === label) {
    return true;
  }
  if (KEEPS_ALL_LABELS.includes(aggregate.operator)) {
    return inner;
  }
  return aggregate.grouping.includes(label) !== aggregate.without && inner;
}

function binaryCarries(binary: Binary, label: string): boolean {
  const left = carries(binary.left, label);
  const right = carries(binary.right, label);
  if (typeOf(binary.left) === 'scalar' || typeOf(binary.right) === 'scalar') {
    return left || right;
  }
  if (SET_OPERATORS.includes(binary.operator)) {
    return binary.operator === 'or' ? left || right : left;
  }
  const { on = false, labels = [], group, include = [] } = binary.matching ?? {};
  if (group !== undefined) {
    const [many, one] = group === 'left' ? [left, right] : [right, left];
    // An included label is copied from the side of one, and removed where that side lacks it.
    return include.includes(label) ? one : many;
  }
  return labels.includes(label) === on && left && right;
}

function callCarries(call: Call, label: string): boolean {
  if (LABELLESS_CALLS.includes(call.name)) {
    return false;
  }
  if (call.name === 'absent' || call.name === 'absent_over_time') {
    return absentCarries(call.args[0], label);
  }
  if (call.name === 'label_replace' || call.name === 'label_join') {
    const target = call.args[1];
    if (target.kind === 'string' && target.value === label) {
      return true;
    }
  }
  return call.args.some((arg) => carries(arg, label));
}

/** What is absent has the labels that its selector fixes by equality, each named once. */
function absentCarries(expr: Expr, label: string): boolean {
  if (expr.kind === 'paren' || expr.kind === 'matrix') {
    return absentCarries(expr.expr, label);
  }
  return expr.kind === 'selector' && fixes(expr, label);
}

function fixes(selector: Selector, label: string): boolean {
  const named = selector.matchers.filter((m) => m.name === label);
  return label !== '__name__' && named.length === 1 && named[0].operator === '=' && named[0].value !== '';
}

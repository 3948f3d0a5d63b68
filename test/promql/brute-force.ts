import { Binary, Expr, selectors } from '../../src/promql';

/** A series: its labels out of x and y, each of which can only be "1". */
type Series = readonly string[];
type Database = ReadonlyMap<string, readonly Series[]>;

const ALL: readonly Series[] = [[], ['x'], ['y'], ['x', 'y']];
const SUBSETS = Array.from({ length: 2 ** ALL.length }, (_, bits) => ALL.filter((_series, i) => Math.floor(bits / 2 ** i) % 2 === 1));

/** Whether over some database, of all there are with labels x and y, a series of the result has the label. */
export function canCarry(expr: Expr, label: string): boolean {
  const names = [...new Set(selectors(expr).map((s) => s.name!))];
  return databases(names).some((db) => evaluate(expr, db)?.some((series) => series.includes(label)) ?? false);
}

function databases(names: readonly string[]): Database[] {
  return names.reduce<Database[]>((found, name) => found.flatMap((db) => SUBSETS.map((s) => new Map(db).set(name, s))), [new Map()]);
}

/** The labels of each series of the result; undefined where Prometheus ends with an error. */
function evaluate(expr: Expr, db: Database): readonly Series[] | undefined {
  switch (expr.kind) {
    case 'selector':
      return db.get(expr.name!)!.filter((series) => expr.matchers.every((m) => (series.includes(m.name) ? '1' : '') === m.value));
    case 'paren':
    case 'matrix':
      return evaluate(expr.expr, db);
    case 'aggregate': {
      const inner = evaluate(expr.args[expr.args.length - 1], db);
      return expr.operator === 'topk' ? inner : inner && distinct(inner.map((s) => s.filter((l) => expr.grouping.includes(l) !== expr.without)));
    }
    case 'call': {
      const inner = evaluate(expr.args[0], db);
      if (expr.name === 'absent') {
        return inner?.length === 0 ? [['x']] : [];
      }
      if (expr.name !== 'label_replace') {
        return inner;
      }
      const replaced = inner?.map((s) => [...s.filter((l) => l !== 'y'), 'y'].sort());
      return replaced && distinct(replaced).length === replaced.length ? replaced : undefined;
    }
    case 'binary':
      return join(expr, evaluate(expr.left, db), expr.right.kind === 'number' ? [] : evaluate(expr.right, db));
    default:
      return [];
  }
}

function join(expr: Binary, left: readonly Series[] | undefined, right: readonly Series[] | undefined): readonly Series[] | undefined {
  if (left === undefined || right === undefined) {
    return undefined;
  }
  if (expr.right.kind === 'number') {
    return left;
  }
  const { on = false, labels = [], group, include = [] } = expr.matching ?? {};
  const key = (s: Series) => s.filter((l) => labels.includes(l) === on).join();
  const partners = (s: Series, among: readonly Series[]) => among.filter((other) => key(other) === key(s));
  switch (expr.operator) {
    case 'and':
      return left.filter((s) => partners(s, right).length > 0);
    case 'unless':
      return left.filter((s) => partners(s, right).length === 0);
    case 'or':
      return [...left, ...right.filter((s) => partners(s, left).length === 0)];
  }
  const [many, one] = group === 'right' ? [right, left] : [left, right];
  const pairs = many.flatMap((s) => partners(s, one).map((other) => [s, other] as const));
  const tooMany = pairs.some(([s, other]) => partners(s, one).length > 1 || (group === undefined && partners(other, many).length > 1));
  return tooMany ? undefined : pairs.map(([s, other]) => {
    const kept = group === undefined ? s.filter((l) => labels.includes(l) === on) : s.filter((l) => !include.includes(l));
    return distinct([[...kept, ...other.filter((l) => group !== undefined && include.includes(l))]])[0];
  });
}

function distinct(series: readonly Series[]): Series[] {
  return [...new Map(series.map((s) => [s.join(), s])).values()];
}

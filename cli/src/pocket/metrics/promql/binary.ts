import { type Binary, COMPARISONS, type Matching, SET_OPERATORS } from 'cdk8s-myelin/lib/promql/index.js';
import { EvaluationError } from './errors.js';
import { type Labels, labelOf, labelsKey, labelsText, NAME, only, withLabels, without, withoutName } from './labels.js';
import type { Sample } from './values.js';

/** Without `on` and `ignoring`, series match by all their labels. */
const ALL_LABELS: Matching = { on: false, labels: [], include: [] };

type Operand = number | readonly Sample[];

/** Both sides of an operator put together: a number of two numbers, else an instant vector. */
export function binary(expr: Binary, left: Operand, right: Operand): number | Sample[] {
  if (typeof left === 'number') {
    return typeof right === 'number' ? ofNumbers(expr, left, right) : withNumber(expr, right, left, true);
  }
  if (typeof right === 'number') return withNumber(expr, left, right, false);
  return SET_OPERATORS.includes(expr.operator) ? ofSets(expr, left, right) : ofVectors(expr, left, right);
}

/** What an operator makes of two numbers, and whether a comparison holds. */
function apply(operator: string, a: number, b: number): { readonly value: number; readonly keep: boolean } {
  switch (operator) {
    case '+': return { value: a + b, keep: true };
    case '-': return { value: a - b, keep: true };
    case '*': return { value: a * b, keep: true };
    case '/': return { value: a / b, keep: true };
    case '%': return { value: a % b, keep: true };
    case '^': return { value: power(a, b), keep: true };
    case 'atan2': return { value: Math.atan2(a, b), keep: true };
    case '==': return { value: a, keep: a === b };
    case '!=': return { value: a, keep: a !== b };
    case '>': return { value: a, keep: a > b };
    case '<': return { value: a, keep: a < b };
    case '>=': return { value: a, keep: a >= b };
    case '<=': return { value: a, keep: a <= b };
    default: throw new Error(`operator ${operator} passed the check`);
  }
}

/** As C and Go have it: 1 to any power is 1, and -1 to an infinite one. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

function ofNumbers({ operator }: Binary, left: number, right: number): number {
  const { value, keep } = apply(operator, left, right);
  return COMPARISONS.includes(operator) ? Number(keep) : value;
}

/** A filter keeps the value of the vector, on whichever side it stands. */
function withNumber({ operator, bool }: Binary, vector: readonly Sample[], number: number, swapped: boolean): Sample[] {
  const comparison = COMPARISONS.includes(operator);
  return vector.flatMap((sample) => {
    const { value, keep } = swapped ? apply(operator, number, sample.value) : apply(operator, sample.value, number);
    if (bool) return [{ labels: withoutName(sample.labels), value: Number(keep) }];
    if (comparison) return keep ? [sample] : [];
    return [{ labels: withoutName(sample.labels), value }];
  });
}

function ofSets({ operator, matching = ALL_LABELS }: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const keyed = (samples: readonly Sample[]) => new Set(samples.map(({ labels }) => signature(matching, labels)));
  if (operator === 'or') {
    const there = keyed(left);
    return [...left, ...right.filter(({ labels }) => !there.has(signature(matching, labels)))];
  }
  const others = keyed(right);
  return left.filter(({ labels }) => others.has(signature(matching, labels)) === (operator === 'and'));
}

function ofVectors(expr: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const { matching = ALL_LABELS, operator, bool } = expr;
  if (left.length === 0 || right.length === 0) return [];
  const swapped = matching.group === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const ones = uniqueOf(matching, one, swapped ? 'left' : 'right');
  const taken = new Set<string>();
  const found: Sample[] = [];
  for (const sample of many) {
    const key = signature(matching, sample.labels);
    const partner = ones.get(key);
    if (partner === undefined) continue;
    const labels = resultLabels(expr, sample.labels, partner.labels);
    claim(taken, matching.group === undefined ? key : `${key} ${labelsKey(labels)}`, matching);
    const { value, keep } = swapped ? apply(operator, partner.value, sample.value) : apply(operator, sample.value, partner.value);
    if (keep || bool) found.push({ labels, value: bool ? Number(keep) : value });
  }
  return found;
}

function uniqueOf(matching: Matching, samples: readonly Sample[], side: string): Map<string, Sample> {
  const found = new Map<string, Sample>();
  for (const sample of samples) {
    const key = signature(matching, sample.labels);
    const twin = found.get(key);
    if (twin !== undefined) {
      throw new EvaluationError(`found duplicate series for the match group ${labelsText(matchLabels(matching, sample.labels))} on the ${side} hand-side `
        + `of the operation: [${labelsText(sample.labels)}, ${labelsText(twin.labels)}];many-to-many matching not allowed: `
        + 'matching labels must be unique on one side');
    }
    found.set(key, sample);
  }
  return found;
}

function claim(taken: Set<string>, key: string, { group }: Matching): void {
  if (taken.has(key)) {
    throw new EvaluationError(group === undefined
      ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
      : 'multiple matches for labels: grouping labels must ensure unique matches');
  }
  taken.add(key);
}

function matchLabels({ on, labels: names }: Matching, labels: Labels): Labels {
  return on ? only(labels, names) : without(labels, [...names, NAME]);
}

function signature(matching: Matching, labels: Labels): string {
  return labelsKey(matchLabels(matching, labels));
}

function resultLabels({ operator, bool, matching = ALL_LABELS }: Binary, many: Labels, one: Labels): Labels {
  const nameless = bool || !COMPARISONS.includes(operator);
  let labels = nameless ? withoutName(many) : many;
  if (matching.group === undefined) {
    labels = matching.on ? only(labels, matching.labels) : without(labels, matching.labels);
  }
  return withLabels(labels, Object.fromEntries(matching.include.map((name) => [name, labelOf(one, name)])));
}

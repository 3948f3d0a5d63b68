/** A value of an expression. Both languages know these; numbers are all floating point. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value } | ((...values: Value[]) => Value);

export type Evaluate = (environment: Readonly<Record<string, Value>>) => Value;

/** A piece of text that a parser reads, with what kind it is. */
export interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'symbol';
  readonly text: string;
}

/** An operator that stands between two values, with how tightly it binds (larger is tighter). */
export interface Operator {
  readonly binds: number;
  readonly apply: (left: Evaluate, right: Evaluate) => Evaluate;
}

export function both(apply: (left: Value, right: Value) => Value): Operator['apply'] {
  return (left, right) => (environment) => apply(left(environment), right(environment));
}

/** Whether two values are the same, all the way down. */
export function same(left: Value, right: Value): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((value, at) => same(value, right[at]));
  return left === right;
}

export function truth(value: Value, operator: string): boolean {
  if (typeof value !== 'boolean') throw new Error(`'${operator}' needs booleans, got ${show(value)}`);
  return value;
}

export function comparison(operator: string, compare: (order: number) => boolean): (left: Value, right: Value) => boolean {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compare(left - right);
    if (typeof left === 'string' && typeof right === 'string') return compare(left < right ? -1 : left > right ? 1 : 0);
    throw new Error(`'${operator}' needs two numbers or two strings, got ${show(left)} and ${show(right)}`);
  };
}

export function arithmetic(operator: string, calculate: (left: number, right: number) => number): (left: Value, right: Value) => number {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return calculate(left, right);
    throw new Error(`'${operator}' needs numbers, got ${show(left)} and ${show(right)}`);
  };
}

export function show(value: Value): string {
  return typeof value === 'function' ? 'a function' : JSON.stringify(value);
}

/** Reads tokens; the two languages share how they are combined and differ in what stands for a value. */
export abstract class PrecedenceParser {
  private at = 0;

  protected constructor(protected readonly tokens: readonly Token[], private readonly operators: Readonly<Record<string, Operator>>) {}

  /** The whole text as one expression. Fails if something is left. */
  parse(): Evaluate {
    const result = this.ternary();
    if (this.at < this.tokens.length) throw new Error(`unexpected '${this.tokens[this.at]!.text}'`);
    return result;
  }

  protected abstract value(): Evaluate;

  protected ternary(): Evaluate {
    const test = this.binary(0);
    if (!this.accept('?')) return test;
    const yes = this.ternary();
    this.expect(':');
    const no = this.ternary();
    return (environment) => (truth(test(environment), '?') ? yes(environment) : no(environment));
  }

  protected binary(binds: number): Evaluate {
    let left = this.value();
    for (;;) {
      const token = this.peek();
      const operator = token !== undefined && token.kind !== 'string' ? this.operators[token.text] : undefined;
      if (operator === undefined || operator.binds < binds) return left;
      this.at++;
      left = operator.apply(left, this.binary(operator.binds + 1));
    }
  }

  protected list(end: string): Evaluate[] {
    const values: Evaluate[] = [];
    while (!this.accept(end)) {
      if (values.length > 0) this.expect(',');
      values.push(this.ternary());
    }
    return values;
  }

  protected peek(): Token | undefined {
    return this.tokens[this.at];
  }

  protected next(): Token {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error('unexpected end of expression');
    return token;
  }

  protected accept(symbol: string): boolean {
    const token = this.peek();
    if (token === undefined || token.kind === 'string' || token.text !== symbol) return false;
    this.at++;
    return true;
  }

  protected expect(symbol: string): void {
    if (!this.accept(symbol)) throw new Error(`'${symbol}' expected, got ${this.peek() === undefined ? 'the end' : `'${this.peek()!.text}'`}`);
  }
}

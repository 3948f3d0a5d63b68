import { arithmetic, both, comparison, PrecedenceParser, same, show, truth, type Evaluate, type Operator, type Token, type Value } from './ast.js';

/**
 * The language of `when`, of the conditions of Sensors and of their expression filters: govaluate. It has traps that users meet, so they are kept:
 * a quote of either kind ends a string of either kind, a backslash outside of any rule takes the next character as it is, and in a `when` a bare word
 * is a string.
 * @see https://github.com/Knetic/govaluate/blob/master/MANUAL.md
 */
export function compileGovaluate(text: string, words: 'strings' | 'variables'): Evaluate {
  return new Parser(tokensOf(text), words).parse();
}

/** Whether a `when`, with all its tags filled in, says to run. Fails if it is no condition. */
export function evaluateWhen(when: string): boolean {
  let result: Value;
  try {
    result = compileGovaluate(when, 'strings')({});
  } catch (error) {
    throw new Error(`Invalid 'when' expression '${when}': ${(error as Error).message}`);
  }
  if (typeof result !== 'boolean') throw new Error(`Expected boolean evaluation for '${when}'. Got ${show(result)}`);
  return result;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  '??': { binds: 5, apply: (left, right) => (env) => left(env) ?? right(env) },
  '||': { binds: 10, apply: (left, right) => (env) => truth(left(env), '||') || truth(right(env), '||') },
  '&&': { binds: 20, apply: (left, right) => (env) => truth(left(env), '&&') && truth(right(env), '&&') },
  '==': { binds: 30, apply: both(same) },
  '!=': { binds: 30, apply: both((left, right) => !same(left, right)) },
  '<': { binds: 30, apply: both(comparison('<', (order) => order < 0)) },
  '<=': { binds: 30, apply: both(comparison('<=', (order) => order <= 0)) },
  '>': { binds: 30, apply: both(comparison('>', (order) => order > 0)) },
  '>=': { binds: 30, apply: both(comparison('>=', (order) => order >= 0)) },
  '=~': { binds: 30, apply: both((text, pattern) => matches(text, pattern)) },
  '!~': { binds: 30, apply: both((text, pattern) => !matches(text, pattern)) },
  'in': { binds: 30, apply: both(contains) },
  '+': { binds: 40, apply: both((left, right) => (typeof left === 'string' || typeof right === 'string' ? `${left}${right}` : arithmetic('+', (a, b) => a + b)(left, right))) },
  '-': { binds: 40, apply: both(arithmetic('-', (a, b) => a - b)) },
  '*': { binds: 50, apply: both(arithmetic('*', (a, b) => a * b)) },
  '/': { binds: 50, apply: both(arithmetic('/', (a, b) => a / b)) },
  '%': { binds: 50, apply: both(arithmetic('%', (a, b) => a % b)) },
  '**': { binds: 60, apply: both(arithmetic('**', (a, b) => a ** b)) },
};

function matches(text: Value, pattern: Value): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') throw new Error(`'=~' needs strings, got ${show(text)} and ${show(pattern)}`);
  return new RegExp(pattern, 'u').test(text);
}

function contains(item: Value, list: Value): boolean {
  if (!Array.isArray(list)) throw new Error(`'in' needs a list of several values, got ${show(list)}`);
  return list.some((value) => same(value, item));
}

const SYMBOL = /[^\sA-Za-z0-9_'"()[\],]+/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const until = (ends: (character: string) => boolean, unclosed?: string): string => {
    let read = '';
    while (at < text.length && !ends(text[at]!)) {
      if (text[at] === '\\') at++;
      read += text[at++] ?? '';
    }
    if (unclosed !== undefined && at >= text.length) throw new Error(unclosed);
    return read;
  };
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {at++;} else if (/[0-9.]/.test(character)) {
      const number = until((next) => !/[0-9.]/.test(next));
      if (Number.isNaN(Number(number))) throw new Error(`Unable to parse numeric value '${number}' to float64`);
      tokens.push({ kind: 'number', text: number });
    } else if (/[\p{L}_\\]/u.test(character)) {tokens.push({ kind: 'name', text: until((next) => !/[\p{L}\p{N}_.\\]/u.test(next)) });} else if (character === '[') {
      at++;
      tokens.push({ kind: 'name', text: until((next) => next === ']', 'Unclosed parameter bracket') });
      at++;
    } else if (character === "'" || character === '"') {
      at++;
      tokens.push({ kind: 'string', text: until((next) => next === "'" || next === '"', 'Unclosed string literal') });
      at++;
    } else if ('(),'.includes(character)) {
      at++;
      tokens.push({ kind: 'symbol', text: character });
    } else {
      SYMBOL.lastIndex = at;
      const symbol = SYMBOL.exec(text)?.[0] ?? character;
      at += symbol.length;
      if (!Object.hasOwn(OPERATORS, symbol) && !['!', '?', ':'].includes(symbol)) throw new Error(`Invalid token: '${symbol}'`);
      tokens.push({ kind: 'symbol', text: symbol });
    }
  }
  return tokens;
}

class Parser extends PrecedenceParser {
  constructor(tokens: readonly Token[], private readonly words: 'strings' | 'variables') {
    super(tokens, OPERATORS);
  }

  protected value(): Evaluate {
    if (this.accept('!')) {
      const operand = this.value();
      return (environment) => !truth(operand(environment), '!');
    }
    if (this.accept('-')) {
      const operand = this.value();
      return (environment) => arithmetic('-', (_, value) => -value)(0, operand(environment));
    }
    if (this.accept('(')) {
      const items = this.list(')');
      if (items.length === 1) return items[0]!;
      return (environment) => items.map((item) => item(environment));
    }
    const token = this.next();
    if (token.kind === 'string') return () => token.text;
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind === 'symbol' || token.text === 'in') throw new Error(`unexpected '${token.text}'`);
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    if (this.words === 'strings') return () => token.text;
    return (environment) => {
      if (!Object.hasOwn(environment, token.text)) throw new Error(`No parameter '${token.text}' found.`);
      return environment[token.text]!;
    };
  }
}

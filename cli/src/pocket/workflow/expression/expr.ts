import { arithmetic, both, comparison, PrecedenceParser, same, show, truth, type Evaluate, type Operator, type Token, type Value } from './ast.js';

/**
 * The expressions of retry strategies, hooks and `{{=…}}`: expr-lang with the functions that Argo adds, as far as static manifests use it.
 * Closures, slices and the rest of its library are refused by name.
 * @see https://expr-lang.org/docs/language-definition
 */
export function compileExpression(text: string): (environment: Readonly<Record<string, Value>>) => Value {
  const evaluate = new Parser(tokensOf(text)).parse();
  return (environment) => evaluate({ ...FUNCTIONS, ...environment });
}

/** Fails if the expression is none, or says anything but yes or no. */
export function evaluateBoolean(text: string, environment: Readonly<Record<string, Value>>): boolean {
  const result = compileExpression(text)(environment);
  if (typeof result !== 'boolean') throw new Error(`unable to cast expression result '${show(result)}' to bool`);
  return result;
}

/** `{'tasks.train.status': 'Failed'}` as nested objects. Where a name is also the beginning of another, the longer one stays. */
export function nested(flat: Iterable<readonly [string, string | null]>): Record<string, Value> {
  const root: Record<string, Value> = {};
  for (const [path, value] of [...flat].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const keys = path.split('.');
    let at = root as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) {
      if (typeof at[key] !== 'object' || at[key] === null) at[key] = Object.create(null);
      at = at[key] as Record<string, unknown>;
    }
    at[keys.at(-1)!] = value;
  }
  return root;
}

const FUNCTIONS: Readonly<Record<string, Value>> = {
  asInt: integer,
  int: integer,
  asFloat: float,
  float,
  string: (value) => (typeof value === 'string' ? value : show(value!)),
  len: (value) => (value as string | Value[]).length,
  toJson: (value) => JSON.stringify(value),
  lower: (value) => String(value).toLowerCase(),
  upper: (value) => String(value).toUpperCase(),
  trim: (value) => String(value).trim(),
  abs: (value) => Math.abs(float(value!) as number),
};

function integer(value: Value | undefined): Value {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string' && /^[-+]?\d+$/.test(value)) return Number(value);
  throw new Error(`invalid operation: int(${show(value ?? null)})`);
}

function float(value: Value | undefined): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  throw new Error(`invalid operation: float(${show(value ?? null)})`);
}

function contains(item: Value, list: Value): boolean {
  if (Array.isArray(list)) return list.some((value) => same(value, item));
  if (typeof list === 'object' && list !== null) return Object.hasOwn(list, String(item));
  throw new Error(`'in' needs a list, got ${show(list)}`);
}

function textual(operator: string, test: (left: string, right: string) => boolean): Operator['apply'] {
  return both((left, right) => {
    if (typeof left !== 'string' || typeof right !== 'string') throw new Error(`'${operator}' needs strings, got ${show(left)} and ${show(right)}`);
    return test(left, right);
  });
}

const or: Operator = { binds: 10, apply: (left, right) => (env) => truth(left(env), '||') || truth(right(env), '||') };
const and: Operator = { binds: 15, apply: (left, right) => (env) => truth(left(env), '&&') && truth(right(env), '&&') };

const OPERATORS: Readonly<Record<string, Operator>> = {
  'or': or,
  '||': or,
  'and': and,
  '&&': and,
  '==': { binds: 20, apply: both(same) },
  '!=': { binds: 20, apply: both((left, right) => !same(left, right)) },
  '<': { binds: 20, apply: both(comparison('<', (order) => order < 0)) },
  '<=': { binds: 20, apply: both(comparison('<=', (order) => order <= 0)) },
  '>': { binds: 20, apply: both(comparison('>', (order) => order > 0)) },
  '>=': { binds: 20, apply: both(comparison('>=', (order) => order >= 0)) },
  'in': { binds: 20, apply: both(contains) },
  'not in': { binds: 20, apply: both((item, list) => !contains(item, list)) },
  'contains': { binds: 20, apply: textual('contains', (left, right) => left.includes(right)) },
  'startsWith': { binds: 20, apply: textual('startsWith', (left, right) => left.startsWith(right)) },
  'endsWith': { binds: 20, apply: textual('endsWith', (left, right) => left.endsWith(right)) },
  'matches': { binds: 20, apply: textual('matches', (left, right) => new RegExp(right, 'u').test(left)) },
  '+': { binds: 30, apply: both((left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : arithmetic('+', (a, b) => a + b)(left, right))) },
  '-': { binds: 30, apply: both(arithmetic('-', (a, b) => a - b)) },
  '*': { binds: 60, apply: both(arithmetic('*', (a, b) => a * b)) },
  '/': { binds: 60, apply: both(arithmetic('/', (a, b) => a / b)) },
  '%': { binds: 60, apply: both(arithmetic('%', (a, b) => a % b)) },
  '**': { binds: 100, apply: both(arithmetic('**', (a, b) => a ** b)) },
  '??': { binds: 500, apply: (left, right) => (env) => left(env) ?? right(env) },
};

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(not\s+in\b|[A-Za-z_$][A-Za-z0-9_$]*)|(\?\?|\?\.|\*\*|[=!<>]=|&&|\|\||[-+*/%<>!?:.,()[\]{}]))/gy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`unable to parse '${source.slice(from)}'`);
    const [, string, number, name, symbol] = match;
    if (string !== undefined) {
      const raw = string.slice(1, -1);
      const unescaped = raw.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs,
        (_, unicode, hex, other) => (other === undefined ? String.fromCharCode(parseInt(unicode ?? hex, 16)) : ESCAPES[other] ?? other));
      tokens.push({ kind: 'string', text: string.startsWith('`') ? raw : unescaped });
    } else if (number !== undefined) {tokens.push({ kind: 'number', text: number });} else {tokens.push(name !== undefined ? { kind: 'name', text: name.replace(/\s+/, ' ') } : { kind: 'symbol', text: symbol! });}
  }
  return tokens;
}

class Parser extends PrecedenceParser {
  constructor(tokens: readonly Token[]) {
    super(tokens, OPERATORS);
  }

  protected value(): Evaluate {
    if (this.accept('!') || this.accept('not')) {
      const operand = this.value();
      return (environment) => !truth(operand(environment), '!');
    }
    if (this.accept('-')) {
      const operand = this.value();
      return (environment) => arithmetic('-', (_, value) => -value)(0, operand(environment));
    }
    return this.members(this.primary());
  }

  private primary(): Evaluate {
    if (this.accept('(')) {
      const inner = this.ternary();
      this.expect(')');
      return inner;
    }
    if (this.accept('[')) {
      const items = this.list(']');
      return (environment) => items.map((item) => item(environment));
    }
    const token = this.next();
    if (token.kind === 'string') return () => token.text;
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind !== 'name' || Object.hasOwn(OPERATORS, token.text)) throw new Error(`unexpected '${token.text}'`);
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    if (token.text === 'nil') return () => null;
    return (environment) => {
      if (!Object.hasOwn(environment, token.text)) throw new Error(`unknown name ${token.text}`);
      return environment[token.text]!;
    };
  }

  private members(of: Evaluate): Evaluate {
    let object = of;
    for (;;) {
      const from = object;
      if (this.accept('.') || this.accept('?.')) {
        const key = this.next().text;
        object = (environment) => member(from(environment), key);
      } else if (this.accept('[')) {
        const key = this.ternary();
        this.expect(']');
        object = (environment) => member(from(environment), key(environment) as string | number);
      } else if (this.accept('(')) {
        const values = this.list(')');
        object = (environment) => {
          const called = from(environment);
          if (typeof called !== 'function') throw new Error(`${show(called)} is not callable`);
          return called(...values.map((value) => value(environment)));
        };
      } else {return object;}
    }
  }
}

function member(object: Value, key: string | number): Value {
  if (typeof object !== 'object' || object === null) throw new Error(`cannot fetch ${key} from ${show(object)}`);
  const keys = object as Readonly<Record<string, Value>>;
  return Object.hasOwn(keys, key) ? keys[key]! : null;
}

import { FUNCTIONS } from './functions.js';
import { goPattern } from './regexp.js';

export type Operand =
  | { readonly kind: 'constant'; readonly value: string | boolean | number | bigint | null }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

/** An operand with the fields that are taken from it: `$a.labels.axon`. */
export interface Term {
  readonly operand: Operand;
  readonly fields: readonly string[];
}

export interface Pipeline {
  readonly variable?: { readonly name: string; readonly declares: boolean };
  /** Each command is a term and its arguments; the value of one is the last argument of the next. */
  readonly commands: readonly (readonly Term[])[];
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | { readonly kind: 'if' | 'with'; readonly pipeline: Pipeline; readonly yes: readonly Piece[]; readonly no: readonly Piece[] };

const TOKEN = /\s*(?:("(?:[^"\\\n]|\\.)*"|`[^`]*`)|([-+]?\d[\w.]*)|(\$\w*(?:\.\w+)*)|((?:\.\w+)+|\.)|(:=|=|\||\(|\))|([A-Za-z_]\w*))/gy;

/** Parses a template of Go, as far as triggers use it. Fails if it is none, or names a function that there is not. */
export function parseTemplate(source: string): readonly Piece[] {
  const parser = new Parser(source);
  const { pieces, end } = parser.pieces();
  if (end !== undefined) throw new Error(`unexpected {{${end}}}`);
  return pieces;
}

class Parser {
  private readonly parts: ({ text: string } | { action: string })[] = [];
  private at = 0;

  constructor(source: string) {
    let rest = 0;
    for (let from = source.indexOf('{{'); from >= 0; from = source.indexOf('{{', rest)) {
      const to = this.closing(source, from + 2);
      let text = source.slice(rest, from);
      let action = source.slice(from + 2, to);
      const trimsBefore = /^-\s/.test(action);
      const trimsAfter = /\s-$/.test(action);
      if (trimsBefore) {
        text = text.trimEnd();
        action = action.slice(1);
      }
      this.parts.push({ text });
      rest = to + 2;
      if (trimsAfter) {
        action = action.slice(0, -1);
        while (/\s/.test(source[rest] ?? '')) rest++;
      }
      if (!action.trim().startsWith('/*')) this.parts.push({ action: action.trim() });
    }
    this.parts.push({ text: source.slice(rest) });
  }

  /** What stands here, up to the end of the block or to its `else`. */
  pieces(): { pieces: Piece[]; end?: string } {
    const pieces: Piece[] = [];
    while (this.at < this.parts.length) {
      const part = this.parts[this.at++]!;
      if ('text' in part) {
        if (part.text !== '') pieces.push({ kind: 'text', text: part.text });
        continue;
      }
      const [, keyword, rest] = /^(if|with|else|end|range|define|template|block|break|continue)\b\s*(.*)$/s.exec(part.action) ?? [];
      if (keyword === 'if' || keyword === 'with') pieces.push(this.branch(keyword, rest!));
      else if (keyword === 'else' || keyword === 'end') return { pieces, end: part.action };
      else if (keyword !== undefined) throw new Error(`{{${keyword}}} is not supported`);
      else pieces.push({ kind: 'action', pipeline: parsePipeline(part.action) });
    }
    return { pieces };
  }

  private branch(kind: 'if' | 'with', condition: string): Piece {
    const pipeline = parsePipeline(condition);
    const { pieces: yes, end } = this.pieces();
    if (end === 'end') return { kind, pipeline, yes, no: [] };
    const otherwise = /^else(?:\s+(if|with)\s+(.+))?$/s.exec(end ?? '');
    if (otherwise === null) throw new Error(`unexpected end of {{${kind}}}`);
    if (otherwise[1] !== undefined) return { kind, pipeline, yes, no: [this.branch(otherwise[1] as 'if', otherwise[2]!)] };
    const { pieces: no, end: last } = this.pieces();
    if (last !== 'end') throw new Error(`unexpected end of {{${kind}}}`);
    return { kind, pipeline, yes, no };
  }

  /** Where `}}` stands outside of strings. */
  private closing(source: string, from: number): number {
    for (let at = from; at < source.length; at++) {
      if (source.startsWith('}}', at)) return at;
      if (source[at] === '"') {
        for (at++; at < source.length && source[at] !== '"'; at++) if (source[at] === '\\') at++;
      } else if (source[at] === '`') {at = source.indexOf('`', at + 1) < 0 ? source.length : source.indexOf('`', at + 1);}
    }
    throw new Error('unclosed action');
  }
}

function parsePipeline(text: string): Pipeline {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const source = text.trimEnd();
  while (TOKEN.lastIndex < source.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`unexpected '${source.slice(from)}' in action`);
    tokens.push(match[0].trimStart());
  }
  let at = 0;
  const pipeline = (): Pipeline => {
    let variable: Pipeline['variable'];
    if (tokens[at]?.startsWith('$') && (tokens[at + 1] === ':=' || tokens[at + 1] === '=')) {
      variable = { name: tokens[at]!, declares: tokens[at + 1] === ':=' };
      at += 2;
    }
    const commands: Term[][] = [];
    do {
      const terms: Term[] = [];
      while (at < tokens.length && tokens[at] !== '|' && tokens[at] !== ')') terms.push(term());
      if (terms.length === 0) throw new Error('missing value for command');
      if (terms[0]!.operand.kind === 'constant' && terms[0]!.operand.value === null) throw new Error('nil is not a command');
      if (terms.length > 1 && terms[0]!.operand.kind !== 'function') throw new Error(`can't give argument to non-function ${text}`);
      if (commands.length > 0 && terms[0]!.operand.kind !== 'function') throw new Error(`non executable command in pipeline stage ${commands.length + 1}`);
      const [{ operand }, pattern] = terms as [Term, Term?];
      if (operand.kind === 'function' && operand.name === 'regexMatch' && pattern?.operand.kind === 'constant') goPattern(String(pattern.operand.value));
      commands.push(terms);
    } while (tokens[at] === '|' && at++ >= 0);
    return { ...(variable && { variable }), commands };
  };
  const term = (): Term => {
    const token = tokens[at++]!;
    if (token === '(') {
      const inner = pipeline();
      if (tokens[at++] !== ')') throw new Error('unclosed left paren');
      const fields = tokens[at]?.startsWith('.') && tokens[at] !== '.' ? tokens[at++]!.slice(1).split('.') : [];
      return { operand: { kind: 'pipeline', pipeline: inner }, fields };
    }
    if (token.startsWith('"')) return constant(unquoted(token));
    if (token.startsWith('`')) return constant(token.slice(1, -1));
    if (/^[-+]?\d/.test(token)) return constant(numeric(token));
    if (token.startsWith('.')) return { operand: { kind: 'dot' }, fields: token.slice(1).split('.').filter(Boolean) };
    if (token.startsWith('$')) {
      const [name, ...fields] = token.split('.');
      return { operand: { kind: 'variable', name: name! }, fields };
    }
    if (token === 'true' || token === 'false') return constant(token === 'true');
    if (token === 'nil') return constant(null);
    if (!Object.hasOwn(FUNCTIONS, token) && token !== 'and' && token !== 'or') throw new Error(`function "${token}" not defined`);
    return { operand: { kind: 'function', name: token }, fields: [] };
  };
  const result = pipeline();
  if (at < tokens.length) throw new Error(`unexpected '${tokens[at]}' in action`);
  return result;
}

function constant(value: string | boolean | number | bigint | null): Term {
  return { operand: { kind: 'constant', value }, fields: [] };
}

function numeric(token: string): number | bigint {
  if (/^[-+]?\d+$/.test(token)) return BigInt(token);
  const value = Number(token);
  if (Number.isNaN(value)) throw new Error(`bad number syntax: "${token}"`);
  return value;
}

function unquoted(token: string): string {
  try {
    return JSON.parse(token.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1').replace(/\\'/g, "'").replace(/\\a/g, '\\u0007').replace(/\\v/g, '\\u000b')) as string;
  } catch {
    throw new Error(`invalid syntax in ${token}`);
  }
}

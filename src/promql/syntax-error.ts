import { didYouMean } from '../contract/nearest';
import { ExpressionProblem } from './ast';
import { AGGREGATIONS, EXPERIMENTAL_FUNCTIONS, FUNCTIONS, RENAMED_FUNCTIONS } from './functions';
import { GrammarNode } from './grammar';

const TOKEN = /^(?:[A-Za-z_:][A-Za-z0-9_:]*|[0-9.][0-9A-Za-z_.]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|[=!<>]=|[=!]~|&&|\|\||\S)/;
const MODIFIERS = ['on', 'ignoring', 'group_left', 'group_right', 'bool', 'by', 'without', 'offset'];
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };
// Habits of other languages.
const FOREIGN: Readonly<Record<string, string>> = {
  '&&': "PromQL writes 'and'",
  '||': "PromQL writes 'or'",
  '=': "write '==' to compare",
  '!': "write '!=' or 'unless'",
  ';': 'an expression is a single one, remove it',
};

/** Thrown while the tree is read; `parse` returns it as a problem. */
export class ExpressionError extends Error {
  public constructor(public readonly offset: number, message: string) {
    super(message);
  }
}

/**
 * Quotes, brackets and characters that no token starts with: what the grammar accepts or reports far from its cause.
 * Undefined if there is nothing of the kind.
 */
export function lexicalProblem(source: string): ExpressionProblem | undefined {
  const open: { c: string; at: number }[] = [];
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (c === '#') {
      const end = source.slice(i).search(/[\r\n]/);
      i = end < 0 ? source.length : i + end;
    } else if (c === '"' || c === "'" || c === '`') {
      const end = closingQuote(source, i);
      if (end === undefined) {
        return { offset: i, message: `string is not closed, end it with ${c}` };
      }
      i = end;
    } else if (CLOSERS[c] !== undefined) {
      if (source.startsWith('{{', i)) {
        return { offset: i, message: "found '{{', which is no PromQL, a placeholder is {{metric}} and has to be substituted first" };
      }
      open.push({ c, at: i });
    } else if (c === ')' || c === '}' || c === ']') {
      const opener = open.pop();
      if (opener === undefined) {
        return { offset: i, message: `found '${c}' that closes nothing, remove it` };
      }
      if (CLOSERS[opener.c] !== c) {
        return { offset: i, message: `found '${c}', expected '${CLOSERS[opener.c]}' to close the '${opener.c}' at offset ${opener.at}` };
      }
    } else if (!/[\w\s:,*/%^+\-=!~<>@.&|;]/.test(c) || (/\s/.test(c) && !/[ \t\r\n]/.test(c))) {
      return { offset: i, message: `found the character ${JSON.stringify(c)}, which has no meaning in PromQL outside of a string, remove it` };
    }
  }
  const last = open.pop();
  return last && { offset: source.length, message: `found the end, expected '${CLOSERS[last.c]}' to close the '${last.c}' at offset ${last.at}` };
}

/** One clear message for the first error of the tree: what was found, what was expected. */
export function grammarProblem(source: string, error: GrammarNode): ExpressionProblem {
  const offset = error.from + /^(?:\s|#.*)*/.exec(source.slice(error.from))![0].length;
  const found = TOKEN.exec(source.slice(offset))?.[0];
  const before = source.slice(0, offset).replace(/#.*$/gm, '').trimEnd();
  const called = found === '(' ? /[A-Za-z_:][A-Za-z0-9_:]*$/.exec(before)?.[0] : undefined;
  if (called !== undefined && !MODIFIERS.includes(called.toLowerCase())) {
    return { offset: before.length - called.length, message: functionMessage(called) };
  }
  if (found !== undefined && Object.hasOwn(FOREIGN, found) && !(found === '=' && inside(error, 'LabelMatchers'))) {
    return { offset, message: `found '${found}', ${FOREIGN[found]}` };
  }
  return { offset, message: `found ${found === undefined ? 'the end' : `'${found}'`}, expected ${expected(error, before)}` };
}

/** Why a name followed by `(` is no function to call. */
export function functionMessage(name: string): string {
  if (Object.hasOwn(RENAMED_FUNCTIONS, name)) {
    return `function '${name}' is called '${RENAMED_FUNCTIONS[name]}' in Prometheus 3 and is experimental there, use another one`;
  }
  if (EXPERIMENTAL_FUNCTIONS.has(name)) {
    return `function '${name}' is experimental, Prometheus refuses it without a feature flag, use another one`;
  }
  return `function '${name}' is unknown to Prometheus 3${didYouMean(name, [...FUNCTIONS.keys(), ...AGGREGATIONS.keys()])}`;
}

function closingQuote(source: string, start: number): number | undefined {
  const c = source[start];
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === c) {
      return i;
    }
    if (c !== '`' && source[i] === '\n') {
      return undefined;
    }
    if (c !== '`' && source[i] === '\\') {
      i++;
    }
  }
  return undefined;
}

function expected(error: GrammarNode, before: string): string {
  if (/(?:^|[^\w])offset$/i.test(before)) {
    return 'a duration such as 5m';
  }
  if (before.endsWith('@')) {
    return 'a timestamp, start() or end()';
  }
  if (/(?:=~|!~|[^=!<>]=)$/.test(before) || (before.endsWith('!=') && inside(error, 'LabelMatchers'))) {
    return 'a quoted string';
  }
  if (inside(error, 'LabelMatchers')) {
    return /[{,]$/.test(before) ? "a label name or '}'" : /["'`]$/.test(before) ? "',' or '}'" : 'one of = != =~ !~';
  }
  if (/(?:^|\W)(?:on|ignoring|by|without)$/i.test(before)) {
    return "'(' with label names";
  }
  if (inside(error, 'GroupingLabels')) {
    return /[(,]$/.test(before) ? "a label name or ')'" : "',' or ')'";
  }
  if (/\[$/.test(before) || inside(error, 'DurationExpr') || /:$/.test(before) && inside(error, 'SubqueryExpr')) {
    return 'a duration such as 5m';
  }
  if (inside(error, 'MatrixSelector') || inside(error, 'SubqueryExpr')) {
    return "']' or ':'";
  }
  if (before === '' || /(?:[-+*/%^=<>(,]|!=|\W(?:and|or|unless|atan2|bool)|^(?:and|or|unless))$/i.test(before)) {
    return 'an expression';
  }
  return inside(error, 'FunctionCallBody') || inside(error, 'ParenExpr') ? "an operator, ',' or ')'" : 'an operator or the end';
}

function inside(node: GrammarNode, name: string): boolean {
  for (let at: GrammarNode | null = node; at !== null; at = at.parent) {
    if (at.name === name) {
      return true;
    }
    // Past the innermost bracket nothing outside matters.
    if (at !== node && ['FunctionCallBody', 'ParenExpr', 'LabelMatchers', 'GroupingLabels'].includes(at.name)) {
      return false;
    }
  }
  return false;
}

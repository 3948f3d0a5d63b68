import { readRegexp } from 'cdk8s-myelin/lib/promql/index.js';
import { ExpressionError } from './errors.js';

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\t\\n\\v\\f\\r ',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

/** A Go regular expression over the whole text, in which a dot is any character, as label matchers read it. */
export function anchored(source: string): RegExp {
  const facts = readRegexp(source);
  if ('message' in facts) throw fault(source, facts.message);
  const leading = /^\(\?([ims]+)\)/.exec(source);
  const flags = new Set(['s', ...(leading?.[1] ?? '')]);
  const body = translate(source, source.slice(leading?.[0].length ?? 0));
  try {
    return new RegExp(`^(?:${body})$`, [...flags].join(''));
  } catch {
    throw fault(source, 'is not supported by the embedded evaluator, simplify it');
  }
}

/** Rewrites what JavaScript spells differently from Go. */
function translate(source: string, body: string): string {
  if (/\(\?[imsU-]+[:)]/.test(body)) throw fault(source, 'changes flags within, write (?i) first or spell both cases');
  if (/(?<!\\)(?:\\\\)*\\(?:[0-7QpPa]|x\{)/.test(body)) throw fault(source, 'uses an escape that the embedded evaluator does not support, write the characters themselves');
  return body
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(\^?)(\w+):\]/g, (whole, negated: string, name: string) => {
      if (negated !== '' || POSIX[name] === undefined) throw fault(source, `uses the class ${whole}, spell it out`);
      return POSIX[name];
    })
    .replace(/(\\\\)|\\A|\\z/g, (whole, escaped: string | undefined) => escaped ?? (whole === '\\A' ? '^' : '$'));
}

function fault(source: string, rule: string): ExpressionError {
  return new ExpressionError(`the regular expression '${source}' ${rule}`);
}

/** Go's expansion of `$1`, `${name}` and `$$` with the groups of a match. */
export function expand(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === undefined) return whole === '$$' ? '$' : whole;
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

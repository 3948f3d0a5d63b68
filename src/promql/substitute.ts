import { Expr, ExpressionProblem } from './ast';
import { check } from './check';
import { parse } from './parse';
import { selectors } from './selectors';

/** A `{{metric}}` that was replaced. */
export interface Placeholder {
  /** As written between the braces. */
  readonly metric: string;
  /** The name that took its place. */
  readonly stored: string;
  /** Offset of `{{` in the template. */
  readonly offset: number;
}

export interface Substituted {
  /** The expression; absent when there is a problem. */
  readonly expression?: string;
  readonly expr?: Expr;
  readonly placeholders: readonly Placeholder[];
  /** Their offsets are into the template. */
  readonly problems: readonly ExpressionProblem[];
}

const METRIC_NAME = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/;
const TOKENS = new RegExp(`${STRING.source}|#[^\\r\\n]*|\\{\\{([^{}]*)\\}\\}|\\{\\{|\\}\\}`, 'g');

/**
 * Replaces each `{{metric}}` of a condition by the stored metric's name, then reads the whole: a user's own selector or range behind it
 * (`{{m}}{job='x'}[5m]`) belongs to the metric.
 *
 * `resolve` gives the bare name of a stored metric, or undefined if there is no such metric. A placeholder must stand where a metric's
 * name can stand: within a string, a label list or a longer name it would change what is meant.
 */
export function substitute(template: string, resolve: (metric: string) => string | undefined): Substituted {
  const placeholders: (Placeholder & { readonly at: number })[] = [];
  const problems: ExpressionProblem[] = [];
  const shifts: { readonly from: number; readonly by: number }[] = [];
  let text = '';
  let done = 0;
  for (const token of template.matchAll(TOKENS)) {
    const offset = token.index;
    if (token[1] === undefined) {
      const inner = /\{\{[^{}]*\}\}/.exec(token[0]);
      if (inner !== null && !token[0].startsWith('#')) {
        problems.push({ offset: offset + inner.index, message: `the placeholder ${inner[0]} stands within a string, where nothing replaces it, write it outside of the quotes` });
      } else if (token[0] === '{{') {
        problems.push({ offset, message: 'the placeholder is not closed, write {{metric}}' });
      } else if (token[0] === '}}') {
        problems.push({ offset, message: "found '}}' without '{{', write {{metric}}" });
      }
      continue;
    }
    const metric = token[1].trim();
    const stored = metric === '' ? undefined : resolve(metric);
    if (stored === undefined || !METRIC_NAME.test(stored)) {
      problems.push({ offset, message: unresolved(token[0], metric, stored) });
      continue;
    }
    text += template.slice(done, offset);
    placeholders.push({ metric, stored, offset, at: text.length });
    text += stored;
    done = offset + token[0].length;
    shifts.push({ from: text.length, by: done - text.length });
  }
  text += template.slice(done);
  const found = placeholders.map(({ metric, stored, offset }) => ({ metric, stored, offset }));
  if (problems.length > 0) {
    return { placeholders: found, problems };
  }
  const original = (offset: number): number => {
    const inside = placeholders.find((p) => offset >= p.at && offset < p.at + p.stored.length);
    return inside?.offset ?? offset + (shifts.filter((s) => s.from <= offset).pop()?.by ?? 0);
  };
  // A glued placeholder may well be a syntax error elsewhere, so this is said first.
  const glued = placeholders.find((p) => /[\w:]/.test(text[p.at - 1] ?? '') || /[\w:]/.test(text[p.at + p.stored.length] ?? ''));
  if (glued !== undefined) {
    return { placeholders: found, problems: [misplaced(glued)] };
  }
  const parsed = parse(text);
  const types = parsed.expr === undefined ? parsed.problems : check(parsed.expr);
  const named = parsed.expr && selectors(parsed.expr).filter((use) => use.selector.name !== undefined).map((use) => use.start);
  const outside = placeholders.filter((p) => named !== undefined && !named.includes(p.at)).map(misplaced);
  const all = [...outside, ...types.map((p) => ({ ...p, offset: original(p.offset) }))];
  return all.length > 0 ? { placeholders: found, problems: all } : { expression: text, expr: parsed.expr, placeholders: found, problems: [] };
}

function unresolved(written: string, metric: string, stored: string | undefined): string {
  if (metric === '') {
    return `the placeholder ${written} names no metric, write {{metric}}`;
  }
  return stored === undefined
    ? `the placeholder ${written} names a metric that nothing here publishes, name one that a task declares`
    : `the placeholder ${written} would become '${stored}', which is no bare metric name, append selectors behind the placeholder`;
}

function misplaced(placeholder: Placeholder): ExpressionProblem {
  return {
    offset: placeholder.offset,
    message: `the placeholder {{${placeholder.metric}}} must stand alone where a metric can stand, not within a name or a list of labels, move it`,
  };
}

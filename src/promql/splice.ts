import { Problem, Selector } from './ast';
import { quote } from './literals';
import { parse } from './parse';
import { selectors } from './selectors';

/** A label that every selector shall fix. */
export interface LabelValue {
  readonly name: string;
  readonly value: string;
}

export interface Spliced {
  /** The changed text; absent when there is a problem. */
  readonly expression?: string;
  readonly problems: readonly Problem[];
}

/**
 * Adds equality matchers to every selector of an expression, the rest of the text stays as it was written.
 *
 * A matcher that is there already is not repeated; one that contradicts is a problem, for nothing would ever match.
 */
export function withMatchers(expression: string, matchers: readonly LabelValue[]): Spliced {
  const { expr, problems } = parse(expression);
  if (expr === undefined) {
    return { problems };
  }
  const found: Problem[] = [];
  let text = expression;
  // From the last to the first, so that earlier offsets stay true.
  for (const { selector } of selectors(expr).reverse()) {
    const missing: LabelValue[] = [];
    for (const wanted of matchers) {
      const equals = selector.matchers.filter((m) => m.name === wanted.name && m.operator === '=');
      const other = equals.find((m) => m.value !== wanted.value);
      if (other !== undefined) {
        found.unshift({
          offset: other.start,
          message: `the matcher ${wanted.name}="${other.value}" contradicts ${wanted.name}="${wanted.value}", which is added to every selector, remove it`,
        });
      } else if (equals.length === 0) {
        missing.push(wanted);
      }
    }
    text = insert(text, selector, missing);
  }
  return found.length > 0 ? { problems: found } : { expression: text, problems: [] };
}

function insert(text: string, selector: Selector, matchers: readonly LabelValue[]): string {
  if (matchers.length === 0) {
    return text;
  }
  const list = matchers.map((m) => `${labelName(m.name)}=${quote(m.value)}`).join(',');
  if (selector.braces === undefined) {
    const behind = selector.start + selector.name!.length;
    return `${text.slice(0, behind)}{${list}}${text.slice(behind)}`;
  }
  const within = selector.braces.start + 1;
  return `${text.slice(0, within)}${list}${selector.matchers.length > 0 ? ',' : ''}${text.slice(within)}`;
}

function labelName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

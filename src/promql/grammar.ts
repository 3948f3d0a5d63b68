/**
 * The grammar that Prometheus itself publishes, as far as we use it.
 *
 * Its package is marked as an ES module, so TypeScript refuses a plain import from CommonJS although
 * the package has a CommonJS build: hence `require`, and types of our own for the few members read.
 */

/** A node of the grammar's tree. `⚠` is the name of the nodes that stand for a syntax error. */
export interface GrammarNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean };
  readonly firstChild: GrammarNode | null;
  readonly nextSibling: GrammarNode | null;
  readonly parent: GrammarNode | null;
}

interface Grammar {
  readonly parser: { parse(source: string): { readonly topNode: GrammarNode } };
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const grammar: Grammar = require('@prometheus-io/lezer-promql');

/**
 * The tree of an expression. The grammar is tolerant, so every text has one, but for those that nest
 * deeper than its own recursion reaches, which depends on the stack that is left: undefined then.
 */
export function grammarTree(source: string): GrammarNode | undefined {
  try {
    return grammar.parser.parse(source).topNode;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'RangeError') {
      return undefined;
    }
    throw cause;
  }
}

/** The children of a node without comments. */
export function parts(node: GrammarNode): GrammarNode[] {
  const found: GrammarNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') {
      found.push(child);
    }
  }
  return found;
}

/** The first child of a name. */
export function part(node: GrammarNode, name: string): GrammarNode | undefined {
  return parts(node).find((child) => child.name === name);
}

/** The error node that stands first in the text; of several there, the outermost. */
export function firstError(node: GrammarNode): GrammarNode | undefined {
  let best: GrammarNode | undefined;
  // A stack of our own: what is broken may nest without end.
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.type.isError && (best === undefined || at.from < best.from)) {
      best = at;
    }
    open.push(...parts(at).reverse());
  }
  return best;
}

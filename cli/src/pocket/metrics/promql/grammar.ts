import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { ExpressionFault } from './faults.js';

/** The tree of Prometheus' own grammar for an expression without syntax errors. */
export function grammarTree(source: string): SyntaxNode {
  const top = parser.parse(source).topNode;
  const error = firstError(top);
  if (error !== undefined) {
    const near = source.slice(error.from, error.from + 20);
    throw new ExpressionFault(`'${source}' is no PromQL, ${near === '' ? 'it ends too early' : `look near '${near}' at ${error.from}`}`);
  }
  return top;
}

/** The children of a node without comments. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
}

/** The first child of a name. */
export function part(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return parts(node).find((child) => child.name === name);
}

function firstError(top: SyntaxNode): SyntaxNode | undefined {
  const open = [top];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type.isError) return node;
    open.push(...parts(node).reverse());
  }
  return undefined;
}

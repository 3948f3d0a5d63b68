import type { GraphModel, ModelDocument, ModelRoute } from '../../contract/documents.js';
import { MyelinError } from '../../shared/errors.js';

/**
 * Fails for a model that servers alone cannot answer: one whose routes combine models, or choose a backend by what they learn.
 * That is the work of the program `graph`, which this release does not have.
 */
export function refuseGraph(document: ModelDocument): void {
  for (const { path, nodes } of document.routes) {
    const joined = nodes.length > 1 || nodes.some(({ dependencies }) => dependencies.length > 0);
    if (joined) throw new MyelinError('MYELIN_RELEASE_GRAPH_NEEDED', { model: document.model, what: `the route ${path} combines models` });
  }
  for (const { name, selection, backends } of document.models) {
    if (backends.length > 1 && (selection === 'epsilon-greedy' || selection === 'thompson')) {
      throw new MyelinError('MYELIN_RELEASE_GRAPH_NEEDED', { model: document.model, what: `the model ${name} chooses its backend by ${selection}` });
    }
  }
}

/** The node of the graph that answers a route, and the path that is called on it. */
export function answering(document: ModelDocument, route: ModelRoute): { readonly node: GraphModel; readonly path: string } {
  const { model, path } = route.nodes[0]!;
  const node = document.models.find(({ name }) => name === model);
  if (node === undefined) throw new MyelinError('MYELIN_RELEASE_ROUTE_DANGLING', { route: route.path, model });
  return { node, path };
}

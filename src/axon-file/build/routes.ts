import { Route } from '../../serving/route';
import { suggest } from '../../validate/suggest';
import { Report } from '../report';
import { ModelKeys, RouteKeys } from '../schema/deployer-shape';
import { attempt } from './attempt';

/** The public paths of a deployer; undefined for the default. */
export function buildRoutes(routes: RouteKeys[] | undefined, models: ModelKeys[], report: Report): Route[] | undefined {
  const found = routes?.flatMap((route) => buildRoute(route, models, report) ?? []);
  // A list that is empty only because its routes are wrong is not reported as empty.
  return found?.length === 0 && routes!.length > 0 ? undefined : found;
}

function buildRoute({ path, dag, $ }: RouteKeys, models: ModelKeys[], report: Report): Route | undefined {
  if (path === undefined || dag === undefined) {
    return undefined;
  }
  if (dag.length !== 1) {
    report.error($.at('dag'), dag.length === 0 ? 'empty' : 'unsupported', 'dag', dag.length === 0 ? '[]' : `${dag.length} nodes`,
      dag.length === 0 ? 'must hold a node' : 'has several nodes, and graphs of several models are not supported yet', dag.length === 0 ? 'name a model' : 'route to one model');
    return undefined;
  }
  const [node] = dag;
  const { model } = node;
  const joins = ['dependencies', 'includeInput'].filter((key) => (key === 'dependencies' ? (node.dependencies?.length ?? 0) > 0 : node.includeInput?.value));
  for (const key of joins) {
    report.error(node.$.at(key), 'unsupported', key, key === 'dependencies' ? node.dependencies!.map(({ value }) => value).join(', ') : 'true',
      'joins models, which is not supported yet', 'remove it');
  }
  const known = models.flatMap(({ name }) => name?.value ?? []);
  if (model !== undefined && !known.includes(model.value)) {
    report.error(model.place, 'not-found', 'model', model.value, 'is no model of the deployer', suggest(model.value, known));
    return undefined;
  }
  return model && attempt(report, { keys: $, words: { call: 'dag.path' } }, () => Route.to(path.value, model.value, { call: node.path?.value }));
}

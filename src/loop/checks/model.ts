import { either } from '../../problem/phrase';
import { error, Problem, warning } from '../../problem/problem';
import { suggest } from '../../validate/suggest';
import { Loop, taskOf } from '../loop';
import { ModelGraphData, routesOf } from '../model';

/** Checks one model graph against the whole loop. */
export function modelProblems(loop: Loop, graph: ModelGraphData): Problem[] {
  const { path, identifier, userName, models } = graph;
  const found: Problem[] = [];
  if (taskOf(loop, identifier) !== undefined) {
    found.push(error(path, 'duplicate', 'modelName', userName, 'is also the name of a task, and the steps of a sensor may be either',
      either("set another 'modelName'", 'rename one of them')));
  }
  if (models.length === 0) {
    found.push(error(path, 'empty', 'models', '[]', 'must hold a model', either("call 'addModel', or set 'models'", 'add one')));
  } else {
    found.push(...routeProblems(graph));
  }
  if (!loop.sensors.some(({ stages }) => stages.flat().some(({ kind, name }) => kind === 'deploy' && name === identifier))) {
    found.push(warning(path, 'unreachable', 'modelName', userName, 'is deployed by no sensor, so it has no address', "add its 'deploy()' to the steps of a sensor"));
  }
  return [...found, ...sharedRouteProblems(loop, graph)];
}

function routeProblems(graph: ModelGraphData): Problem[] {
  const { path: place, models } = graph;
  const names = models.map(({ userName }) => userName);
  const routes = routesOf(graph);
  const found = routes.length > 0 ? [] : [error(place, 'unreachable', 'routes', '[]', 'is empty, so the model has no address',
    either("call 'addRoute', or remove 'routes' for the default paths", "add a route, or remove 'routes' for the default paths"))];
  routes.forEach(({ path, model }, item) => {
    if (!names.includes(model)) {
      found.push(error(place, 'not-found', 'routes', `${path} to ${model}`, 'names a model that the graph does not have', suggest(model, names), { item }));
    }
    if (routes.findIndex((other) => other.path === path) < item) {
      found.push(error(place, 'duplicate', 'routes', path, 'is routed twice', 'remove one', { item }));
    }
  });
  return found;
}

/** Paths that another model graph has, too. The graph with the later identifier reports them. */
function sharedRouteProblems({ models }: Loop, graph: ModelGraphData): Problem[] {
  const { path: place, identifier } = graph;
  const paths = new Set(routesOf(graph).map(({ path }) => path));
  return models.filter((other) => other.identifier < identifier).flatMap((other) => {
    const shared = routesOf(other).find(({ path }) => paths.has(path));
    return shared === undefined ? [] : [error(place, 'duplicate', 'routes', shared.path,
      `is also a path of the model graph '${other.userName}' of the same axon`, 'use another path in one of them')];
  });
}

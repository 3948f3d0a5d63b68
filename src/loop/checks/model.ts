import { either } from '../../problem/phrase';
import { error, Problem, warning } from '../../problem/problem';
import { suggest } from '../../validate/suggest';
import { Loop, taskOf } from '../loop';
import { ModelGraphData } from '../model';

/** Checks one model graph against the whole loop. */
export function modelProblems(loop: Loop, graph: ModelGraphData): Problem[] {
  const { path, identifier, userName, routes } = graph;
  const found: Problem[] = [];
  if (taskOf(loop, identifier) !== undefined) {
    found.push(error(path, 'duplicate', 'modelName', userName, 'is also the name of a task, and the steps of a sensor may be either',
      either("set another 'modelName'", 'rename one of them')));
  }
  found.push(...routeProblems(graph));
  if (routes.length === 0) {
    found.push(error(path, 'unreachable', 'routes', '[]', 'is empty, so nobody can reach the model',
      either("route a path, as 'Route.to('/predict', …)'", 'add a route')));
  }
  if (!loop.sensors.some(({ stages }) => stages.flat().some(({ kind, name }) => kind === 'deploy' && name === identifier))) {
    found.push(warning(path, 'unreachable', 'modelName', userName, 'is deployed by no sensor, so nobody can call it', "run its 'deploy()' in one"));
  }
  return [...found, ...sharedRouteProblems(loop, graph)];
}

function routeProblems({ path: place, models, routes }: ModelGraphData): Problem[] {
  const names = models.map(({ userName }) => userName);
  const found: Problem[] = [];
  routes.forEach(({ path, model }, item) => {
    if (!names.includes(model)) {
      found.push(error(place, 'not-found', 'routes', `${path} to ${model}`, 'leads to a model that the graph does not have', suggest(model, names), { item }));
    }
    if (routes.findIndex((other) => other.path === path) < item) {
      found.push(error(place, 'duplicate', 'routes', path, 'is routed twice', 'remove one', { item }));
    }
  });
  return found;
}

/** Paths that a model graph before this one has, too. */
function sharedRouteProblems({ models }: Loop, { path: place, identifier, routes }: ModelGraphData): Problem[] {
  const paths = new Set(routes.map(({ path }) => path));
  return models.filter((other) => other.identifier < identifier).flatMap((other) => {
    const shared = other.routes.find(({ path }) => paths.has(path));
    return shared === undefined ? [] : [error(place, 'duplicate', 'routes', shared.path,
      `is a path of the model graph '${other.userName}' of the same axon, too`, 'give one of them another path')];
  });
}

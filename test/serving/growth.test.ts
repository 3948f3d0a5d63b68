import { Axon, Model, ModelGraph, ModelGraphProps, Route, Sensor } from '../../src';
import { emptyAxon, modelParts } from '../helpers/loop';
import { documentOf, Manifest, messageOf, refusals, synthesise } from '../helpers/manifests';

function graphWith(props: (model: Model) => ModelGraphProps = () => ({})) {
  const { chart, axon } = emptyAxon();
  const { train: trainer, serve: server } = modelParts(axon);
  const model = Model.fromTraining('digits', { trainer, server });
  const graph = new ModelGraph(axon, 'model', props(model));
  new Sensor(axon, 'trained', { triggers: [trainer.succeeded()], steps: [graph.deploy()] });
  return { chart, axon, graph, model, parts: { trainer, server } };
}

const pathsOf = (objects: Manifest[]) => documentOf(objects, 'digits-model-model').routes.map(({ path }: Manifest) => path);

test('a model graph that grows gives the manifests of one that is declared at once', () => {
  const atOnce = graphWith((model) => ({ models: [model], routes: [Route.to('/score', 'digits'), Route.to('/predict', 'digits')] }));
  const { chart, graph, model } = graphWith();
  graph.addRoute(Route.to('/score', 'digits'));
  graph.addModel(model);
  graph.addRoute(Route.to('/predict', 'digits'));

  expect(synthesise(chart)).toEqual(synthesise(atOnce.chart));
});

test('a graph without routes has the default paths, also when its model is added', () => {
  const { chart, graph, model } = graphWith();
  graph.addModel(model);

  expect(pathsOf(synthesise(chart))).toEqual(['/predict', '/send-feedback']);
});

test('a route that is added replaces the default paths', () => {
  const { chart, graph } = graphWith((model) => ({ models: [model] }));
  graph.addRoute(Route.to('/score', 'digits'));

  expect(pathsOf(synthesise(chart))).toEqual(['/score']);
});

test('a graph grows from the routes that it was given, and that list stays as it was', () => {
  const routes = [Route.to('/score', 'digits')];
  const { chart, graph } = graphWith((model) => ({ models: [model], routes }));
  graph.addRoute(Route.to('/feedback', 'digits', { call: '/send-feedback' }));

  expect(pathsOf(synthesise(chart))).toEqual(['/feedback', '/score']);
  expect(routes).toHaveLength(1);
});

test('fails at synthesis if a model graph has no model', () => {
  expect(refusals(graphWith().chart)).toEqual(["model: 'models' ([]) must hold a model, call 'addModel', or set 'models'"]);
});

test('fails at synthesis if a route that is added names another model', () => {
  const { chart, graph } = graphWith((model) => ({ models: [model] }));
  graph.addRoute(Route.to('/score', 'digit'));

  expect(refusals(chart)).toEqual(["model: 'routes' (/score to digit) names a model that the graph does not have, did you mean 'digits'?"]);
});

test('fails if a second model is added', () => {
  const { graph, parts } = graphWith((model) => ({ models: [model] }));

  expect(messageOf(() => graph.addModel(Model.fromTraining('letters', parts)))).toBe("'model' (letters) is a second model beside 'digits', "
    + 'and graphs of several models are not supported yet, serve each model by a graph of its own, in an axon of its own');
});

test('fails if a model of another axon is added', () => {
  const { chart, model } = graphWith();
  const graph = new ModelGraph(new Axon(chart, 'other'), 'model');

  expect(messageOf(() => graph.addModel(model)))
    .toBe("'model' (train) belongs to axon 'digits', and the model graph to axon 'other', declare both in one axon");
});

import { Construct } from 'constructs';
import { Axon, ContainerTask, Image, ModelServer, ModelServerProps, Sensor } from '../../src';
import { emptyAxon, modelParts, READY } from '../helpers/loop';
import { documentOf, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

test('the axon document lists tasks, and no model server', () => {
  const { chart, axon } = emptyAxon();
  modelParts(axon);

  expect(documentOf(synthesise(chart), 'digits-axon').tasks.map(({ name }: { name: string }) => name)).toEqual(['train']);
});

test('a model server has no step of its own', () => {
  const { chart, axon } = emptyAxon();
  modelParts(axon);

  expect(() => templateOf(synthesise(chart), 'task-serve')).toThrow('no template task-serve');
});

test('a model server is not a step of a sensor, by its type', () => {
  const { axon } = emptyAxon();
  const server = new ModelServer(axon, 'serve', { image: READY });

  // @ts-expect-error a model server has no stages
  expect(() => new Sensor(axon, 's', { steps: [server] })).toThrow();
});

test('the image, variables and placement of a model server are checked like those of a task', () => {
  const { chart, axon } = emptyAxon();
  new ModelServer(axon, 'serve', {
    image: Image.fromSource('serve'), env: { MYELIN_RUN: '1' }, args: ['{{x}}'], pod: { nodeSelector: { '': 'a' } },
  });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY })] });

  expect(refusals(chart).map((message) => message.replace(/^serve: '([^']+)'.*$/, '$1'))).toEqual(['image', 'env', 'args', 'pod.nodeSelector']);
});

test.each<[string, (axon: Axon) => unknown, string]>([
  ['a model server has no image', (axon) => new ModelServer(axon, 'x', {} as ModelServerProps),
    "'image' (undefined) is required, set it, for instance to 'Image.fromRegistry(…)'"],
  ['a prediction class is a path', (axon) => new ModelServer(axon, 'x', { image: READY, predictor: 'serve/Digits.py' }),
    "'predictor' (serve/Digits.py) must be the name of a Python class, which is also the name of its file, use letters, digits and underscores, with no digit first"],
  ['a model server has the name of a task', (axon) => {
    new ContainerTask(axon, 'serve', { image: READY });
    return new ModelServer(new Construct(axon, 'inner'), 'serve', { image: READY });
  }, "'serverName' (serve) is the name of a task and of a model server of axon 'digits', which share their names, set another 'serverName'"],
  ['a task and a model server become one name', (axon) => {
    new ModelServer(axon, 'ServeModel', { image: READY });
    return new ContainerTask(axon, 'serve_model', { image: READY });
  }, "'taskName' (serve_model) becomes 'serve-model', and so does the model server 'ServeModel' of axon 'digits', set another 'taskName'"],
  ['two model servers have one name', (axon) => {
    new ModelServer(axon, 'serve', { image: READY });
    return new ModelServer(new Construct(axon, 'inner'), 'serve', { image: READY });
  }, "'serverName' (serve) is the name of another model server of axon 'digits', set another 'serverName'"],
])('fails if %s', (_, declare, message) => {
  expect(messageOf(() => declare(emptyAxon().axon))).toBe(message);
});

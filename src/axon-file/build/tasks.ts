import { SecretValue } from 'cdk8s-plus-27';
import { Image } from '../../image/image';
import { identifier } from '../../loop/names';
import { Words } from '../../problem/render';
import { ContainerTask } from '../../task/container-task';
import { DeployTask, EndpointType } from '../../task/deploy-task';
import { Objective } from '../../task/objective';
import { Task } from '../../task/task';
import { TaskProps } from '../../task/task-props';
import { TrainingTask } from '../../task/training-task';
import { Leaf } from '../schema/shape';
import { ContainerKeys, DeployKeys, TaskKeys, TrainKeys } from '../schema/task-shape';
import { secretValue } from './artifacts';
import { Origin } from './attempt';
import { Builder } from './builder';
import { Body, DeclaredTask } from './declared';
import { buildImage } from './images';
import { buildTuner } from './tuning';

/** Makes the tasks of an axon, and the tuners of those that are tuned. */
export function buildTasks(tasks: TaskKeys[], builder: Builder): void {
  const names = builder.tasks;
  for (const keys of tasks) {
    const { name } = keys;
    const declared: DeclaredTask = { body: bodyOf(keys, builder) };
    if (name !== undefined && !names.add(name, declared)) {
      // Whoever refers to one of two can mean either.
      names.get(name.value)!.body = undefined;
    } else if (name !== undefined && declared.body !== undefined) {
      declared.task = makeTask(keys, name.value, declared.body, builder) ?? standIn(name.value, declared.body, builder);
    }
    builder.incomplete ||= declared.task === undefined;
  }
}

/** The one body of a task. */
function bodyOf({ name, $ }: TaskKeys, { report }: Builder): Body | undefined {
  const known = BODIES.filter((body) => $.has(body));
  const all = [...known, ...['spark', 'tfJob'].filter((body) => $.has(body))];
  if (all.length !== 1) {
    report.error(name?.place ?? $.place, 'exclusive', 'name', name?.value ?? 'nothing', all.length === 0
      ? "must have a body, 'container', 'train' or 'deploy'" : `must have one body, and has ${all.map((body) => `'${body}'`).join(' and ')}`,
    all.length === 0 ? 'add one' : 'make a task of each');
  }
  return all.length === 1 ? known[0] : undefined;
}

/** Variables whose values stay out of messages; broader than what is refused. */
const SECRETIVE = /pass|secret|token|key|credential/i;

const BODIES: readonly Body[] = ['container', 'train', 'deploy'];

function makeTask(keys: TaskKeys, name: string, body: Body, builder: Builder): Task | undefined {
  const content = keys[body];
  const image = content && buildImage(content, `a ${body} body`, builder);
  if (content === undefined || image === undefined) {
    return undefined;
  }
  const props = { ...commonProps(content, builder), image, inputs: keys.inputs?.map(({ value }) => ({ identifier: identifier(value) })) };
  const origin = { keys: keys.$, words: wordsOf(body, content) };
  switch (body) {
    case 'container':
      return builder.attemptPart(origin, ROOM, name, (scope) => new ContainerTask(scope, name, props));
    case 'deploy':
      return builder.attemptPart(origin, ROOM, name, (scope) => new DeployTask(scope, name, { ...props, ...deployProps(keys.deploy!) }));
    case 'train':
      return makeTraining(keys.train!, name, props, origin, builder);
  }
}

const ROOM = 'tasks';

function makeTraining(train: TrainKeys, name: string, props: TaskProps, origin: Origin, builder: Builder): Task | undefined {
  const { lossMetric, hpTuning, $ } = train;
  const objective = lossMetric && builder.attempt({ keys: $, words: { objective: 'lossMetric' } }, () => (
    // One that is misspelt is a mistake already; it also turning into a minimum would be another.
    !$.has('lossMetricSelector') ? Objective.minimize(lossMetric.value) : Objective.maximize(lossMetric.value)));
  const metrics = train.metrics?.flatMap((metric) => metric.name?.value ?? []);
  const task = builder.attemptPart(origin, ROOM, name, (scope) => new TrainingTask(scope, name, { ...props, objective, metrics }));
  if ($.has('hpTuning') && !$.has('lossMetric')) {
    builder.report.error($.at('hpTuning'), 'required', 'lossMetric', 'nothing', "is required beside 'hpTuning': trials are compared by it", 'add it');
  } else if (task !== undefined && objective !== undefined && hpTuning !== undefined) {
    buildTuner(hpTuning, task, builder);
  }
  return task;
}

/** Takes the place of a task that cannot be made, so that what refers to it can be looked at. */
function standIn(name: string, body: Body, builder: Builder): Task | undefined {
  const scope = builder.room(ROOM);
  const props = { image: Image.fromRegistry('stand-in:0') };
  try {
    return body === 'container' ? new ContainerTask(scope, name, props)
      : body === 'train' ? new TrainingTask(scope, name, props) : new DeployTask(scope, name, props);
  } catch {
    // Its very name is at fault, as has been said.
    scope.node.tryRemoveChild(name);
    return undefined;
  }
}

function commonProps(content: ContainerKeys, builder: Builder): Omit<TaskProps, 'image'> {
  const { args, env = [], secretEnv = [], resources, nodeSelector, timeout, retries } = content;
  env.filter(({ name }) => SECRETIVE.test(name?.value ?? '')).forEach(({ value }) => value && builder.report.hide(value.place));
  const plain = env.flatMap(({ name, value }): [Leaf<string>, string][] => (name ? [[name, value?.value ?? '']] : []));
  const secret = secretEnv.flatMap(({ name, secret: reference }): [Leaf<string>, SecretValue][] => {
    const found = reference && secretValue(reference, builder.report);
    return name && found ? [[name, found]] : [];
  });
  return {
    args: args?.map(({ value }) => value),
    env: env.length === 0 ? undefined : unique(plain, builder),
    secretEnv: secretEnv.length === 0 ? undefined : unique(secret, builder),
    resources: resources && { requests: texts(resources.requests), limits: texts(resources.limits) },
    nodeSelector: texts(nodeSelector),
    timeout: timeout?.value,
    retries: retries?.value,
  };
}

function deployProps({ predictor, endpointType }: DeployKeys) {
  return { predictor: predictor?.value, endpoint: endpointType && EndpointType.REST };
}

/** Variables by name; a list can name one twice. */
function unique<T>(variables: [Leaf<string>, T][], { report }: Builder): Record<string, T> {
  const found = new Map<string, T>();
  for (const [name, value] of variables) {
    if (found.has(name.value)) {
      report.error(name.place, 'duplicate', 'name', name.value, 'is set twice', 'remove one');
    }
    found.set(name.value, value);
  }
  return Object.fromEntries(found);
}

function texts(leaves: Record<string, Leaf<string>> | undefined): Record<string, string> | undefined {
  return leaves && Object.fromEntries(Object.entries(leaves).map(([key, { value }]) => [key, value]));
}

/** Where the properties of a task stand in its keys. */
function wordsOf(body: Body, content: ContainerKeys): Words {
  const inside = ['env', 'secretEnv', 'resources', 'retries', 'timeout', 'metrics', 'predictor'].map((key) => [key, `${body}.${key}`]);
  return { ...Object.fromEntries(inside), objective: `${body}.lossMetric`, image: `${body}.${content.$.has('image') ? 'image' : 'imageBuild'}` };
}

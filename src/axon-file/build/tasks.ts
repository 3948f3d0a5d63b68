import { SecretValue } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { WrittenResources } from '../../common/resources-data';
import { Image } from '../../image/image';
import { identifier } from '../../loop/names';
import { Words } from '../../problem/render';
import { ModelServer } from '../../serving/model-server';
import { ContainerProps } from '../../task/container-props';
import { ContainerTask } from '../../task/container-task';
import { Objective } from '../../task/objective';
import { Task } from '../../task/task';
import { TaskProps } from '../../task/task-props';
import { TrainingTask } from '../../task/training-task';
import { Leaf } from '../schema/shape';
import { BodyKeys, TaskKeys, TrainKeys } from '../schema/task-shape';
import { bodyAccount } from './accounts';
import { secretValue } from './artifacts';
import { Origin } from './attempt';
import { Builder } from './builder';
import { Body, DeclaredTask, TaskBody } from './declared';
import { buildImage } from './images';
import { buildTuner } from './tuning';
import { podOptions, texts } from './values';

/** Makes the tasks and model servers of an axon, and the tuners of tuned tasks. */
export function buildTasks(tasks: TaskKeys[], builder: Builder): void {
  const names = builder.tasks;
  for (const keys of tasks) {
    const { name } = keys;
    const body = bodyOf(keys, builder);
    const declared: DeclaredTask = { body };
    if (name !== undefined && !names.add(name, declared)) {
      // A reference to the name can mean either.
      names.get(name.value)!.body = undefined;
    } else if (name !== undefined) {
      declared.task = body === undefined || body === 'deploy' ? undefined : makeTask(keys, name.value, body, builder) ?? standInTask(name.value, body, builder);
      declared.server = body === 'deploy' ? makeServer(keys, name.value, builder) ?? standInServer(name.value, builder) : undefined;
    }
    builder.incomplete ||= declared.task === undefined && declared.server === undefined;
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

function makeServer({ deploy, inputs, $ }: TaskKeys, name: string, builder: Builder): ModelServer | undefined {
  if (inputs !== undefined) {
    builder.report.warning($.at('inputs'), 'unused', 'inputs', inputs.map(({ value }) => value).join(', '),
      "has no effect on a model server, which reads the model's folder only", 'remove it');
  }
  const container = deploy && containerProps(deploy, 'deploy', builder);
  return container && builder.attemptPart({ keys: $, words: wordsOf('deploy', deploy) }, ROOM, name, (scope) => (
    new ModelServer(scope, name, { ...container, predictor: deploy.predictor?.value })));
}

function makeTask({ container, train, inputs, $ }: TaskKeys, name: string, body: TaskBody, builder: Builder): Task | undefined {
  const content = body === 'container' ? container : train;
  const common = content && containerProps(content, body, builder);
  if (common === undefined) {
    return undefined;
  }
  const { timeout, retries } = content!;
  const attempts = { timeout: timeout?.value, retries: retries?.value };
  const props = { ...common, ...attempts, inputs: inputs?.map(({ value }) => ({ taskName: value, identifier: identifier(value) })) };
  const origin = { keys: $, words: wordsOf(body, content!) };
  return body === 'train' ? makeTraining(train!, name, props, origin, builder)
    : builder.attemptPart(origin, ROOM, name, (scope) => new ContainerTask(scope, name, props));
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

function standInTask(name: string, body: TaskBody, builder: Builder): Task | undefined {
  return standIn<Task>(name, (scope, props) => (body === 'container' ? new ContainerTask(scope, name, props) : new TrainingTask(scope, name, props)), builder);
}

function standInServer(name: string, builder: Builder): ModelServer | undefined {
  return standIn(name, (scope, props) => new ModelServer(scope, name, props), builder);
}

/** Replaces a task or model server that cannot be created, so that references to it can be checked. */
function standIn<T>(name: string, make: (scope: Construct, props: ContainerProps) => T, builder: Builder): T | undefined {
  const scope = builder.room(ROOM);
  try {
    return make(scope, { image: Image.fromRegistry('stand-in:0') });
  } catch {
    // The name itself is wrong, which has been reported.
    scope.node.tryRemoveChild(name);
    return undefined;
  }
}

/** The container of a body; undefined when its image is wrong, which has been reported. */
function containerProps(content: BodyKeys, body: Body, builder: Builder): ContainerProps | undefined {
  const image = buildImage(content, `a ${body} body`, builder);
  if (image === undefined) {
    return undefined;
  }
  const { args, env = [], secretEnv = [], resources, nodeSelector, pod, serviceAccount } = content;
  env.filter(({ name }) => SECRETIVE.test(name?.value ?? '')).forEach(({ value }) => value && builder.report.hide(value.place));
  const plain = env.flatMap(({ name, value }): [Leaf<string>, string][] => (name ? [[name, value?.value ?? '']] : []));
  const secret = secretEnv.flatMap(({ name, secret: reference }): [Leaf<string>, SecretValue][] => {
    const found = reference && secretValue(reference, builder.report);
    return name && found ? [[name, found]] : [];
  });
  return {
    image,
    args: args?.map(({ value }) => value),
    env: env.length === 0 ? undefined : unique(plain, builder),
    secretEnv: secretEnv.length === 0 ? undefined : unique(secret, builder),
    resources: resources && new WrittenResources({ requests: texts(resources.requests), limits: texts(resources.limits) }),
    pod: podOptions(pod, texts(nodeSelector)),
    serviceAccount: serviceAccount && bodyAccount(serviceAccount, builder.report),
  };
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

/** Where the properties of a task stand in its keys. */
function wordsOf(body: Body, content: BodyKeys): Words {
  const inside = ['env', 'secretEnv', 'resources', 'retries', 'timeout', 'metrics', 'predictor', 'pod'].map((key) => [key, `${body}.${key}`]);
  return {
    ...Object.fromEntries(inside),
    'taskName': 'name',
    'serverName': 'name',
    'objective': `${body}.lossMetric`,
    'image': `${body}.${content.$.has('image') ? 'image' : 'imageBuild'}`,
    'pod.nodeSelector': content.pod?.nodeSelector === undefined ? `${body}.nodeSelector` : `${body}.pod.nodeSelector`,
    'serviceAccount': `${body}.serviceAccount.name`,
  };
}

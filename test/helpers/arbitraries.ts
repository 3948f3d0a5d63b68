import fc from 'fast-check';
import { identifier } from '../../src/loop/names';
import {
  AxonDescription, ConditionDescription, ImageDescription, ModelDescription, ParameterDescription, SensorDescription, TaskDescription,
  TriggerDescription, TunerDescription,
} from './description';

/** What is left of 52 characters for a part, and what an axon may have. */
export const LONGEST_AXON = 46;
const LONGEST_PART = 52;

/** How a name is written; `number` keeps names apart whatever their spelling. */
const SPELLINGS: ((words: string[], number: number) => string)[] = [
  (words, number) => [...words, number].join('-'),
  (words, number) => `${words.map(capital).join('')}${number}`,
  (words, number) => [...words, number].join('_'),
];
const WORDS = ['clean', 'records', 'train', 'digits', 'serve', 'ml', 'fraud', 'daily', 'x'];

interface Name {
  readonly words: string[];
  readonly spelling: number;
  /** Whether the name is as long as it may be. */
  readonly long: boolean;
}

/** Writes the next name, of at most that many characters. */
type Namer = (given: Name, most?: number) => string;

const name: fc.Arbitrary<Name> = fc.record({
  words: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
  spelling: fc.nat({ max: SPELLINGS.length - 1 }),
  long: fc.boolean(),
});

/** A written name whose identifier has at most that many characters. */
function written({ words, spelling, long }: Name, number: number, longest: number): string {
  const short = [`${words.map((word) => word[0]).join('')}x`];
  const room = longest - String(number).length - 1;
  const fitting = words.join('-').length <= room ? words : short.join('').length <= room ? short : ['n'];
  const padded = long && room - fitting.join('-').length > 1 ? [...fitting, 'y'.repeat(room - fitting.join('-').length - 1)] : fitting;
  return SPELLINGS[spelling](padded, number);
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

const image = fc.record({
  kind: fc.constantFrom<ImageDescription['kind'][]>('ready', 'ready', 'dockerfile', 'folder'),
  tag: fc.constantFrom('1.0', 'v2-rc.1', '2024.10'),
  command: fc.constantFrom<string[][]>(['python', 'main.py'], ['./run']),
});

const quantities = fc.record({
  cpu: fc.option(fc.constantFrom('250m', '1', '0.5'), { nil: undefined }),
  memory: fc.option(fc.constantFrom('512Mi', '1Gi'), { nil: undefined }),
  gpu: fc.boolean(),
});

const task = fc.record({
  kind: fc.constantFrom<TaskDescription['kind'][]>('container', 'training', 'training', 'deploy'),
  name,
  image,
  env: fc.dictionary(fc.constantFrom('MODE', 'ROWS', 'COLUMNS', 'VERBOSE'), fc.constantFrom('', '0', 'a b', '$(X)', '"quoted"', '{ "json": 1 }'), { maxKeys: 3 }),
  parameterised: fc.boolean(),
  secret: fc.boolean(),
  quantities: fc.option(quantities, { nil: undefined }),
  nodeSelector: fc.option(fc.constantFrom<Record<string, string>[]>({ 'kubernetes.io/arch': 'amd64' }, { 'pool': 'gpu', 'example.org/zone': 'b' }), { nil: undefined }),
  args: fc.option(fc.constantFrom<string[][]>(['--fast'], ['--rows', '10']), { nil: undefined }),
  timeoutMinutes: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
  retries: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
  metrics: fc.option(fc.subarray(['test_accuracy', 'auc', 'rows-read']), { nil: undefined }),
  objective: fc.option(fc.record({ metric: fc.constantFrom('validation_accuracy', 'f1', 'gain'), larger: fc.constant(true) }), { nil: undefined }),
});

const parameter: fc.Arbitrary<ParameterDescription> = fc.oneof(
  fc.record({ kind: fc.constantFrom('float' as const, 'integer' as const), min: fc.integer({ min: 1, max: 5 }), max: fc.integer({ min: 6, max: 99 }), log: fc.boolean() }),
  fc.record({ kind: fc.constant('categorical' as const), values: fc.uniqueArray(fc.constantFrom('relu', 'tanh', 'none', '1'), { minLength: 1 }) }),
);

const tuner = fc.record({
  kind: fc.constantFrom('hyperband' as const, 'random' as const),
  name,
  budget: fc.constantFrom(9, 27, 81),
  concurrency: fc.integer({ min: 1, max: 8 }),
  space: fc.dictionary(fc.constantFrom('learning-rate', 'hidden_units', 'activation', 'alpha.l2'), parameter, { minKeys: 1, maxKeys: 3 }),
});

const model = fc.record({
  name,
  backends: fc.array(fc.record({ trainer: fc.nat(), server: fc.nat() }), { minLength: 1, maxLength: 2 }),
  replicas: fc.integer({ min: 1, max: 3 }),
  rollout: fc.record({ weights: fc.constantFrom<number[][]>([100], [80, 20], [60, 30, 10]), header: fc.option(fc.constant('x-canary'), { nil: undefined }), shadow: fc.boolean() }),
  capture: fc.option(fc.record({ rate: fc.constantFrom(1, 0.1), days: fc.integer({ min: 1, max: 90 }) }), { nil: undefined }),
});

const trigger = fc.record({
  kind: fc.constantFrom<TriggerDescription['kind'][]>('task', 'task', 'rest', 'calendar', 'alert'),
  name,
  task: fc.nat(),
  phase: fc.constantFrom('succeeded' as const, 'failed' as const),
  cron: fc.constantFrom('0 3 * * *', '*/15 * * * 1-5', '@daily'),
  timezone: fc.option(fc.constantFrom('Europe/Berlin', 'Etc/UTC'), { nil: undefined }),
  sustainedMinutes: fc.nat({ max: 90 }),
});

const condition = fc.record({
  kind: fc.constantFrom<ConditionDescription['kind'][]>('metric', 'betterThanLive', 'promql'),
  pick: fc.nat(),
  operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
  threshold: fc.constantFrom(0, 0.95, -1, 1e-9),
});

const guard = fc.record({ cooldownMinutes: fc.integer({ min: 1, max: 120 }), runs: fc.integer({ min: 1, max: 9 }), sameData: fc.boolean() });

const sensor = fc.record({
  name,
  triggers: fc.array(trigger, { minLength: 1, maxLength: 3 }),
  conditions: fc.array(condition, { maxLength: 2 }),
  steps: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
  breaks: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  parameters: fc.boolean(),
  guard: fc.option(guard, { nil: undefined }),
  watches: fc.option(fc.constantFrom(0.9, 0.5), { nil: undefined }),
});

const raw = fc.record({
  name,
  namespace: fc.constantFrom('default', 'ml', 'team-a'),
  parameters: fc.dictionary(fc.constantFrom('rows', 'learning-rate', 'Mode'), fc.constantFrom('', '10', 'a "b"'), { maxKeys: 3 }),
  storage: fc.oneof(
    fc.record({ kind: fc.constant('claim' as const), gibibytes: fc.integer({ min: 1, max: 4096 }), shared: fc.boolean() }),
    fc.record({ kind: fc.constant('existing' as const), claim: fc.constant('shared-store') }),
  ),
  tasks: fc.array(task, { minLength: 1, maxLength: 7 }),
  tuners: fc.array(tuner, { maxLength: 2 }),
  models: fc.array(model, { maxLength: 2 }),
  sensors: fc.array(sensor, { maxLength: 5 }),
});

type Raw = typeof raw extends fc.Arbitrary<infer T> ? T : never;

/** The secrets and claims that a random axon takes for granted. */
export const TAKEN_FOR_GRANTED = { secrets: ['warehouse/password'], claims: ['shared-store'] };

/** A valid axon: tasks of all kinds, tuners, up to two models, and sensors of every kind of trigger. */
export const axonDescription: fc.Arbitrary<AxonDescription> = raw.map(valid);

/** The same axon with the keys of every record in another order, and an order to declare its parts in. */
export const shuffledAxon: fc.Arbitrary<{ description: AxonDescription; order: string[] }> = axonDescription.chain((description) => {
  const { tasks, tuners, models, sensors } = description;
  const names = [...tasks, ...tuners, ...models, ...sensors].map((part) => part.name);
  return fc.record({ description: fc.constant(description), order: fc.shuffledSubarray(names, { minLength: names.length }) });
});

/** A copy whose records have their keys the other way round; lists stay as they are. */
export function withKeysReversed<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(withKeysReversed) as T;
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, withKeysReversed(inner)])) as T
    : value;
}

function valid(from: Raw): AxonDescription {
  const axon = written(from.name, 0, LONGEST_AXON);
  const longest = LONGEST_PART - identifier(axon).length - 1;
  let number = 0;
  const next: Namer = (given, most = 50) => written(given, number++, Math.min(longest, most));
  const parameters = Object.keys(from.parameters).sort();
  const tasks = from.tasks.map((given, index): TaskDescription => describeTask(index === 0 && given.kind === 'deploy' ? { ...given, kind: 'container' } : given,
    next(given.name), parameters));
  const trainers = tasks.filter(({ kind }) => kind === 'training');
  const servers = tasks.filter(({ kind }) => kind === 'deploy');
  const tuners = from.tuners.slice(0, trainers.length)
    .map((given, index): TunerDescription => ({ ...given, name: next(given.name), task: trainers[index].name }));
  const tuned = new Set(tuners.map((each) => each.task));
  const judged = tasks.map((each): TaskDescription => (tuned.has(each.name) ? { ...each, objective: each.objective ?? { metric: 'gain', larger: true } } : each));
  const served = trainers.length > 0 && servers.length > 0 ? from.models : [];
  const models = served.map((given) => describeModel(given, next(given.name), trainers, servers));
  const sensors = describeSensors(from, judged, models, parameters, next);
  const source = tasks.some((each) => each.image.kind !== 'ready') ? { repository: 'https://git.example.org/ml/loop.git', revision: '4f1c2d0' } : undefined;
  const { namespace, storage } = from;
  return { name: axon, namespace, parameters: from.parameters, ...(source && { source }), storage, tasks: judged, tuners, models, sensors };
}

function describeTask({ kind, image: { kind: made, tag, command }, ...given }: Raw['tasks'][number], called: string, parameters: string[]): TaskDescription {
  const { cpu, memory, gpu } = given.quantities ?? {};
  const requests = { ...(cpu && { cpu }), ...(memory && { memory }) };
  const limits = { ...(gpu && { 'nvidia.com/gpu': '1' }), ...(memory && { memory: '2Gi' }) };
  return {
    kind,
    name: called,
    image: made === 'ready' ? { kind: made, reference: `registry.example.org/ml/work:${tag}`, command }
      : { kind: made, path: made === 'folder' ? 'serve' : 'train/Dockerfile', command },
    args: given.args,
    env: { ...given.env, ...(given.parameterised && parameters.length > 0 && { LIMIT: `at most {{workflow.parameters.${parameters[0]}}}` }) },
    secretEnv: given.secret ? { WAREHOUSE_PASSWORD: { name: 'warehouse', key: 'password' } } : {},
    ...(given.quantities && { resources: { requests, limits } }),
    nodeSelector: given.nodeSelector,
    ...(kind !== 'deploy' && { timeoutMinutes: given.timeoutMinutes, retries: given.retries, metrics: given.metrics }),
    ...(kind === 'training' && given.objective && { objective: given.objective }),
    ...(kind === 'deploy' && { predictor: 'Predictor' }),
  };
}

function describeModel({ backends, ...given }: Raw['models'][number], called: string, trainers: TaskDescription[], servers: TaskDescription[]): ModelDescription {
  return {
    ...given,
    name: called,
    model: 'scorer',
    backends: backends.map(({ trainer, server }, index) => ({
      name: `backend-${index}`, trainer: pick(trainers, trainer).name, server: pick(servers, server).name, weight: backends.length === 1 ? 100 : [70, 30][index],
    })),
    routes: [`/${called}/predict`, `/${called}/send-feedback`],
  };
}

function describeSensors(from: Raw, tasks: TaskDescription[], models: ModelDescription[], parameters: string[], next: Namer): SensorDescription[] {
  const runnable = tasks.filter(({ kind }) => kind !== 'deploy');
  // Whatever a model serves must be trained by somebody, and the first sensor needs no event for it.
  const trained = [...new Set([runnable[0].name, ...models.flatMap(({ backends }) => backends.map(({ trainer }) => trainer))])];
  const first: SensorDescription = {
    name: next({ words: ['start'], spelling: 0, long: false }), triggers: [], conditions: [], steps: trained.map((called) => [{ kind: 'task', name: called }]), parameters: [],
  };
  const steps: SensorDescription['steps'][number] = [
    ...runnable.map((each) => ({ kind: 'task' as const, name: each.name })), ...models.map((each) => ({ kind: 'deploy' as const, name: each.name })),
  ];
  const runs = from.sensors.map((given) => stages([...new Set(given.steps.map((index) => pick(steps, index)))], given.breaks));
  const ran = runnable.filter((each) => trained.includes(each.name) || runs.flat(2).some(({ name: called }) => called === each.name));
  const others = from.sensors.map((given, index): SensorDescription => {
    const watched = given.watches !== undefined && models.length > 0 ? pick(models, index) : undefined;
    const called = next(given.name, 38);
    const triggers = watched ? [] : describeTriggers(given.triggers, ran, next, index);
    return {
      name: called,
      triggers,
      conditions: given.conditions.flatMap((each) => describeCondition(each, runnable, models)),
      steps: runs[index],
      parameters: given.parameters && triggers.some(({ kind }) => kind === 'rest') ? parameters : [],
      ...(given.guard && { guard: given.guard }),
      ...(watched && { watches: { model: watched.name, below: given.watches! + index / 100, windowMinutes: 5 } }),
    };
  });
  return withoutCircles([first, ...others]);
}

function describeTriggers(given: Raw['sensors'][number]['triggers'], ran: TaskDescription[], next: Namer, sensorIndex: number): TriggerDescription[] {
  const triggers = given.map(({ kind, name: called, task: index, phase, cron, timezone, sustainedMinutes }, place): TriggerDescription => {
    switch (kind) {
      case 'task':
        return { kind, task: pick(ran, index).name, phase };
      case 'rest':
        return { kind, name: next(called, 38) };
      case 'calendar':
        return { kind, name: next(called, 38), cron: cron === '@daily' ? '0 0 * * *' : cron, timezone };
      case 'alert':
        return { kind, name: next(called, 38), expression: `avg by (namespace) ({{auc}}) < 0.${7 + place}${sensorIndex}`, sustainedMinutes };
    }
  });
  const firstClock = triggers.findIndex(({ kind }) => kind === 'calendar');
  return triggers.filter((each, index) => (each.kind !== 'calendar' || index === firstClock)
    && (each.kind !== 'task' || triggers.findIndex((other) => other.kind === 'task' && other.task === each.task && other.phase === each.phase) === index));
}

function describeCondition(given: Raw['sensors'][number]['conditions'][number], tasks: TaskDescription[], models: ModelDescription[]): ConditionDescription[] {
  const { kind, pick: index, operator, threshold } = given;
  if (kind === 'promql') {
    return [{ kind, expression: `{{auc}} > ${threshold}` }];
  }
  if (kind === 'betterThanLive') {
    const against = models.length > 0 ? pick(models, index) : undefined;
    const metrics = against?.backends.map(({ trainer }) => publishedBy(tasks.find((each) => each.name === trainer)!)) ?? [];
    const common = metrics[0]?.find((metric) => metrics.every((all) => all.includes(metric)));
    return against === undefined || common === undefined ? [] : [{ kind, model: against.name, metric: common, margin: 0.01 }];
  }
  const asked = pick(tasks, index);
  const metric = publishedBy(asked)[0];
  return metric === undefined ? [] : [{ kind, task: asked.name, metric, operator, threshold }];
}

function publishedBy({ metrics, objective }: TaskDescription): string[] {
  return [...metrics ?? [], ...(objective ? [objective.metric] : [])];
}

function stages<T>(steps: T[], breaks: boolean[]): T[][] {
  const made: T[][] = [];
  steps.forEach((step, index) => (index === 0 || breaks[index % breaks.length] ? made.push([step]) : made[made.length - 1].push(step)));
  return made;
}

/** Every circle has a sensor that listens to what a later one, or itself, runs: that one gets a guard. */
function withoutCircles(sensors: SensorDescription[]): SensorDescription[] {
  return sensors.map((each, index) => {
    const heard = each.triggers.flatMap((one) => (one.kind === 'task' ? [one.task] : []));
    const later = sensors.slice(index).some(({ steps }) => steps.flat().some((step) => step.kind === 'task' && heard.includes(step.name)));
    return later ? { ...each, guard: { cooldownMinutes: 30, runs: 3, ...each.guard, sameData: false } } : each;
  });
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length];
}

import { Duration, Size } from 'cdk8s';
import { Cpu, PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  AlertCondition, AlertRetrainSensor, Axon, Backend, ComputeResources, Condition, ContainerProps, ContainerTask, DataCapture, HeaderMatch,
  HyperbandTuner, ICondition, Image, IPlatform, IStep, ITrigger, Model, ModelGraph, ModelSelection, ModelServer, Objective, Parameter,
  RandomSearchTuner, RetrainGuard, Rollout, RolloutRule, Route, Sensor, Source, Step, Storage, TaskProps, TrainingTask, Trigger,
} from '../../src';
import { cronOf } from './cron';
import { importedClaim } from './imported-claim';
import { secretValue } from './secret-value';

/*
 * An axon as plain data, for tests that say the same thing in several ways: as constructs, in another
 * order, as a file. Parts refer to each other by the names that the user gives.
 */

export interface AxonDescription {
  readonly name: string;
  readonly namespace: string;
  readonly parameters: Record<string, string>;
  readonly source?: SourceDescription;
  readonly storage: StorageDescription;
  readonly tasks: TaskDescription[];
  readonly tuners: TunerDescription[];
  readonly models: ModelDescription[];
  readonly sensors: SensorDescription[];
}

export interface SourceDescription {
  readonly repository: string;
  readonly revision: string;
}

export type StorageDescription =
  | { readonly kind: 'claim'; readonly gibibytes: number; readonly shared: boolean }
  | { readonly kind: 'existing'; readonly claim: string };

export type ImageDescription =
  | { readonly kind: 'ready'; readonly reference: string; readonly command: string[] }
  | { readonly kind: 'dockerfile' | 'folder'; readonly path: string; readonly command: string[] };

export interface TaskDescription {
  readonly kind: 'container' | 'training' | 'deploy';
  readonly name: string;
  readonly image: ImageDescription;
  readonly args?: string[];
  readonly env: Record<string, string>;
  readonly secretEnv: Record<string, SecretDescription>;
  readonly resources?: { readonly requests: Record<string, string>; readonly limits: Record<string, string> };
  readonly nodeSelector?: Record<string, string>;
  /** This and the next two are not for a model server. */
  readonly timeoutMinutes?: number;
  readonly retries?: number;
  readonly metrics?: string[];
  /** Of a training only. */
  readonly objective?: { readonly metric: string; readonly larger: boolean };
  /** For a model server only. */
  readonly predictor?: string;
}

export interface SecretDescription {
  readonly name: string;
  readonly key: string;
}

export type ParameterDescription =
  | { readonly kind: 'float' | 'integer'; readonly min: number; readonly max: number; readonly log: boolean }
  | { readonly kind: 'categorical'; readonly values: string[] };

export interface TunerDescription {
  readonly kind: 'hyperband' | 'random';
  readonly name: string;
  readonly task: string;
  readonly budget: number;
  readonly concurrency: number;
  readonly space: Record<string, ParameterDescription>;
}

export interface ModelDescription {
  readonly name: string;
  /** The name of the only model of the graph. */
  readonly model: string;
  readonly backends: { readonly name: string; readonly trainer: string; readonly server: string; readonly weight: number }[];
  readonly replicas: number;
  readonly rollout: { readonly weights: number[]; readonly header?: string; readonly shadow: boolean };
  readonly routes: string[];
  readonly capture?: { readonly rate: number; readonly days: number };
}

export type TriggerDescription =
  | { readonly kind: 'task'; readonly task: string; readonly phase: 'succeeded' | 'failed' }
  | { readonly kind: 'rest'; readonly name: string }
  | { readonly kind: 'calendar'; readonly name: string; readonly cron: string; readonly timezone?: string }
  | { readonly kind: 'alert'; readonly name: string; readonly expression: string; readonly sustainedMinutes: number };

export type ConditionDescription =
  | { readonly kind: 'metric'; readonly task: string; readonly metric: string; readonly operator: '>' | '>=' | '<' | '<='; readonly threshold: number }
  | { readonly kind: 'betterThanLive'; readonly model: string; readonly metric: string; readonly margin: number }
  | { readonly kind: 'promql'; readonly expression: string };

export interface SensorDescription {
  readonly name: string;
  readonly triggers: TriggerDescription[];
  readonly conditions: ConditionDescription[];
  /** Outer lists run in order, inner lists in parallel. */
  readonly steps: { readonly kind: 'task' | 'deploy'; readonly name: string }[][];
  readonly parameters: string[];
  readonly guard?: { readonly cooldownMinutes: number; readonly runs: number; readonly sameData: boolean };
  /** The model that an alert-retrain sensor watches, which has no other triggers. */
  readonly watches?: { readonly model: string; readonly below: number; readonly windowMinutes: number };
}

/**
 * Declares what the description says.
 *
 * @param order the parts' names in the order in which to declare them; what a part needs always comes first
 */
export function toConstructs(scope: Construct, description: AxonDescription, order: string[] = [], platform?: IPlatform): Axon {
  return new Declaration(scope, description, platform).declare(order);
}

/** Declares the same, but every sensor first without lists, and fills these in the end. */
export function toGrowingConstructs(scope: Construct, description: AxonDescription): Axon {
  return new Declaration(scope, description).declareGrowing();
}

class Declaration {
  private readonly axon: Axon;
  private readonly made = new Map<string, Construct>();

  constructor(scope: Construct, private readonly description: AxonDescription, platform?: IPlatform) {
    const { name, namespace, parameters, source, storage } = description;
    this.axon = new Axon(scope, name, {
      namespace,
      parameters,
      platform,
      source: source && Source.git(source),
      storage: storage.kind === 'existing' ? Storage.fromClaim(importedClaim(storage.claim)) : Storage.claim({
        size: Size.gibibytes(storage.gibibytes),
        accessMode: storage.shared ? PersistentVolumeAccessMode.READ_WRITE_MANY : PersistentVolumeAccessMode.READ_WRITE_ONCE,
      }),
    });
  }

  public declare(order: string[]): Axon {
    const { tasks, tuners, models, sensors } = this.description;
    [...order, ...[...tasks, ...tuners, ...models, ...sensors].map(({ name }) => name)].forEach((name) => this.part(name));
    return this.axon;
  }

  public declareGrowing(): Axon {
    const { tasks, tuners, models, sensors } = this.description;
    const [watching, others] = [true, false].map((watches) => sensors.filter((sensor) => (sensor.watches !== undefined) === watches));
    const grown = others.map((sensor): [Sensor, SensorDescription] => {
      const { name, parameters } = sensor;
      return [new Sensor(this.axon, name, { callParameters: parameters, guard: makeGuard(sensor) }), sensor];
    });
    [...tasks, ...tuners, ...models].forEach(({ name }) => this.part(name));
    grown.push(...watching.map((whole): [Sensor, SensorDescription] => {
      const { sensor } = this.makeAlertRetrainSensor({ ...whole, steps: [], conditions: [] });
      return [sensor, whole];
    }));
    grown.forEach(([sensor, { triggers, conditions, steps }]) => {
      steps.forEach((stage) => sensor.addStep(this.step(stage)));
      conditions.forEach((condition) => sensor.addCondition(this.condition(condition)));
      triggers.forEach((trigger) => sensor.addTrigger(this.trigger(trigger)));
    });
    return this.axon;
  }

  private part<T extends Construct>(name: string): T {
    const there = this.made.get(name) ?? this.make(name);
    this.made.set(name, there);
    return there as T;
  }

  private make(name: string): Construct {
    const called = <T extends { name: string }>(parts: T[]) => parts.find((part) => part.name === name);
    const { tasks, tuners, models, sensors } = this.description;
    const [task, tuner, model, sensor] = [called(tasks), called(tuners), called(models), called(sensors)];
    if (task !== undefined) {
      return makeTask(this.axon, task);
    }
    if (tuner !== undefined) {
      return makeTuner(this.axon, tuner, this.part(tuner.task));
    }
    return model !== undefined ? this.makeModel(model) : this.makeSensor(sensor!);
  }

  private makeModel({ name, model, backends, rollout, routes, replicas, capture }: ModelDescription): ModelGraph {
    const { weights, header, shadow } = rollout;
    const whole = RolloutRule.split({ weights, ...(shadow && { shadow: weights.length }) });
    const first = header === undefined ? [] : [RolloutRule.split({ weights: [100], match: [HeaderMatch.exact(header, 'yes')] })];
    return new ModelGraph(this.axon, name, {
      models: [Model.fromBackends(model, {
        backends: backends.map((backend) => Backend.fromTraining(backend.name, {
          trainer: this.part(backend.trainer), server: this.part(backend.server), weight: backend.weight,
        })),
        selection: backends.length === 1 ? ModelSelection.BEST : ModelSelection.WEIGHTED,
      })],
      replicas,
      rollout: Rollout.rules([...first, whole]),
      routes: routes.map((path) => Route.to(path, model)),
      capture: capture && DataCapture.sampled({ rate: capture.rate, retention: Duration.days(capture.days) }),
    });
  }

  private makeSensor(sensor: SensorDescription): Construct {
    const { name, triggers, conditions, steps, parameters, watches } = sensor;
    return watches !== undefined ? this.makeAlertRetrainSensor(sensor) : new Sensor(this.axon, name, {
      triggers: triggers.map((trigger) => this.trigger(trigger)),
      conditions: conditions.map((condition) => this.condition(condition)),
      steps: steps.map((stage) => this.step(stage)),
      callParameters: parameters,
      guard: makeGuard(sensor),
    });
  }

  private makeAlertRetrainSensor(sensor: SensorDescription): AlertRetrainSensor {
    const { model: watched, below, windowMinutes } = sensor.watches!;
    const model = this.part<ModelGraph>(watched);
    return new AlertRetrainSensor(this.axon, sensor.name, {
      model,
      alert: model.accuracy({ window: Duration.minutes(windowMinutes) }).below(below),
      conditions: sensor.conditions.map((condition) => this.condition(condition)),
      steps: sensor.steps.map((stage) => this.step(stage)),
      guard: makeGuard(sensor),
    });
  }

  private step(stage: SensorDescription['steps'][number]): IStep {
    const members = stage.map(({ kind, name }) => (kind === 'task' ? this.part<ContainerTask>(name) : this.part<ModelGraph>(name).deploy()));
    return members.length === 1 ? members[0] : Step.parallel(...members);
  }

  private trigger(trigger: TriggerDescription): ITrigger {
    switch (trigger.kind) {
      case 'task': {
        const task = this.part<ContainerTask>(trigger.task);
        return trigger.phase === 'succeeded' ? task.succeeded() : task.failed();
      }
      case 'rest':
        return Trigger.rest(trigger.name);
      case 'calendar':
        return Trigger.calendar(trigger.name, { schedule: cronOf(trigger.cron), timeZone: trigger.timezone });
      case 'alert':
        return Trigger.alert(trigger.name, AlertCondition.promql(trigger.expression), { sustained: Duration.minutes(trigger.sustainedMinutes) });
    }
  }

  private condition(condition: ConditionDescription): ICondition {
    switch (condition.kind) {
      case 'metric': {
        const { operator, threshold } = condition;
        const metric = this.part<ContainerTask>(condition.task).metric(condition.metric);
        return operator === '>' ? metric.above(threshold) : operator === '>=' ? metric.atLeast(threshold)
          : operator === '<' ? metric.below(threshold) : metric.atMost(threshold);
      }
      case 'betterThanLive':
        return Condition.betterThanLive(this.part<ModelGraph>(condition.model), condition.metric, { margin: condition.margin });
      case 'promql':
        return Condition.promql(condition.expression);
    }
  }
}

function makeGuard({ guard }: SensorDescription): RetrainGuard | undefined {
  return guard && RetrainGuard.standard({ cooldown: Duration.minutes(guard.cooldownMinutes), runs: guard.runs, sameData: guard.sameData });
}

function makeTask(axon: Axon, task: TaskDescription): Construct {
  const { name, args, env, resources, nodeSelector, retries, metrics } = task;
  const container: ContainerProps = {
    image: makeImage(task.image),
    args,
    env,
    secretEnv: Object.fromEntries(Object.entries(task.secretEnv).map(([variable, secret]) => [variable, secretValue(secret.name, secret.key)])),
    resources: resources && resourcesOf(resources.requests, resources.limits),
    pod: { nodeSelector },
  };
  const props: TaskProps = {
    ...container,
    timeout: task.timeoutMinutes === undefined ? undefined : Duration.minutes(task.timeoutMinutes),
    retries,
    metrics,
  };
  switch (task.kind) {
    case 'container':
      return new ContainerTask(axon, name, props);
    case 'training':
      return new TrainingTask(axon, name, { ...props, objective: makeObjective(task) });
    case 'deploy':
      return new ModelServer(axon, name, { ...container, predictor: task.predictor });
  }
}

function makeObjective({ objective }: TaskDescription): Objective | undefined {
  return objective && (objective.larger ? Objective.maximize(objective.metric) : Objective.minimize(objective.metric));
}

function makeImage(image: ImageDescription): Image {
  switch (image.kind) {
    case 'ready':
      return Image.fromRegistry(image.reference, { command: image.command });
    case 'dockerfile':
      return Image.fromDockerfile(image.path, { command: image.command });
    case 'folder':
      return Image.fromSource(image.path, { command: image.command });
  }
}

function makeTuner(axon: Axon, { kind, name, budget, concurrency, ...rest }: TunerDescription, task: TrainingTask): Construct {
  const space = Object.fromEntries(Object.entries(rest.space).map(([key, parameter]) => [key,
    parameter.kind === 'categorical' ? Parameter.categorical(parameter.values) : Parameter[parameter.kind](parameter)]));
  switch (kind) {
    case 'hyperband':
      return new HyperbandTuner(axon, name, { task, space, concurrency, minBudget: 1, maxBudget: budget });
    case 'random':
      return new RandomSearchTuner(axon, name, { task, space, concurrency, trials: 8, budget });
  }
}

/** The typed resources of quantities, which are in the canonical form of typed ones. */
function resourcesOf(requests: Record<string, string>, limits: Record<string, string>): ComputeResources {
  const cpu = (text?: string) => text === undefined ? undefined : text.endsWith('m') ? Cpu.millis(parseFloat(text)) : Cpu.units(parseFloat(text));
  const size = (text?: string) => text === undefined ? undefined : text.endsWith('Gi') ? Size.gibibytes(parseFloat(text)) : Size.mebibytes(parseFloat(text));
  const extended = Object.entries(limits).filter(([name]) => name.includes('/')).map(([name, count]) => [name, Number(count)]);
  return {
    cpu: { request: cpu(requests.cpu), limit: cpu(limits.cpu) },
    memory: { request: size(requests.memory), limit: size(limits.memory) },
    extendedResources: Object.fromEntries(extended),
  };
}

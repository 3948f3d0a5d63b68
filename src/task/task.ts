import { Construct } from 'constructs';
import { envProblems, referenceProblems } from '../common/env';
import { placementProblems } from '../common/placement-problems';
import { resourceProblems } from '../common/resource-problems';
import { IStep } from '../common/step';
import { TaskMetric } from '../metrics/task-metric';
import { Loop, TaskPart } from '../private/loop';
import { ResolvedImage } from '../private/resolved';
import { wholeSeconds } from '../private/seconds';
import { StepRef } from '../private/specs';
import { suggest } from '../private/suggest';
import { invalid, ProblemError } from '../problem/error';
import { error, Problem, warning } from '../problem/problem';
import { checkMetric } from './objective';
import { isReserved } from './task-env';
import { TaskEvent } from './task-event';
import { taskIdentity } from './task-identity';
import { ITask, TaskProps } from './task-props';

/** Something that the loop can run: user code in a container. */
export abstract class Task extends Construct implements IStep, ITask {
  /** The name that the user gave it. */
  public readonly stepName: string;

  /** Its identifier in manifests and records: lower case, with dashes. */
  public readonly identifier: string;

  /** @internal */
  readonly _props: TaskProps;

  /** @internal */
  readonly _loop: Loop;

  private resolved?: ResolvedImage;

  constructor(scope: Construct, name: string, props: TaskProps) {
    super(scope, name);
    this._loop = Loop.of(scope);
    this.stepName = name;
    this.identifier = this._loop.identifierFor('task', name);
    this._props = props;
    if (props.retries !== undefined && !(Number.isInteger(props.retries) && props.retries >= 0)) {
      throw invalid('not-whole', 'retries', props.retries, 'must be a whole number of at least 0', 'correct it');
    }
    if (props.timeout !== undefined && wholeSeconds('timeout', props.timeout) < 1) {
      throw invalid('out-of-range', 'timeout', '0 s', 'must be at least a second', 'correct it');
    }
    const { metrics = [] } = props;
    metrics.forEach((metric, item) => checkMetric('metrics', metric, item));
    const twice = metrics.findIndex((metric, index) => metrics.indexOf(metric) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'metrics', metrics[twice], 'stands there twice', 'remove one', { item: twice });
    }
    this._loop.addTask(this._part());
  }

  /** A trigger: the task has succeeded, whichever sensor ran it. */
  public succeeded(): TaskEvent {
    return TaskEvent._of(this.identifier, this, 'succeeded');
  }

  /** A trigger: the task has failed, after its retries. */
  public failed(): TaskEvent {
    return TaskEvent._of(this.identifier, this, 'failed');
  }

  /** A metric of its runs, to compare in a condition. */
  public metric(name: string): TaskMetric {
    return TaskMetric._of(checkMetric('metric', name), this.identifier, this);
  }

  /** @internal */
  public _stages(): StepRef[][] {
    return [[{ kind: 'task', name: this.identifier, construct: this, identity: () => this._identity() }]];
  }

  /** @internal */
  public _image(): ResolvedImage {
    const { name, platform, source } = this._loop.identity;
    this.resolved ??= this._props.image._resolve({ axon: name, task: this.identifier, platform, source });
    return this.resolved;
  }

  /** Everything that decides what would run. @internal */
  public _identity(): object {
    return taskIdentity(this.identifier, this._image(), this._props, this._loop.identity.parameters);
  }

  /** @internal */
  protected abstract _part(): TaskPart;

  /** What all kinds of task have in common. @internal */
  protected _common(): Omit<TaskPart, 'kind' | 'contribute'> {
    return {
      construct: this,
      identifier: this.identifier,
      userName: this.stepName,
      metrics: this._props.metrics ?? [],
      tuned: false,
      inputs: this._props.inputs?.map((task) => task.identifier),
      image: () => this._image(),
      problems: () => this._problems(),
    };
  }

  /** @internal */
  protected _problems(): Problem[] {
    const found: Problem[] = [];
    const { path } = this.node;
    const { parameters } = this._loop.identity;
    try {
      const { mutable, reference } = this._image();
      if (mutable !== undefined) {
        found.push(warning(path, mutable.code, 'image', reference, mutable.rule, mutable.remedy));
      }
    } catch (e) {
      if (!(e instanceof ProblemError)) {
        throw e;
      }
      found.push({ ...e.problem, path });
    }
    found.push(...envProblems(path, this._props.env ?? {}, parameters, isReserved));
    for (const name of Object.keys(this._props.secretEnv ?? {})) {
      if (isReserved(name) || Object.hasOwn(this._props.env ?? {}, name)) {
        found.push(error(path, 'duplicate', 'secretEnv', name, 'is set twice', 'use another name', { item: name }));
      }
    }
    found.push(...(this._props.args ?? []).flatMap((text, item) => referenceProblems(path, 'args', item, text, parameters)));
    found.push(...resourceProblems(path, this._props.resources ?? {}));
    found.push(...placementProblems(path, this._props.nodeSelector ?? {}));
    found.push(...this.inputProblems());
    return found;
  }

  private inputProblems(): Problem[] {
    const { inputs = [] } = this._props;
    if (inputs.length === 0) {
      return [];
    }
    const known = this._loop.tasks.filter(({ kind, identifier }) => kind !== 'deploy' && identifier !== this.identifier).map(({ identifier }) => identifier);
    const unknown = inputs.filter((input) => !known.includes(input.identifier) || (input instanceof Task && input._loop !== this._loop));
    return unknown.map((input) => error(this.node.path, 'not-found', 'inputs', input.identifier, 'is no other task of the axon that leaves a folder',
      suggest(input.identifier, known), { item: inputs.indexOf(input) }));
  }
}

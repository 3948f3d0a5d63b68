import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { wholeSeconds } from '../common/quantities';
import { secretKeyOf } from '../common/secret-value';
import { BoundStep, IStep } from '../common/step';
import { LoopBuilder } from '../loop/builder';
import { TaskData } from '../loop/task';
import { TaskMetric } from '../metrics/task-metric';
import { invalid } from '../problem/error';
import { checkMetric } from './objective';
import { TaskEvent } from './task-event';
import { ITask, TaskProps } from './task-props';

/** Something that the loop can run: user code in a container. */
export abstract class Task extends Construct implements IStep, ITask {
  /** The name that the user gave it. */
  public readonly stepName: string;

  /** Its identifier in manifests and records: lower case, with dashes. */
  public readonly identifier: string;

  /** @internal */
  readonly _builder: LoopBuilder;

  private readonly props: TaskProps;

  constructor(scope: Construct, name: string, props: TaskProps) {
    super(scope, name);
    this._builder = loopBuilderOf(scope);
    this.stepName = name;
    this.identifier = this._builder.identifierFor('task', name);
    this.props = props;
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
  public _members(): BoundStep[] {
    return [{ kind: 'task', name: this.identifier, builder: this._builder }];
  }

  /** Adds the task to its loop, with what only its kind has. @internal */
  protected _declare(own: Pick<TaskData, 'kind' | 'objective' | 'predictor'>): void {
    const { image, args, env = {}, secretEnv = {}, resources, nodeSelector, timeout = Duration.days(1), retries, metrics, inputs } = this.props;
    this._builder.addTask({
      path: this.node.path,
      identifier: this.identifier,
      userName: this.stepName,
      image: image._toData(this._builder.axon, this.identifier),
      args,
      env,
      secretEnv: Object.fromEntries(Object.entries(secretEnv).map(([name, value]) => [name, secretKeyOf(`secretEnv.${name}`, value)])),
      resources,
      nodeSelector,
      timeoutSeconds: timeout.toSeconds(),
      retries,
      metrics,
      inputs: inputs?.map((input) => ({ identifier: input.identifier, path: input instanceof Task ? input.node.path : undefined })),
      ...own,
    });
  }
}

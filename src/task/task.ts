import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { wholeSeconds } from '../common/quantities';
import { BoundStep, IStep } from '../common/step';
import { LoopBuilder } from '../loop/builder';
import { TaskData } from '../loop/task';
import { TaskMetric } from '../metrics/task-metric';
import { invalid } from '../problem/error';
import { containerData } from './container-props';
import { checkMetric } from './objective';
import { TaskEvent } from './task-event';
import { ITask, TaskProps } from './task-props';

/** A step of a run: user code in a container. */
export abstract class Task extends Construct implements IStep, ITask {
  /** Its name, as user code sees it. */
  public readonly taskName: string;

  /** The same as `taskName`. */
  public readonly stepName: string;

  /** Its identifier in manifests and records: lower case, with dashes. */
  public readonly identifier: string;

  /** @internal */
  readonly _builder: LoopBuilder;

  private readonly props: TaskProps;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    this._builder = loopBuilderOf(scope);
    this.taskName = props.taskName ?? id;
    this.stepName = this.taskName;
    this.identifier = this._builder.identifierFor('task', this.taskName);
    this.props = props;
    if (props.retries !== undefined && !(Number.isInteger(props.retries) && props.retries >= 0)) {
      throw invalid('not-whole', 'retries', props.retries, 'must be a whole number of at least 0', 'set a whole number');
    }
    if (props.timeout !== undefined && wholeSeconds('timeout', props.timeout) < 1) {
      throw invalid('out-of-range', 'timeout', '0 s', 'must be at least a second', 'raise it, or remove it for a day');
    }
    const { metrics = [] } = props;
    metrics.forEach((metric, item) => checkMetric('metrics', metric, item));
    const twice = metrics.findIndex((metric, index) => metrics.indexOf(metric) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'metrics', metrics[twice], 'is listed twice', 'remove one', { item: twice });
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

  /** A metric that the task publishes, to compare in a condition. */
  public metric(name: string): TaskMetric {
    return TaskMetric._of(checkMetric('metric', name), this.identifier, this);
  }

  /** @internal */
  public _members(): BoundStep[] {
    return [{ kind: 'task', name: this.identifier, builder: this._builder }];
  }

  /** Adds the task to its loop, with the fields of its kind. @internal */
  protected _declare(own: Pick<TaskData, 'kind' | 'objective'>): void {
    const { timeout = Duration.days(1), retries, metrics, inputs } = this.props;
    this._builder.addTask({
      ...containerData(this._builder.axon, this.identifier, this.props),
      path: this.node.path,
      userName: this.taskName,
      timeoutSeconds: timeout.toSeconds(),
      retries,
      metrics,
      inputs: inputs?.map((input) => ({ identifier: input.identifier, path: input instanceof Task ? input.node.path : undefined })),
      ...own,
    });
  }
}

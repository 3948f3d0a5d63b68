import { Construct } from 'constructs';
import { Assembly } from '../private/assembly';
import { Loop, TaskPart } from '../private/loop';
import { invalid } from '../problem/error';
import { Problem, warning } from '../problem/problem';
import { Objective } from './objective';
import { Task } from './task';
import { TaskProps } from './task-props';
import { contributeBuild, contributeTask } from './task-share';

/** What a training task can be given. */
export interface TrainingTaskProps extends TaskProps {
  /**
   * The metric that trainings are compared by. A tuner needs it.
   * @default - none
   */
  readonly objective?: Objective;
}

/** What takes over a training task's execution to search for its best parameters. @internal */
export interface Tuning {
  readonly construct: Construct;
  /** Everything about the search that decides what would run. */
  identity(): unknown;
  contribute(assembly: Assembly, loop: Loop, task: TaskPart): void;
}

/**
 * A program that trains a model: it writes the model into the folder `MODEL_PATH` and publishes
 * metrics. With a tuner it runs as many times as the search asks for, and the best result counts.
 */
export class TrainingTask extends Task {
  /** The metric that trainings are compared by. */
  public readonly objective?: Objective;

  private tuning?: Tuning;

  constructor(scope: Construct, name: string, props: TrainingTaskProps) {
    if (props.image === undefined) {
      throw invalid('required', 'image', undefined, 'is required', "give it as 'Image.of(…)' or 'Image.fromDockerfile(…)'");
    }
    super(scope, name, props);
    this.objective = props.objective;
  }

  /** @internal */
  public _tuneBy(tuning: Tuning): void {
    if (this.tuning !== undefined) {
      throw invalid('already-tuned', 'task', this.stepName, `is tuned by '${this.tuning.construct.node.id}' already`, 'keep one tuner a task');
    }
    this.tuning = tuning;
    this._loop.revision++;
  }

  /** @internal */
  public _identity(): object {
    return { ...super._identity(), tuning: this.tuning?.identity() };
  }

  /** @internal */
  protected _part(): TaskPart {
    const task = this;
    const part: TaskPart = {
      ...this._common(),
      kind: 'training',
      get tuned() {
        return task.tuning !== undefined;
      },
      get metrics() {
        return task.published;
      },
      get objective() {
        return task.objective && { metric: task.objective.metric, direction: task.objective._direction };
      },
      contribute: (assembly) => {
        if (this.tuning === undefined) {
          return contributeTask(assembly, this._loop, part, this._props);
        }
        contributeBuild(assembly, this._loop, part);
        this.tuning.contribute(assembly, this._loop, part);
      },
    };
    return part;
  }

  /** @internal */
  protected _problems(): Problem[] {
    const contradiction = this.objective?._contradiction();
    const found = super._problems();
    if (contradiction !== undefined) {
      found.push(warning(this.node.path, contradiction.code, 'objective', this.objective!.metric, contradiction.rule, contradiction.remedy));
    }
    if (this.objective === undefined && this._props.metrics?.length === 0) {
      found.push(warning(this.node.path, 'no-metrics', 'metrics', [], 'is empty, so nothing can be said about how good a training is',
        'name what the code publishes'));
    }
    return found;
  }

  /** The objective counts as published; without either, nothing is said about what is. */
  private get published(): string[] {
    const { metrics } = this._props;
    if (this.objective === undefined || metrics === undefined) {
      return metrics ?? [];
    }
    return [...new Set([this.objective.metric, ...metrics])];
  }
}

import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { podData } from '../common/pod-data';
import { PodOptions } from '../common/pod-options';
import { sortedBy } from '../loop/canonical';
import { SearchData } from '../loop/tuner';
import { invalid } from '../problem/error';
import { TrainingTask } from '../task/training-task';
import { Parameter } from './parameter';

/** What every tuner can be given. */
export interface TunerProps {
  /** The task whose parameters are searched; it needs an objective. */
  readonly task: TrainingTask;

  /** The parameters to search, by name. A trial gets each as `--<name>=<value>`. */
  readonly space: Record<string, Parameter>;

  /**
   * How many trials run at the same time.
   * @default 1
   */
  readonly concurrency?: number;

  /**
   * Seed of the search: the same seed and results give the same trials.
   * @default - drawn when the search begins, and recorded
   */
  readonly seed?: number;

  /**
   * Options of the pods of the trials. They merge over those of the task.
   * @default - those of the task
   */
  readonly pod?: PodOptions;
}

const LARGEST_SEED = 2 ** 32 - 1;
const TRIAL_ARGUMENTS = ['budget', 'config_id'];

/**
 * Runs a training task many times, in Jobs of its own, to find the parameters that are best by the
 * task's objective. The best result counts as the task's result.
 */
export abstract class Tuner extends Construct {
  private readonly tunerProps: TunerProps;

  constructor(scope: Construct, id: string, props: TunerProps) {
    super(scope, id);
    this.tunerProps = props;
    const { task, space, concurrency = 1 } = props;
    if (!(task instanceof TrainingTask)) {
      throw invalid('wrong-type', 'task', (task as Construct | undefined)?.node.id, 'must be a training task', 'make it a TrainingTask');
    }
    if (task._builder !== loopBuilderOf(scope)) {
      throw invalid('other-axon', 'task', task.taskName, 'belongs to another axon', 'tune it there');
    }
    if (Object.keys(space).length === 0) {
      throw invalid('empty', 'space', '{}', 'must hold at least one parameter', 'there is nothing to search otherwise: add one, or drop the tuner');
    }
    for (const name of Object.keys(space)) {
      if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name)) {
        throw invalid('name-format', 'space', name,
          'must be the name of an argument: letters, digits, dashes, dots and underscores, no digit first, at most 128', 'rename it', { item: name });
      }
      if (TRIAL_ARGUMENTS.includes(name)) {
        throw invalid('reserved', 'space', name, 'is an argument that every trial gets', 'rename it', { item: name });
      }
    }
    wholeNumber('concurrency', concurrency);
    if (props.seed !== undefined && !(Number.isInteger(props.seed) && props.seed >= 0 && props.seed <= LARGEST_SEED)) {
      throw invalid('out-of-range', 'seed', props.seed, `must be a whole number from 0 to ${LARGEST_SEED}`, 'correct it');
    }
  }

  /** Adds the search to its loop, with what its algorithm decides. @internal */
  protected _declare(search: SearchData): void {
    const { task, space, concurrency = 1, seed, pod } = this.tunerProps;
    task._builder.addTuner({
      path: this.node.path,
      id: this.node.id,
      task: task.identifier,
      search,
      space: sortedBy(Object.entries(space), ([name]) => name).map(([name, parameter]) => parameter._toDocument(name)),
      concurrency,
      seed,
      pod: podData(pod),
    });
  }
}

/** @internal */
export function wholeNumber(prop: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw invalid('not-whole', prop, value, 'must be a whole number of at least 1', 'correct it');
  }
  return value;
}

import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { podData } from '../common/pod-data';
import { PodOptions } from '../common/pod-options';
import { LoopPart } from '../loop/builder';
import { sortedBy } from '../loop/canonical';
import { SearchData, TunerData } from '../loop/tuner';
import { invalid } from '../problem/error';
import { ProblemPlace } from '../problem/problem';
import { TrainingTask } from '../task/training-task';
import { Parameter } from './parameter';

/** Properties that all tuners have in common. */
export interface TunerProps {
  /** The task whose hyperparameters are searched. It needs an objective, and has one tuner at most. */
  readonly task: TrainingTask;

  /**
   * The hyperparameters to search, by name. A trial gets each as the argument `--<name>=<value>`. A tuner needs at least one.
   * @default - none: call `addParameter`
   */
  readonly space?: Record<string, Parameter>;

  /**
   * How many trials run at the same time.
   * @default 1
   */
  readonly concurrency?: number;

  /**
   * The seed of the search. The same seed and results give the same trials.
   * @default - the search derives it from the name of its run and records it
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
 * Searches the hyperparameters of a training task. The trials of the search are Jobs that run the task; they take the
 * place of its one run, and the trial with the best objective is the task's result.
 */
export abstract class Tuner extends Construct {
  private readonly tunerProps: TunerProps;
  private part?: LoopPart<TunerData>;

  constructor(scope: Construct, id: string, props: TunerProps) {
    super(scope, id);
    this.tunerProps = props;
    const { task, concurrency = 1, seed } = props;
    if (!(task instanceof TrainingTask)) {
      throw invalid('wrong-type', 'task', (task as Construct | undefined)?.node.id, 'must be a training task', "set it to a 'TrainingTask'");
    }
    const builder = loopBuilderOf(scope);
    if (task._builder !== builder) {
      throw invalid('other-axon', 'task', task.taskName, `belongs to axon '${task._builder.axon.name}', and the tuner to axon '${builder.axon.name}'`,
        'declare both in one axon');
    }
    wholeNumber('concurrency', concurrency);
    if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED)) {
      throw invalid('out-of-range', 'seed', seed, `must be a whole number from 0 to ${LARGEST_SEED}`, 'set a number in that range');
    }
  }

  /**
   * Adds a hyperparameter to the search.
   * @param name a trial gets the value as the argument `--<name>=<value>`
   */
  public addParameter(name: string, parameter: Parameter): void {
    this.part!.update((data) => ({ ...data, space: withParameter(data.space, name, parameter, 'name') }));
  }

  /** Adds the search to its loop, with the fields of its algorithm. @internal */
  protected _declare(search: SearchData): void {
    const { task, space = {}, concurrency = 1, seed, pod } = this.tunerProps;
    this.part = task._builder.addTuner({
      path: this.node.path,
      id: this.node.id,
      task: task.identifier,
      search,
      space: Object.entries(space).reduce<Space>((known, [name, parameter]) => withParameter(known, name, parameter, 'space', { item: name }), []),
      concurrency,
      seed,
      pod: podData(pod),
    });
  }
}

type Space = TunerData['space'];

function withParameter(space: Space, name: string, parameter: Parameter, prop: string, place?: ProblemPlace): Space {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name)) {
    throw invalid('name-format', prop, name, 'must be the name of an argument: letters, digits, dashes, dots and underscores, no digit first, at most 128',
      'rename it', place);
  }
  if (TRIAL_ARGUMENTS.includes(name)) {
    throw invalid('reserved', prop, name, 'is an argument that every trial gets', 'rename it', place);
  }
  if (space.some((other) => other.name === name)) {
    throw invalid('duplicate', prop, name, 'is the name of another parameter of the tuner', 'rename one of them', place);
  }
  return sortedBy([...space, parameter._toDocument(name)], (one) => one.name);
}

/** @internal */
export function wholeNumber(prop: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw invalid('not-whole', prop, value, 'must be a whole number of at least 1', 'set a whole number');
  }
  return value;
}

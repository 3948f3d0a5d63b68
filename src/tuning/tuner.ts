import { Construct } from 'constructs';
import { toPlainEnv, toSecretEnv } from '../common/env';
import { DOCUMENT_KEY, NO_SIDECAR, PARAMETER, STORE_PATH, studyConfigMap, taskStep } from '../contract/constants';
import { StudyDocument } from '../contract/documents';
import { Assembly } from '../private/assembly';
import { canonical, sortedBy } from '../private/canonical';
import { Listeners } from '../private/listeners';
import { Loop, TaskPart } from '../private/loop';
import { ledgerRules, REPORT_RULE } from '../private/rules';
import { runtimeTemplate, tokenEnv } from '../private/runtime-template';
import { storeDocument } from '../private/store';
import { invalid } from '../problem/error';
import { error, Problem } from '../problem/problem';
import { folderEnv, inputNames, loopEnv } from '../task/task-env';
import { RETRIES, TASK_OUTPUTS, timeoutSeconds } from '../task/task-template';
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
}

/** The part of a study that an algorithm decides. @internal */
export type Search = Pick<StudyDocument, 'algorithm' | 'budgets' | 'brackets' | 'trials'>;

const LARGEST_SEED = 2 ** 32 - 1;
const TRIAL_ARGUMENTS = ['budget', 'config_id'];

/**
 * Runs a training task many times, in Jobs of its own, to find the parameters that are best by the
 * task's objective. The best result counts as the task's result.
 */
export abstract class Tuner extends Construct {
  /** @internal */
  readonly _tunerProps: TunerProps;

  constructor(scope: Construct, id: string, props: TunerProps) {
    super(scope, id);
    this._tunerProps = props;
    const { task, space, concurrency = 1 } = props;
    if (!(task instanceof TrainingTask)) {
      throw invalid('wrong-type', 'task', (task as Construct | undefined)?.node.id, 'must be a training task', 'make it a TrainingTask');
    }
    if (task._loop !== Loop.of(scope)) {
      throw invalid('other-axon', 'task', task.stepName, 'belongs to another axon', 'tune it there');
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
    task._tuneBy({
      construct: this,
      identity: () => ({ ...this._search(), seed: props.seed, parameters: this.parameters() }),
      contribute: (assembly, loop, part) => this.contribute(assembly, loop, part),
    });
    task._loop.addOther({
      construct: this, identifier: id, userName: id, problems: () => this._problems(), contribute: () => undefined,
    });
  }

  /** @internal */
  protected abstract _search(): Search;

  /** @internal */
  protected _problems(): Problem[] {
    const { task } = this._tunerProps;
    return task.objective === undefined
      ? [error(this.node.path, 'objective-missing', 'task', task.stepName, 'has no objective, so its trials cannot be compared', "give it one: 'Objective.minimize(metric)'")]
      : [];
  }

  private contribute(assembly: Assembly, loop: Loop, task: TaskPart): void {
    const { name } = loop.identity;
    const study = studyConfigMap(name, task.identifier);
    const listeners = new Listeners(loop);
    const tells = listeners.tellsItself(task);
    assembly.document(study, 'tune', DOCUMENT_KEY.STUDY, this.study(assembly, loop, task));
    assembly.templates.push(runtimeTemplate(loop, {
      name: taskStep(task.identifier),
      program: 'tune',
      args: [`--task=${task.identifier}`],
      inputs: [...inputNames(loop, task), ...(tells ? [PARAMETER.DATA_HASH] : [])],
      env: tells ? tokenEnv(loop) : [],
      outputs: TASK_OUTPUTS,
      documents: [study],
      store: true,
      timeout: 7 * 24 * 60 * 60,
    }));
    assembly.account(`${name}-tune`, 'tune', [
      REPORT_RULE,
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get', 'list'] },
      // To tell why a trial failed.
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      // One account for all searches: what one of them needs, all may.
      ...(loop.tasks.some((other) => listeners.tellsItself(other)) ? ledgerRules(name) : []),
    ]);
  }

  private study(assembly: Assembly, loop: Loop, task: TaskPart): StudyDocument {
    const props = this._tunerProps.task._props;
    const image = task.image();
    const { name, namespace, taskAccount } = loop.identity;
    return {
      contract: 1,
      axon: name,
      namespace,
      task: task.identifier,
      ...this._search(),
      objective: task.objective!,
      concurrency: this._tunerProps.concurrency ?? 1,
      ...(this._tunerProps.seed !== undefined && { seed: this._tunerProps.seed }),
      parameters: this.parameters(),
      trial: {
        image: image.reference,
        ...(image.command && { command: image.command }),
        ...(props.args && { args: props.args }),
        env: toPlainEnv({ ...loopEnv(loop, task), ...folderEnv(loop, task), ...props.env }),
        secretEnv: toSecretEnv(props.secretEnv),
        ...(props.resources && { resources: canonical(props.resources) }),
        ...(props.nodeSelector && { nodeSelector: canonical(props.nodeSelector) }),
        timeoutSeconds: timeoutSeconds(props),
        retries: props.retries ?? RETRIES,
        serviceAccount: taskAccount,
        store: storeDocument(loop, STORE_PATH),
        labels: { ...assembly.labels('trial'), ...NO_SIDECAR },
      },
    };
  }

  private parameters() {
    return sortedBy(Object.entries(this._tunerProps.space), ([name]) => name).map(([name, parameter]) => parameter._toDocument(name));
  }
}

/** @internal */
export function wholeNumber(prop: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw invalid('not-whole', prop, value, 'must be a whole number of at least 1', 'correct it');
  }
  return value;
}

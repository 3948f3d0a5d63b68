import { Construct } from 'constructs';
import { SecretKey } from '../../common/secret-key';
import { Image } from '../../image/image';
import { message } from '../../private/errors';
import { identifier } from '../../private/names';
import { ContainerTask } from '../../task/container-task';
import { DeployTask, EndpointType } from '../../task/deploy-task';
import { Objective } from '../../task/objective';
import { Task } from '../../task/task';
import { TaskProps } from '../../task/task-props';
import { TrainingTask } from '../../task/training-task';
import { Leaf } from '../schema/shape';
import { ContainerKeys, DeployKeys, TaskKeys, TrainKeys } from '../schema/task-shape';
import { ArtifactSource, secretKey } from './artifacts';
import { Origin } from './attempt';
import { Builder } from './builder';
import { Names } from './names';
import { buildTuner } from './tuning';

/** A task, as others refer to it. */
export interface DeclaredTask {
  /** Its body; undefined where that is unclear. */
  readonly body?: 'container' | 'train' | 'deploy';
  /** Missing where it cannot be made, nor anything stand in for it. */
  readonly task?: Task;
}

type Body = ContainerKeys & Partial<Pick<TrainKeys, 'hpTuning'>>;

/** Makes the tasks of an axon, and the tuners of those that are tuned. */
export function buildTasks(tasks: TaskKeys[], artifacts: Names<ArtifactSource>, builder: Builder): Names<DeclaredTask> {
  const names = new Names<DeclaredTask>('task', builder.report);
  for (const keys of tasks) {
    const declared = buildTask(keys, artifacts, builder, names);
    builder.incomplete ||= declared?.task === undefined;
  }
  for (const { inputs } of tasks) {
    inputs?.forEach((input) => names.find('inputs', input));
  }
  return names;
}

function buildTask(keys: TaskKeys, artifacts: Names<ArtifactSource>, builder: Builder, names: Names<DeclaredTask>): DeclaredTask | undefined {
  const { name, $ } = keys;
  const unsupported = ['spark', 'tfJob'].filter((body) => $.has(body));
  const bodies = (['container', 'train', 'deploy'] as const).filter((body) => $.has(body));
  if (bodies.length + unsupported.length !== 1) {
    builder.report.error(name?.place ?? $.place, message('name', name?.value ?? 'nothing', bodies.length === 0
      ? "must have one body, 'container', 'train' or 'deploy', and has none" : `must have one body, and has ${[...bodies, ...unsupported].join(' and ')}`,
    bodies.length === 0 ? 'add it' : 'make two tasks of it'));
  }
  const [body] = bodies;
  if (name === undefined) {
    return undefined;
  }
  const content = keys[body];
  const single = bodies.length + unsupported.length === 1 ? body : undefined;
  const task = single && content && makeTask(keys, single, artifacts, builder);
  const declared = { body: single, task: task ?? (single && standIn(single, name, builder)) };
  return names.add(name, declared) ? declared : undefined;
}

function makeTask(keys: TaskKeys, body: 'container' | 'train' | 'deploy', artifacts: Names<ArtifactSource>, builder: Builder): Task | undefined {
  const { name, inputs } = keys;
  const content: Body = keys[body]!;
  const image = buildImage(content, `a ${body} body`, artifacts, builder.report);
  const common = { ...commonProps(content, builder), inputs: inputs?.map(({ value }) => ({ identifier: identifier(value) })) };
  if (image === undefined) {
    return undefined;
  }
  const origin: Origin = { keys: keys.$.into(body), words: {} };
  return undefined;
}

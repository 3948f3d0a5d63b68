import { buildStep, deployStep, emitStep, failedStep, folderParameter, imageParameter, liveParameter, runFolder, sensorTemplate, STORE_PATH, taskStep } from '../contract/constants';
import { DagTask, Parameter, Template } from '../crd/argo-workflows';
import { Listeners } from '../private/listeners';
import { Loop, SensorPart, TaskPart } from '../private/loop';
import { isBuilt, isOneDeployment } from '../private/one-deployment';
import { StepRef } from '../private/specs';
import { inputsOf, isServed } from '../task/task-env';

const PASSED = "'{{tasks.gate.outputs.parameters.decision}}' == 'pass'";

/**
 * The graph of a sensor's run: the gate, then the builds of the images that the run needs, then its
 * stages in order; behind each task that someone listens to and that does not tell them itself, the
 * step that does.
 *
 * Only what follows the gate directly asks for its decision. Everything else depends on the success
 * of the step before, and is omitted with it when the gate refuses.
 *
 * The engine takes seconds from one step to the next, so a run that is one deployment alone is one
 * step, which decides as the gate does. Two such steps could decide differently: until a set is
 * complete, nothing of it is written down.
 */
export function runTemplate(loop: Loop, sensor: SensorPart, listeners: Listeners): Template {
  return { name: sensorTemplate(sensor.identifier), dag: { tasks: new RunGraph(loop, sensor, listeners).tasks } };
}

class RunGraph {
  public readonly tasks: DagTask[];
  /** The stage of each task of the run. */
  private readonly stageOf = new Map<string, number>();
  private readonly axon: string;
  /** Whether the run begins with the gate. */
  private readonly gated: boolean;

  constructor(private readonly loop: Loop, private readonly sensor: SensorPart, private readonly listeners: Listeners) {
    this.axon = loop.identity.name;
    sensor.stages.forEach((stage, index) => stage.filter((step) => step.kind === 'task').forEach((step) => this.stageOf.set(step.name, index)));
    this.gated = !isOneDeployment(loop, sensor);
    this.tasks = [
      ...(this.gated ? [{ name: 'gate', template: 'gate', arguments: { parameters: [{ name: 'sensor', value: sensor.identifier }] } }] : []),
      ...this.builds(),
      ...sensor.stages.flatMap((stage, index) => {
        const before = (sensor.stages[index - 1] ?? []).map((step) => `${nodeOf(step)}.Succeeded`);
        return stage.flatMap((step) => (step.kind === 'task' ? this.task(step, before) : [this.deployment(step, before)]));
      }),
    ];
  }

  private builds(): DagTask[] {
    const names = this.sensor.stages.flat().flatMap((step) => (step.kind === 'task' ? [step.name] : this.loop.model(step.name)?.servers ?? []));
    return [...new Set(names)].filter((name) => isBuilt(this.loop, name)).map((name) => ({
      name: buildStep(name), template: buildStep(name), depends: 'gate.Succeeded', when: PASSED,
    }));
  }

  private task(step: StepRef, before: string[]): DagTask[] {
    const task = this.loop.task(step.name)!;
    const node = nodeOf(step);
    const parameters: Parameter[] = [
      ...(task.image().build ? [{ name: 'image', value: `{{tasks.${buildStep(step.name)}.outputs.parameters.image}}` }] : []),
      ...inputsOf(this.loop, task).map((input) => ({ name: folderParameter(input.identifier), value: this.folder(input, step) })),
      ...(isServed(this.loop, task) ? [{ name: 'live', value: `{{tasks.gate.outputs.parameters.${liveParameter(task.identifier)}}}` }] : []),
      ...(this.listeners.tellsItself(task) ? [{ name: 'data-hash', value: this.dataHash(this.preparation(task)) }] : []),
    ];
    const tellsSuccess = this.listeners.needStep(task, 'succeeded');
    const tellsFailure = this.listeners.needStep(task, 'failed');
    // With a retry strategy the engine never ends a graph in which something waits behind the exit hook of a task that failed, and calls a
    // graph succeeded in which a task that was behind the failed one alone has.
    const followed = tellsSuccess || this.stageOf.get(step.name)! < this.sensor.stages.length - 1;
    const failure = emitParameters(step.name, 'failed', '{}', '');
    const run: DagTask = {
      name: node,
      template: node,
      ...this.after([...before, ...(task.image().build ? [`${buildStep(step.name)}.Succeeded`] : [])], this.sameData(task)),
      ...(parameters.length > 0 && { arguments: { parameters } }),
      ...(tellsFailure && !followed && {
        hooks: { exit: { template: 'emit', expression: `tasks["${node}"].status in ["Failed", "Error"]`, arguments: { parameters: failure } } },
      }),
    };
    return [
      run,
      ...(tellsSuccess ? [this.emission(step, task)] : []),
      ...(tellsFailure && followed
        ? [{ name: failedStep(step.name), template: 'emit', depends: `${node}.Failed || ${node}.Errored`, arguments: { parameters: failure } }] : []),
    ];
  }

  private emission(step: StepRef, task: TaskPart): DagTask {
    const node = nodeOf(step);
    return {
      name: emitStep(step.name),
      template: 'emit',
      depends: `${node}.Succeeded`,
      arguments: {
        parameters: emitParameters(step.name, 'succeeded', `{{tasks.${node}.outputs.parameters.metrics}}`, this.dataHash(this.preparation(task) ?? node)),
      },
    };
  }

  /** What a step says of its data; nothing without a step. */
  private dataHash(node: string | undefined): string {
    return node === undefined ? '' : `{{tasks.${node}.outputs.parameters.data-hash}}`;
  }

  private deployment(step: StepRef, before: string[]): DagTask {
    const built = (this.loop.model(step.name)?.servers ?? []).filter((server) => isBuilt(this.loop, server));
    return {
      name: nodeOf(step),
      template: nodeOf(step),
      ...this.after([...before, ...built.map((server) => `${buildStep(server)}.Succeeded`)]),
      arguments: {
        parameters: [
          { name: 'sensor', value: this.sensor.identifier },
          { name: 'version', value: this.gated ? '{{tasks.gate.outputs.parameters.version}}' : '' },
          { name: 'events', value: this.gated ? '{{tasks.gate.outputs.parameters.events}}' : '' },
          ...built.map((server) => ({ name: imageParameter(server), value: `{{tasks.${buildStep(server)}.outputs.parameters.image}}` })),
        ],
      },
    };
  }

  /** A guarded run does not train on the data it has trained on: its preparation says what the data is. */
  private sameData(task: TaskPart): string | undefined {
    const preparation = this.sensor.freshData && task.kind === 'training' ? this.preparation(task) : undefined;
    if (preparation === undefined) {
      return undefined;
    }
    const hash = `'${this.dataHash(preparation)}'`;
    return `${hash} == '' || ${hash} != '{{tasks.gate.outputs.parameters.trained-data-hash}}'`;
  }

  /** The last container task that runs before a training task. */
  private preparation(task: TaskPart): string | undefined {
    const at = this.stageOf.get(task.identifier)!;
    const stages = task.kind === 'training' ? this.sensor.stages.slice(0, at) : [];
    const earlier = stages.reverse().flat().find((step) => step.kind === 'task' && this.loop.task(step.name)?.kind === 'container');
    return earlier && nodeOf(earlier);
  }

  private after(depends: string[], when?: string): Pick<DagTask, 'depends' | 'when'> {
    if (depends.length === 0) {
      return this.gated ? { depends: 'gate.Succeeded', when: PASSED } : {};
    }
    return { depends: depends.join(' && '), ...(when && { when }) };
  }

  /** This run's folder of a task that ran before; of any other task, the folder of its last success, which the gate knows. */
  private folder(input: TaskPart, step: StepRef): string {
    const at = this.stageOf.get(input.identifier);
    return at !== undefined && at < this.stageOf.get(step.name)!
      ? runFolder(STORE_PATH, this.axon, input.identifier, '{{workflow.name}}')
      : `{{tasks.gate.outputs.parameters.${folderParameter(input.identifier)}}}`;
  }
}

/** The tasks whose folder some run needs from the gate, because the run itself does not make it first. */
export function foldersFromGate(loop: Loop): string[] {
  const needed = new Set<string>();
  for (const { stages } of loop.sensors) {
    const made = new Set<string>();
    for (const stage of stages) {
      for (const step of stage.filter(({ kind }) => kind === 'task')) {
        inputsOf(loop, loop.task(step.name)!).filter((input) => !made.has(input.identifier)).forEach((input) => needed.add(input.identifier));
      }
      stage.forEach((step) => made.add(step.name));
    }
  }
  return [...needed].sort();
}

function nodeOf(step: StepRef): string {
  return step.kind === 'task' ? taskStep(step.name) : deployStep(step.name);
}

function emitParameters(task: string, phase: string, metrics: string, dataHash: string): Parameter[] {
  return [
    { name: 'task', value: task }, { name: 'phase', value: phase }, { name: 'metrics', value: metrics }, { name: 'data-hash', value: dataHash },
  ];
}

import {
  buildStep, deployStep, emitStep, failedStep, folderParameter, imageParameter, liveParameter, runFolder, sensorTemplate, STORE_PATH, taskStep,
} from '../contract/constants';
import { ArgoDagTask, ArgoParameter, ArgoTemplate } from '../crd/argo-workflows';
import { emitsItself, needsEmit } from '../loop/events';
import { Loop, taskOf } from '../loop/loop';
import { buildOf, imagesOf, inputsOf, isOneDeployment, isServed } from '../loop/references';
import { SensorData, StepData } from '../loop/sensor';
import { TaskData } from '../loop/task';

const PASSED = "'{{tasks.gate.outputs.parameters.decision}}' == 'pass'";

/**
 * The graph of a sensor's run: the gate, then the builds of the images that the run needs, then its stages in order. An `emit` step
 * follows each task whose end triggers a sensor, unless the task emits that event itself.
 *
 * Only the steps right behind the gate check its decision. Every other step depends on the success of the step before it, and Argo omits
 * it with that step when the gate rejects the event.
 *
 * The engine takes seconds from one step to the next, so a run that is one deployment has one step, which decides as the gate does.
 * Two such runs could decide differently: nothing of a set of events is recorded before it is complete.
 */
export function runGraph(loop: Loop, sensor: SensorData): ArgoTemplate {
  return { name: sensorTemplate(sensor.identifier), dag: { tasks: new RunGraph(loop, sensor).tasks() } };
}

class RunGraph {
  /** The stage of each task of the run. */
  private readonly stageOf = new Map<string, number>();
  /** Whether the run begins with the gate. */
  private readonly gated: boolean;

  constructor(private readonly loop: Loop, private readonly sensor: SensorData) {
    sensor.stages.forEach((stage, index) => stage.filter(({ kind }) => kind === 'task').forEach(({ name }) => this.stageOf.set(name, index)));
    this.gated = !isOneDeployment(loop, sensor);
  }

  public tasks(): ArgoDagTask[] {
    const { stages } = this.sensor;
    return [
      ...(this.gated ? [{ name: 'gate', template: 'gate', arguments: { parameters: [{ name: 'sensor', value: this.sensor.identifier }] } }] : []),
      ...this.builds(),
      ...stages.flatMap((stage, index) => {
        const before = (stages[index - 1] ?? []).map((step) => `${nodeOf(step)}.Succeeded`);
        return stage.flatMap((step) => (step.kind === 'task' ? this.task(step, before) : [this.deployment(step, before)]));
      }),
    ];
  }

  private builds(): ArgoDagTask[] {
    const names = new Set(this.sensor.stages.flat().flatMap((step) => imagesOf(this.loop, step)));
    return [...names].filter((name) => this.isBuilt(name)).map((name) => ({
      name: buildStep(name), template: buildStep(name), depends: 'gate.Succeeded', when: PASSED,
    }));
  }

  private task(step: StepData, before: string[]): ArgoDagTask[] {
    const task = taskOf(this.loop, step.name)!;
    const node = nodeOf(step);
    const built = this.isBuilt(step.name);
    const parameters = this.arguments(step, task);
    const emitsSuccess = needsEmit(this.loop, step.name, 'succeeded');
    const emitsFailure = needsEmit(this.loop, step.name, 'failed');
    // With a retry strategy Argo never ends a graph in which something waits behind the exit hook of a failed task, and it
    // reports success for a graph that omitted the only task behind the failed one.
    const followed = emitsSuccess || this.stageOf.get(step.name)! < this.sensor.stages.length - 1;
    const failure = emitParameters(step.name, 'failed', '{}', '');
    const run: ArgoDagTask = {
      name: node,
      template: node,
      ...this.after([...before, ...(built ? [`${buildStep(step.name)}.Succeeded`] : [])], this.freshData(task)),
      ...(parameters.length > 0 && { arguments: { parameters } }),
      ...(emitsFailure && !followed && {
        hooks: { exit: { template: 'emit', expression: `tasks["${node}"].status in ["Failed", "Error"]`, arguments: { parameters: failure } } },
      }),
    };
    return [
      run,
      ...(emitsSuccess ? [this.emitSuccess(step, task)] : []),
      ...(emitsFailure && followed
        ? [{ name: failedStep(step.name), template: 'emit', depends: `${node}.Failed || ${node}.Errored`, arguments: { parameters: failure } }] : []),
    ];
  }

  private arguments(step: StepData, task: TaskData): ArgoParameter[] {
    return [
      ...(this.isBuilt(step.name) ? [{ name: 'image', value: `{{tasks.${buildStep(step.name)}.outputs.parameters.image}}` }] : []),
      ...inputsOf(this.loop, task).map(({ identifier }) => ({ name: folderParameter(identifier), value: this.folder(identifier, step) })),
      ...(isServed(this.loop, task) ? [{ name: 'live', value: `{{tasks.gate.outputs.parameters.${liveParameter(task.identifier)}}}` }] : []),
      ...(emitsItself(this.loop, task.identifier) ? [{ name: 'data-hash', value: dataHash(this.preparation(task)) }] : []),
    ];
  }

  private emitSuccess(step: StepData, task: TaskData): ArgoDagTask {
    const node = nodeOf(step);
    const metrics = `{{tasks.${node}.outputs.parameters.metrics}}`;
    return {
      name: emitStep(step.name),
      template: 'emit',
      depends: `${node}.Succeeded`,
      arguments: { parameters: emitParameters(step.name, 'succeeded', metrics, dataHash(this.preparation(task) ?? node)) },
    };
  }

  private deployment(step: StepData, before: string[]): ArgoDagTask {
    const built = imagesOf(this.loop, step).filter((server) => this.isBuilt(server));
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

  private isBuilt(container: string): boolean {
    return buildOf(this.loop, container) !== undefined;
  }

  /** A guarded run does not train again on the same data, which its preparation identifies by a hash. */
  private freshData(task: TaskData): string | undefined {
    const preparation = this.sensor.guard?.sameData === 'refuse' && task.kind === 'training' ? this.preparation(task) : undefined;
    if (preparation === undefined) {
      return undefined;
    }
    const hash = `'${dataHash(preparation)}'`;
    return `${hash} == '' || ${hash} != '{{tasks.gate.outputs.parameters.trained-data-hash}}'`;
  }

  /** The last container task that runs before a training task. */
  private preparation(task: TaskData): string | undefined {
    const at = this.stageOf.get(task.identifier)!;
    const stages = task.kind === 'training' ? this.sensor.stages.slice(0, at) : [];
    const earlier = stages.reverse().flat().find(({ kind, name }) => kind === 'task' && taskOf(this.loop, name)?.kind === 'container');
    return earlier && nodeOf(earlier);
  }

  private after(depends: string[], when?: string): Pick<ArgoDagTask, 'depends' | 'when'> {
    if (depends.length === 0) {
      return this.gated ? { depends: 'gate.Succeeded', when: PASSED } : {};
    }
    return { depends: depends.join(' && '), ...(when && { when }) };
  }

  /** This run's folder of a task that ran before; of any other task the folder of its last success, which the gate reads from the ledger. */
  private folder(input: string, step: StepData): string {
    const at = this.stageOf.get(input);
    return at !== undefined && at < this.stageOf.get(step.name)!
      ? runFolder(STORE_PATH, this.loop.name, input, '{{workflow.name}}')
      : `{{tasks.gate.outputs.parameters.${folderParameter(input)}}}`;
  }
}

function nodeOf({ kind, name }: StepData): string {
  return kind === 'task' ? taskStep(name) : deployStep(name);
}

/** The hash that a node reports of its data; empty without a node. */
function dataHash(node: string | undefined): string {
  return node === undefined ? '' : `{{tasks.${node}.outputs.parameters.data-hash}}`;
}

function emitParameters(task: string, phase: string, metrics: string, hash: string): ArgoParameter[] {
  return [{ name: 'task', value: task }, { name: 'phase', value: phase }, { name: 'metrics', value: metrics }, { name: 'data-hash', value: hash }];
}

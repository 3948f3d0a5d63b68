import { emitStep, failedStep, LABEL, PARAMETER, RUN_TTL, sensorTemplate, taskStep } from '../contract/constants.js';
import type { AxonDocument, AxonSensor, LedgerDocument } from '../contract/documents.js';
import { KINDS, type KubeObject } from '../kube/client.js';
import type { Due, RunState } from '../ledger/due.js';
import { eventDocument } from '../ledger/event-document.js';
import { dataHashOf } from '../shared/data-hash.js';
import { timeOf } from '../shared/time.js';
import { encodedBody } from './body.js';
import { eventMetrics } from './event-metrics.js';
import { labelsOf } from './state.js';
import type { ReportedEnd } from './task-event.js';

/** What is read of a Workflow, and what one is made of. */
export interface WorkflowObject extends KubeObject {
  spec?: {
    entrypoint: string;
    workflowTemplateRef: { name: string };
    arguments: { parameters: { name: string; value: string }[] };
    ttlStrategy: { secondsAfterFailure: number; secondsAfterSuccess: number };
  };
  status?: { phase?: string; finishedAt?: string | null; nodes?: Record<string, WorkflowNode> };
}

interface WorkflowNode {
  readonly displayName?: string;
  readonly phase?: string;
  readonly finishedAt?: string | null;
  readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

/** An end of a task that a finished Workflow tells of. */
export interface Harvested extends ReportedEnd {
  /** Whether the step that should have told it has failed. */
  readonly isUntold: boolean;
}

/** Ends by phase of a node: nodes that were skipped or omitted have none. */
const PHASES: Readonly<Record<string, 'succeeded' | 'failed' | undefined>> = { Succeeded: 'succeeded', Failed: 'failed', Error: 'failed' };

/** How the deliveries of runs begin that sweep starts, before the ids of their sets. */
const SWEPT = 'sweep/';

/** Ids of the set that sweep started a run for, by its delivery; none of a run that something else started. */
export function sweptSet(delivery: string): string[] {
  return delivery.startsWith(SWEPT) ? delivery.slice(SWEPT.length).split('+') : [];
}

/** Whether a Workflow still goes on, or since when it does not; in milliseconds. */
export function stateOf({ status, metadata }: WorkflowObject): NonNullable<RunState> {
  if (!['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '')) return {};
  return { ended: timeOf(status?.finishedAt ?? metadata.creationTimestamp ?? '1970-01-01T00:00:00Z') };
}

/** Models that a run which goes on may train or deploy. */
export function busyModels({ sensors, models }: AxonDocument, workflows: readonly WorkflowObject[]): Set<string> {
  const going = new Set(workflows.filter((one) => stateOf(one).ended === undefined).map(({ metadata }) => metadata.labels?.[LABEL.SENSOR]));
  const steps = new Set(sensors.filter(({ name }) => going.has(name)).flatMap(({ runs }) => runs.flat()));
  return new Set(models.filter(({ name, trainers }) => [name, ...trainers].some((step) => steps.has(step))).map(({ name }) => name));
}

/** The Workflow of a set: the same that the bus would start, woken by the newest event of the set. */
export function workflowOf(axon: AxonDocument, ledger: LedgerDocument, { sensor, events }: Due, name: string): WorkflowObject {
  const inOrder = [...events].sort((a, b) => timeOf(ledger.events[a]!.at) - timeOf(ledger.events[b]!.at) || (a < b ? 1 : -1));
  const newest = inOrder.at(-1)!;
  const given = Object.assign({}, ...inOrder.map((id) => ledger.events[id]!.parameters ?? {})) as Record<string, string>;
  const { apiVersion, kind } = KINDS.Workflow;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: axon.namespace, labels: { ...labelsOf(axon, 'run'), [LABEL.SENSOR]: sensor.name } },
    spec: {
      entrypoint: sensorTemplate(sensor.name),
      workflowTemplateRef: { name: axon.axon },
      arguments: {
        parameters: [
          { name: PARAMETER.EVENT, value: encodedBody(JSON.stringify(eventDocument(axon, newest, ledger.events[newest]!))) },
          { name: PARAMETER.DELIVERY, value: `${SWEPT}${inOrder.reverse().join('+')}` },
          ...sensor.parameters.flatMap((parameter) => (Object.hasOwn(given, parameter) ? [{ name: parameter, value: given[parameter]! }] : [])),
        ],
      },
      ttlStrategy: RUN_TTL,
    },
  };
}

/**
 * Ends of tasks that a finished Workflow's nodes tell of: of the tasks that nobody listens to, whose folders the ledger learns of here only,
 * and of those whose emit step failed. A tuned task tells its success itself: it has not succeeded before that.
 */
export function harvest(axon: AxonDocument, workflow: WorkflowObject): Harvested[] {
  const { status, metadata } = workflow;
  const sensor = axon.sensors.find(({ name }) => name === metadata.labels?.[LABEL.SENSOR]);
  if (sensor === undefined || stateOf(workflow).ended === undefined) return [];
  const nodes = Object.values(status?.nodes ?? {});
  return axon.tasks.filter(({ name }) => sensor.runs.flat().includes(name)).flatMap(({ name, emits }): Harvested[] => {
    const node = nodeOf(nodes, taskStep(name));
    const phase = PHASES[node?.phase ?? ''];
    if (node === undefined || phase === undefined || !node.finishedAt) return [];
    const tellers = phase === 'succeeded' ? [emitStep(name)] : [failedStep(name), `${taskStep(name)}.onExit`];
    const teller = tellers.flatMap((one) => nodeOf(nodes, one) ?? [])[0];
    return [{
      task: name,
      phase,
      runId: metadata.name,
      at: node.finishedAt,
      metrics: phase === 'succeeded' ? eventMetrics(output(node, PARAMETER.METRICS) ?? '').metrics : {},
      dataHash: phase === 'succeeded' ? dataHashOf(output(nodeOf(nodes, taskStep(preparation(axon, sensor, name) ?? name)), PARAMETER.DATA_HASH)) : undefined,
      isUntold: emits.includes(phase) && teller !== undefined && teller.phase !== 'Succeeded',
    }];
  });
}

function nodeOf(nodes: readonly WorkflowNode[], name: string): WorkflowNode | undefined {
  return nodes.find(({ displayName }) => displayName === name);
}

function output(node: WorkflowNode | undefined, name: string): string | undefined {
  return node?.outputs?.parameters?.find((parameter) => parameter.name === name)?.value;
}

/** The task that prepared a training's data: the last container task before it, as in the synthesised graph. */
function preparation({ tasks }: AxonDocument, { runs }: AxonSensor, task: string): string | undefined {
  const kindOf = (name: string) => tasks.find((one) => one.name === name)?.kind;
  if (kindOf(task) !== 'training') return undefined;
  return runs.slice(0, runs.findIndex((stage) => stage.includes(task))).reverse().flat().find((name) => kindOf(name) === 'container');
}

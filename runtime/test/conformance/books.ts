import { transitions } from '../../../fidelity/cluster/transitions.mjs';
import type { Trace, TracedNode, TracedWorkflow } from '../../../fidelity/traces/trace.js';
import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import { decide } from '../../src/ledger/decide.js';
import { emptyLedger } from '../../src/ledger/empty.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { record } from '../../src/ledger/record.js';
import { bodyOf } from '../../src/sensing/body.js';
import { eventMetrics } from '../../src/sensing/event-metrics.js';
import { bookEnd } from '../../src/sensing/sweep.js';
import { recordEnd } from '../../src/sensing/task-event.js';
import { seenEvents } from '../../src/sensing/wake.js';
import { harvest } from '../../src/sensing/workflows.js';
import { dataHashOf } from '../../src/shared/data-hash.js';
import { sha256 } from '../../src/shared/sha256.js';
import { timeText } from '../../src/shared/time.js';
import { workflowObject } from './workflow-object.js';

/** Of the body of an event what the replay needs. */
interface Body {
  readonly time?: string;
  readonly data?: { readonly kind?: string; readonly runId?: string };
  readonly alerts?: readonly { readonly startsAt: string }[];
}

/** The bodies of the events that woke the Workflows of a trace. */
export function bodiesOf(workflows: readonly TracedWorkflow[]): Body[] {
  return workflows.flatMap(({ parameters }) => (parameters?.delivery ? [JSON.parse(bodyOf(parameters.event!)) as Body] : []));
}

/** What one sweep settled. */
interface Sweep {
  /** The number of changes of the ledger before it. */
  readonly after: number;
  /** The runs whose tasks it settled. */
  readonly runs: readonly string[];
}

/** Changes of the ledger among recorded ones. */
export function ledgerChanges(changes: readonly string[]): string[] {
  return changes.filter((change) => !change.startsWith('release '));
}

/**
 * The sweeps of a trace that changed the ledger. Sweeps run beside other Workflows, and the record has no times: only the recorded changes say
 * which runs a sweep found finished.
 */
function sweepsOf({ transitions: revisions }: Trace): Sweep[] {
  let after = 0;
  return revisions.map(ledgerChanges).flatMap((changes) => {
    const runs = changes.flatMap((change) => /^tasks of (\S+) settled$/.exec(change)?.[1] ?? []);
    const sweep = { after, runs };
    after += changes.length;
    return runs.length > 0 ? [sweep] : [];
  });
}

/** The runtime's decisions over the recorded events, one Workflow after the other. */
export class Books {
  ledger: LedgerDocument;
  /** What was decided about each run. */
  readonly answers: Record<string, unknown> = {};
  /** What each end of a task posted. */
  readonly posted: object[] = [];
  /** What changed, one after the other. */
  readonly changes: string[] = [];
  private readonly live: Record<string, string[]> = {};
  /** Time of the latest recorded act of each run, in milliseconds. */
  private readonly latest = new Map<string, number>();
  private readonly sweeps: Sweep[];
  private now: number;

  constructor(private readonly trace: Trace, private readonly axon: AxonDocument) {
    this.ledger = emptyLedger(axon);
    this.sweeps = sweepsOf(trace);
    this.now = Math.min(...trace.workflows.flatMap((workflow) => timesOf(workflow))) - 3_600_000;
  }

  play(workflow: TracedWorkflow): void {
    this.now = Math.max(this.now, ...timesOf(workflow)) + 1000;
    this.latest.set(workflow.name, this.now);
    for (const node of workflow.nodes.filter(({ type }) => type === 'Pod')) {
      if (decides(node)) this.decide(workflow, node);
      if (node.templateName === 'emit') this.end(workflow, node.inputs as unknown as End);
      if (reportsEnd(node)) this.end(workflow, endOf(node));
      if (deploys(node)) this.deploy(node);
    }
  }

  private decide(workflow: TracedWorkflow, { inputs }: TracedNode): void {
    const { axon, now } = this;
    const sensor = axon.sensors.find(({ name }) => name === inputs!.sensor)!;
    const { event = '', delivery = '' } = workflow.parameters!;
    const seen = seenEvents({ axon, sensor, body: bodyOf(event), delivery, uid: workflow.name, now });
    const question = { sensor, run: { name: workflow.name, uid: workflow.name }, woke: seen.map(({ id }) => id) };
    // Every alert that was asked about fired: see `firing` among the recorded numbers.
    const facts: Facts = { live: structuredClone(this.live), firing: Object.fromEntries(question.woke.map((id) => [id, true])), samples: {} };
    this.keep(record(this.ledger, axon, seen));
    const { next, result } = decide(this.ledger, axon, question, facts, now, sha256);
    this.keep(next);
    if (!('answer' in result)) throw new Error(`${workflow.name} needs ${JSON.stringify(result.needs)}`);
    const { decision, version = '', events } = result.answer;
    this.answers[workflow.name] = { decision, version, events: JSON.stringify(decision === 'pass' ? events : []) };
  }

  private end({ name: runId }: TracedWorkflow, { task, phase, metrics, 'data-hash': hash }: End): void {
    const end = { task, phase, runId, at: this.emitted(runId), metrics: eventMetrics(metrics).metrics, dataHash: dataHashOf(hash) };
    const { next, id } = recordEnd(this.ledger, this.axon, end);
    this.latest.set(runId, Date.parse(end.at));
    this.keep(next);
    this.posted.push(eventDocument(this.axon, id, next.events[id]!));
  }

  private keep(next: LedgerDocument): void {
    this.changes.push(...transitions({ ledger: this.ledger }, { ledger: next }));
    this.ledger = next;
    const isDue = this.sweeps[0] !== undefined && this.sweeps[0].after <= this.changes.length;
    if (isDue) this.sweep(this.sweeps.shift()!);
  }

  /** Books the ends of tasks that finished Workflows hold. A Workflow finishes after it posted its events. */
  private sweep({ runs }: Sweep): void {
    const ends = runs.flatMap((run) => {
      const workflow = this.trace.workflows.find(({ name }) => name === run)!;
      return harvest(this.axon, workflowObject(workflow, timeText(this.latest.get(run)! + 1000)));
    });
    this.keep(ends.reduce((ledger, end) => bookEnd(ledger, this.axon, end), this.ledger));
  }

  /** When a run emitted. Only the event that it posted states the time. */
  private emitted(runId: string): string {
    return bodiesOf(this.trace.workflows).find(({ data }) => data?.runId === runId)!.time!;
  }

  private deploy(node: TracedNode): void {
    const { model, version } = deployed(node);
    this.live[model] = [version, ...(this.live[model] ?? [])];
  }
}

/** The end of a task, as the event states it. */
interface End {
  readonly 'task': string;
  readonly 'phase': 'succeeded' | 'failed';
  readonly 'metrics': string;
  readonly 'data-hash': string;
}

/** The gate, and a deployment that is all of its run. */
export function decides({ templateName, outputs }: TracedNode): boolean {
  return templateName === 'gate' || (templateName.startsWith('deploy-') && (outputs?.decision ?? '') !== '');
}

/** Whether a search emits its own success. */
function reportsEnd({ templateName, phase, inputs }: TracedNode): boolean {
  return templateName.startsWith('task-') && phase === 'Succeeded' && inputs?.['data-hash'] !== undefined;
}

function endOf({ templateName, inputs, outputs }: TracedNode): End {
  return {
    'task': templateName.slice('task-'.length), 'phase': 'succeeded', 'metrics': outputs!.metrics!, 'data-hash': inputs!['data-hash'] || outputs!['data-hash']!,
  };
}

/** A deployment that was made, not one that was refused. */
export function deploys({ templateName, inputs, outputs }: TracedNode): boolean {
  return templateName.startsWith('deploy-') && Boolean(inputs?.version || outputs?.version);
}

export function deployed({ templateName, inputs, outputs }: TracedNode): { readonly model: string; readonly version: string } {
  return { model: templateName.slice('deploy-'.length), version: (inputs!.version || outputs!.version)! };
}

/** The times in the body of a Workflow's event, in milliseconds. */
function timesOf(workflow: TracedWorkflow): number[] {
  const texts = bodiesOf([workflow]).flatMap(({ time, alerts = [] }) => [time, ...alerts.map(({ startsAt }) => startsAt)]);
  return texts.flatMap((text) => (text === undefined ? [] : [Date.parse(text)]));
}

import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { transitions } from '../../../fidelity/cluster/transitions.mjs';
import type { Texts, Trace, TracedNode, TracedWorkflow } from '../../../fidelity/traces/trace.js';
import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import { decide } from '../../src/ledger/decide.js';
import { emptyLedger } from '../../src/ledger/empty.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { record } from '../../src/ledger/record.js';
import { bodyOf } from '../../src/sensing/body.js';
import { eventMetrics } from '../../src/sensing/event-metrics.js';
import { recordEnd } from '../../src/sensing/task-event.js';
import { seenEvents } from '../../src/sensing/wake.js';
import { dataHashOf } from '../../src/shared/data-hash.js';
import { sha256 } from '../../src/shared/sha256.js';

const ROOT = new URL('../../../', import.meta.url);
const TRACES = new URL('fidelity/traces/loops/', ROOT);

/** Of the body of an event what the replay needs. */
interface Body {
  readonly time?: string;
  readonly data?: { readonly kind?: string; readonly runId?: string };
  readonly alerts?: readonly { readonly startsAt: string }[];
}

/** The recorded traces, by the name of their file. */
function traces(): [string, Trace][] {
  return readdirSync(TRACES).filter((name) => name.endsWith('.json')).sort()
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, TRACES), 'utf8')) as Trace]);
}

/** The axon document as it is synthesised for the trace's namespace. */
function axonOf({ axon, namespace }: Trace): AxonDocument {
  const objects = loadAll(readFileSync(new URL(`examples/${axon}/expected/${axon}.yaml`, ROOT), 'utf8')) as { kind: string; data?: Texts }[];
  const document = JSON.parse(objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['axon.json'] !== undefined)!.data!['axon.json']!) as AxonDocument;
  return { ...document, namespace };
}

/** The bodies of the events that woke the Workflows of a trace. */
function bodiesOf(workflows: readonly TracedWorkflow[]): Body[] {
  return workflows.flatMap(({ parameters }) => (parameters?.delivery ? [JSON.parse(bodyOf(parameters.event!)) as Body] : []));
}

/** The runtime's decisions over the recorded events, one Workflow after the other. */
class Books {
  ledger: LedgerDocument;
  /** What was decided about each run. */
  readonly answers: Record<string, unknown> = {};
  /** What each end of a task posted. */
  readonly posted: object[] = [];
  /** What changed, one after the other. */
  readonly changes: string[] = [];
  private readonly live: Record<string, string[]> = {};
  private now: number;

  constructor(private readonly trace: Trace, private readonly axon: AxonDocument) {
    this.ledger = emptyLedger(axon);
    this.now = Math.min(...trace.workflows.flatMap((workflow) => timesOf(workflow))) - 3_600_000;
  }

  play(workflow: TracedWorkflow): void {
    this.now = Math.max(this.now, ...timesOf(workflow)) + 1000;
    for (const node of workflow.nodes.filter(({ type }) => type === 'Pod')) {
      if (decides(node)) this.decide(workflow, node);
      if (node.templateName === 'emit') this.end(workflow, node.inputs as unknown as End);
      if (tells(node)) this.end(workflow, toldOf(node));
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
    const { next, result } = decide(record(this.ledger, axon, seen), axon, question, facts, now, sha256);
    this.keep(next);
    if (!('answer' in result)) throw new Error(`${workflow.name} needs ${JSON.stringify(result.needs)}`);
    const { decision, version = '', events } = result.answer;
    this.answers[workflow.name] = { decision, version, events: JSON.stringify(decision === 'pass' ? events : []) };
  }

  private end({ name: runId }: TracedWorkflow, { task, phase, metrics, 'data-hash': hash }: End): void {
    const end = { task, phase, runId, at: this.emitted(runId), metrics: eventMetrics(metrics).metrics, dataHash: dataHashOf(hash) };
    const { next, id } = recordEnd(this.ledger, this.axon, end);
    this.keep(next);
    this.posted.push(eventDocument(this.axon, id, next.events[id]!));
  }

  private keep(next: LedgerDocument): void {
    this.changes.push(...transitions({ ledger: this.ledger }, { ledger: next }));
    this.ledger = next;
  }

  /** When a run emitted, which only what it posted tells. */
  private emitted(runId: string): string {
    return bodiesOf(this.trace.workflows).find(({ data }) => data?.runId === runId)!.time!;
  }

  private deploy(node: TracedNode): void {
    const { model, version } = deployed(node);
    this.live[model] = [version, ...(this.live[model] ?? [])];
  }
}

/** What is told of the end of a task. */
interface End {
  readonly 'task': string;
  readonly 'phase': 'succeeded' | 'failed';
  readonly 'metrics': string;
  readonly 'data-hash': string;
}

/** The gate, and a deployment that is all of its run. */
function decides({ templateName, outputs }: TracedNode): boolean {
  return templateName === 'gate' || (templateName.startsWith('deploy-') && (outputs?.decision ?? '') !== '');
}

/** A search tells its own success. */
function tells({ templateName, phase, inputs }: TracedNode): boolean {
  return templateName.startsWith('task-') && phase === 'Succeeded' && inputs?.['data-hash'] !== undefined;
}

function toldOf({ templateName, inputs, outputs }: TracedNode): End {
  return {
    'task': templateName.slice('task-'.length), 'phase': 'succeeded', 'metrics': outputs!.metrics!, 'data-hash': inputs!['data-hash'] || outputs!['data-hash']!,
  };
}

/** A deployment that was made, not one that was refused. */
function deploys({ templateName, inputs, outputs }: TracedNode): boolean {
  return templateName.startsWith('deploy-') && Boolean(inputs?.version || outputs?.version);
}

function deployed({ templateName, inputs, outputs }: TracedNode): { readonly model: string; readonly version: string } {
  return { model: templateName.slice('deploy-'.length), version: (inputs!.version || outputs!.version)! };
}

/** The times that the body of a Workflow's event tells, in milliseconds. */
function timesOf(workflow: TracedWorkflow): number[] {
  const texts = bodiesOf([workflow]).flatMap(({ time, alerts = [] }) => [time, ...alerts.map(({ startsAt }) => startsAt)]);
  return texts.flatMap((text) => (text === undefined ? [] : [Date.parse(text)]));
}

/** Without what another run of the same events has otherwise. */
function timeless(ledger: object): object {
  return JSON.parse(JSON.stringify(ledger, (key, value: unknown) => (['at', 'ended', 'uid'].includes(key) ? undefined : value))) as object;
}

describe.each(traces())('the recorded run %s', (_, trace) => {
  let books: Books;

  beforeAll(() => {
    books = new Books(trace, axonOf(trace));
    trace.workflows.forEach((workflow) => books.play(workflow));
  });

  test('gets about every run the recorded answer', () => {
    const answers = trace.workflows.flatMap(({ name, nodes }) => nodes.filter((node) => node.type === 'Pod' && decides(node))
      .map(({ outputs }) => [name, { decision: outputs!.decision, version: outputs!.version, events: outputs!.events }] as const));
    expect(books.answers).toEqual(Object.fromEntries(answers));
  });

  test('posts the events that woke the recorded Workflows', () => {
    expect(books.posted).toEqual(bodiesOf(trace.workflows).filter(({ data }) => data?.kind === 'task'));
  });

  test('goes through the recorded changes of the ledger, in their order', () => {
    expect(books.changes).toEqual(trace.transitions.flat().filter((change) => !change.startsWith('release ')));
  });

  test('leaves the recorded ledger, up to times and uids', () => {
    expect(timeless(books.ledger)).toEqual(timeless(trace.ledger));
  });

  test('has the releases that were deployed, the newest first', () => {
    const versions = trace.workflows.flatMap(({ nodes }) => nodes).filter((node) => node.type === 'Pod' && deploys(node)).map(deployed);
    expect(trace.releases.releases.map(({ model, version }) => ({ model, version }))).toEqual(versions.reverse());
  });
});

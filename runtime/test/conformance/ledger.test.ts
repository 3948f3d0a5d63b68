import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type { AxonDocument, LedgerDocument } from '../../src/contract/documents.js';
import type { Facts } from '../../src/ledger/conditions.js';
import { decide } from '../../src/ledger/decide.js';
import { emptyLedger } from '../../src/ledger/empty.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { record } from '../../src/ledger/record.js';
import { bodyOf } from '../../src/sensing/body.js';
import { readMetrics } from '../../src/sensing/metrics-text.js';
import { dataHashOf, recordEnd } from '../../src/sensing/task-event.js';
import { seenEvents } from '../../src/sensing/wake.js';
import { sha256 } from '../../src/shared/sha256.js';

const ROOT = new URL('../../../', import.meta.url);
const TRACES = new URL('fidelity/traces/', ROOT);

type Texts = Readonly<Record<string, string>>;

interface TracedNode {
  readonly type: string;
  readonly templateName: string;
  readonly inputs?: Texts;
  readonly outputs?: Texts;
}

interface TracedWorkflow {
  readonly name: string;
  readonly parameters?: Texts;
  readonly nodes: readonly TracedNode[];
}

/** What a real cluster did: see fidelity/cluster/trace.mjs. */
interface Trace {
  readonly axon: string;
  readonly namespace: string;
  readonly ledger: object;
  readonly releases: { readonly releases: readonly { readonly model: string; readonly version: string }[] };
  /** In the order in which they were made. */
  readonly workflows: readonly TracedWorkflow[];
}

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
  /** What each gate answered. */
  readonly gates: Record<string, unknown> = {};
  /** What each end of a task posted. */
  readonly posted: object[] = [];
  private readonly live: Record<string, string[]> = {};
  private now: number;

  constructor(private readonly trace: Trace, private readonly axon: AxonDocument) {
    this.ledger = emptyLedger(axon);
    this.now = Math.min(...trace.workflows.flatMap((workflow) => timesOf(workflow))) - 3_600_000;
  }

  play(workflow: TracedWorkflow): void {
    this.now = Math.max(this.now, ...timesOf(workflow)) + 1000;
    for (const node of workflow.nodes.filter(({ type }) => type === 'Pod')) {
      if (node.templateName === 'gate') this.gate(workflow, node);
      else if (node.templateName === 'emit') this.emit(workflow, node);
      else if (node.templateName.startsWith('deploy-')) this.deploy(node);
    }
  }

  private gate(workflow: TracedWorkflow, { inputs }: TracedNode): void {
    const { axon, now } = this;
    const sensor = axon.sensors.find(({ name }) => name === inputs!.sensor)!;
    const { event = '', delivery = '' } = workflow.parameters!;
    const seen = seenEvents({ axon, sensor, body: bodyOf(event), delivery, uid: workflow.name, now });
    const question = { sensor, run: { name: workflow.name, uid: workflow.name }, woke: seen.map(({ id }) => id) };
    // Every alert that was asked about fired: see `firing` among the recorded numbers.
    const facts: Facts = { live: structuredClone(this.live), firing: Object.fromEntries(question.woke.map((id) => [id, true])), samples: {} };
    const { next, result } = decide(record(this.ledger, axon, seen), axon, question, facts, now, sha256);
    this.ledger = next;
    if (!('answer' in result)) throw new Error(`the gate of ${workflow.name} needs ${JSON.stringify(result.needs)}`);
    const { decision, version, events } = result.answer;
    this.gates[workflow.name] = { decision, version, events: JSON.stringify(events) };
  }

  private emit({ name: runId }: TracedWorkflow, { inputs }: TracedNode): void {
    const { task, phase, metrics, 'data-hash': hash } = inputs as { 'task': string; 'phase': 'succeeded' | 'failed'; 'metrics': string; 'data-hash': string };
    const end = { task, phase, runId, at: this.emitted(runId), metrics: readMetrics(metrics).metrics, dataHash: dataHashOf(hash) };
    const { next, id } = recordEnd(this.ledger, this.axon, end);
    this.ledger = next;
    this.posted.push(eventDocument(this.axon, id, next.events[id]!));
  }

  /** When a run emitted, which only what it posted tells. */
  private emitted(runId: string): string {
    return bodiesOf(this.trace.workflows).find(({ data }) => data?.runId === runId)!.time!;
  }

  private deploy({ templateName, inputs }: TracedNode): void {
    const model = templateName.slice('deploy-'.length);
    this.live[model] = [inputs!.version!, ...(this.live[model] ?? [])];
  }
}

/** The times that the body of a Workflow's event tells, in milliseconds. */
function timesOf(workflow: TracedWorkflow): number[] {
  const texts = bodiesOf([workflow]).flatMap(({ time, alerts = [] }) => [time, ...alerts.map(({ startsAt }) => startsAt)]);
  return texts.flatMap((text) => (text === undefined ? [] : [Date.parse(text)]));
}

/** Without what another run of the same events has otherwise. */
function timeless(ledger: object): object {
  return JSON.parse(JSON.stringify(ledger, (key, value: unknown) => (key === 'at' || key === 'uid' ? undefined : value))) as object;
}

describe.each(traces())('the recorded run %s', (_, trace) => {
  let books: Books;

  beforeAll(() => {
    books = new Books(trace, axonOf(trace));
    trace.workflows.forEach((workflow) => books.play(workflow));
  });

  test('gets from every gate the recorded answer', () => {
    const gates = trace.workflows.flatMap(({ name, nodes }) => nodes.filter(({ type, templateName }) => type === 'Pod' && templateName === 'gate')
      .map(({ outputs }) => [name, { decision: outputs!.decision, version: outputs!.version, events: outputs!.events }] as const));
    expect(books.gates).toEqual(Object.fromEntries(gates));
  });

  test('posts the events that woke the recorded Workflows', () => {
    expect(books.posted).toEqual(bodiesOf(trace.workflows).filter(({ data }) => data?.kind === 'task'));
  });

  test('leaves the recorded ledger, up to times and uids', () => {
    expect(timeless(books.ledger)).toEqual(timeless(trace.ledger));
  });

  test('has the releases that were deployed, the newest first', () => {
    const deployed = trace.workflows.flatMap(({ nodes }) => nodes).flatMap(({ type, templateName, inputs }) => (
      type === 'Pod' && templateName.startsWith('deploy-') ? [{ model: templateName.slice('deploy-'.length), version: inputs!.version }] : []));
    expect(trace.releases.releases.map(({ model, version }) => ({ model, version }))).toEqual(deployed.reverse());
  });
});

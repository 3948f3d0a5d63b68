import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import type { Texts, Trace } from '../../../fidelity/traces/trace.js';
import type { AxonDocument } from '../../src/contract/documents.js';
import { bodiesOf, Books, decides, deployed, deploys, ledgerChanges } from './books.js';

const ROOT = new URL('../../../', import.meta.url);
const TRACES = new URL('fidelity/traces/loops/', ROOT);

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
    expect(books.changes).toEqual(ledgerChanges(trace.transitions.flat()));
  });

  test('leaves the recorded ledger, up to times and uids', () => {
    expect(timeless(books.ledger)).toEqual(timeless(trace.ledger));
  });

  test('has the releases that were deployed, the newest first', () => {
    const versions = trace.workflows.flatMap(({ nodes }) => nodes).filter((node) => node.type === 'Pod' && deploys(node)).map(deployed);
    expect(trace.releases.releases.map(({ model, version }) => ({ model, version }))).toEqual(versions.reverse());
  });
});

test('a sweep after the last retraining books the hash of the data that the run prepared', () => {
  const [, trace] = traces().find(([name]) => name === 'digits.json')!;
  const run = trace.workflows.filter(({ nodes }) => nodes.some(({ templateName }) => templateName === 'task-train')).at(-1)!.name;
  const change = `tasks of ${run} settled`;
  const books = new Books({ ...trace, transitions: [...trace.transitions.filter((changes) => !changes.includes(change)), [change]] }, axonOf(trace));
  trace.workflows.forEach((workflow) => books.play(workflow));
  const { prepare, train } = books.ledger.tasks;
  expect(prepare).toEqual({ runId: run, at: train!.at, dataHash: train!.dataHash });
  expect(books.changes.at(-1)).toBe(change);
});

// Turns what `loop.sh` collected into a trace that tests replay: node trace.mjs FOLDER ENGINE=VERSION… >fidelity/traces/loops/EXAMPLE.json
// Kept is what the engines and the axon's programs decided, in their order; of times only the order, of machines nothing. Workflows that have not
// finished are left out: a sweep may run when `loop.sh` collects.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { revisions } from './revisions.mjs';

const [folder, ...engines] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** The same without uids, each time by its rank among all. */
function timeless(documents) {
  const times = new Set();
  const isTime = (key) => key === 'at' || key === 'ended';
  JSON.stringify(documents, (key, value) => (isTime(key) && times.add(value), value));
  const ranks = new Map([...times].sort((a, b) => Date.parse(a) - Date.parse(b)).map((time, index) => [time, index + 1]));
  return JSON.parse(JSON.stringify(documents, (key, value) => (key === 'uid' ? undefined : isTime(key) ? ranks.get(value) : value)));
}

const objects = read('objects.json').items;

/** Names of Pods by the node that they are of. */
function podNames() {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  return new Map(pods.map(({ metadata: { name, annotations } }) => [annotations?.['workflows.argoproj.io/node-name'], name]));
}

/** What deployments applied and left: all that the axon's anchor owns. */
function applied() {
  const owned = objects.filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'ConfigMap'));
  return owned.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

const values = (parameters) => parameters && Object.fromEntries(parameters.map(({ name, value }) => [name, value]));

function traceOf({ metadata, spec, status }, pods) {
  const nameOf = (id) => status.nodes[id]?.name ?? id;
  const names = (ids) => ids?.map(nameOf);
  const ids = new Set();
  const visit = (id) => !ids.has(id) && ids.add(id) && status.nodes[id]?.children?.forEach(visit);
  [metadata.name, ...Object.keys(status.nodes).sort()].forEach(visit);
  const nodes = [...ids].map((id) => status.nodes[id]).map((node) => ({
    id: node.id,
    name: node.name,
    displayName: node.displayName,
    type: node.type,
    templateName: node.templateName,
    templateScope: node.templateScope,
    boundary: node.boundaryID && nameOf(node.boundaryID),
    flag: node.nodeFlag,
    phase: node.phase,
    message: node.message,
    children: names(node.children),
    outbound: names(node.outboundNodes),
    inputs: values(node.inputs?.parameters),
    outputs: values(node.outputs?.parameters),
    exitCode: node.outputs?.exitCode,
    pod: node.type === 'Pod' ? pods.get(node.name) : undefined,
  }));
  const { phase, message, progress, storedWorkflowTemplateSpec } = status;
  return { name: metadata.name, labels: metadata.labels, spec, parameters: values(storedWorkflowTemplateSpec.arguments?.parameters), phase, message, progress, nodes };
}

/** A line for each node, so that a change of one is seen as one. */
function written({ workflows, ...rest }) {
  const one = ({ nodes, ...workflow }) => `${JSON.stringify(workflow).slice(0, -1)},"nodes":[\n  ${nodes.map((node) => JSON.stringify(node)).join(',\n  ')}\n]}`;
  const others = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${[...others, `"workflows":[${workflows.map(one).join(',\n')}]`].join(',\n')}}\n`;
}

/** The Workflows that have finished. Each run whose decision the ledger holds must be one of them, or the trace does not replay. */
function finishedWorkflows(ledger) {
  const { items } = read('workflows.json');
  const running = items.filter(({ status }) => !status?.finishedAt).map(({ metadata }) => metadata.name);
  const decided = Object.values(ledger.sensors).flatMap(({ sets }) => sets).find(({ run }) => running.includes(run));
  if (decided) {
    console.error(`trace.mjs: Workflow ${decided.run} in ${join(folder, 'workflows.json')} has not finished, and the ledger holds its decision: `
      + 'run loop.sh again');
    process.exit(1);
  }
  return items.filter(({ metadata }) => !running.includes(metadata.name));
}

const pods = podNames();
const books = { ledger: read('ledger.json'), releases: read('releases.json') };
const workflows = finishedWorkflows(books.ledger)
  .sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp) || (a.metadata.name < b.metadata.name ? -1 : 1))
  .map((workflow) => traceOf(workflow, pods));
const { ledger, releases } = timeless(books);
const { axon, namespace } = ledger;
const transitions = [...revisions(join(folder, 'books.log'))].map(({ changed }) => changed);
process.stdout.write(written({
  axon, namespace, engines: Object.fromEntries(engines.map((engine) => engine.split('='))), ledger, releases, transitions, applied: applied(), workflows,
}));

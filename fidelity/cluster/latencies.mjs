// What a loop took on a cluster, from what `loop.sh` collected: node latencies.mjs FOLDER. Times of Pods and Workflows are whole seconds in
// Kubernetes, those of events, alerts and books are milliseconds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf } from '../../runtime/dist/sensing/body.js';
import { revisions } from './revisions.mjs';

const [folder] = process.argv.slice(2);
const items = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).items;
const seconds = (from, to) => ((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1);

/** When the step of a node's Pod began to run: after its images, volumes and Argo's own container. */
function began(pods, workflow, node) {
  const pod = pods.find(({ metadata }) => metadata.annotations?.['workflows.argoproj.io/node-id'] === node.id);
  const { state } = pod?.status.containerStatuses?.find(({ name }) => name === 'main') ?? {};
  return state?.terminated?.startedAt ?? state?.running?.startedAt ?? node.startedAt;
}

/** What woke a Workflow, and when: the alert that began to fire, or the event that was posted. */
function cause({ spec }) {
  const { event, delivery } = Object.fromEntries(spec.arguments?.parameters?.map(({ name, value }) => [name, value]) ?? []);
  if (!delivery) return undefined;
  const { time, alerts } = JSON.parse(bodyOf(event));
  return alerts ? { what: 'alert fires', at: alerts[0].startsAt } : time && { what: 'event posted', at: time };
}

const pods = items('objects.json').filter(({ kind }) => kind === 'Pod');
const steps = (workflow) => Object.values(workflow.status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
  .map((node) => ({ name: node.displayName.replace(/\(\d+\)$/, ''), began: began(pods, workflow, node), ended: node.finishedAt }))
  .sort((a, b) => Date.parse(a.began) - Date.parse(b.began));

const tookOf = ({ name, began: from, ended }) => (ended ? `${name} ${seconds(from, ended)} s` : `${name} unfinished`);

/** What a Workflow took. One that has not finished lacks its last times. */
function line(workflow) {
  const { metadata: { name, creationTimestamp }, status } = workflow;
  const ran = steps(workflow);
  const { what, at } = cause(workflow) ?? { what: 'made', at: creationTimestamp };
  const pauses = ran.slice(1).flatMap((step, index) => (ran[index].ended ? [seconds(ran[index].ended, step.began)] : []));
  const parts = [
    ran.length === 0 ? 'no steps' : `${ran.length} ${ran.length === 1 ? 'step' : 'steps'} (${ran.map(tookOf).join(', ')})`,
    ...(pauses.length > 0 ? [`between them ${pauses.join(', ')} s`] : []),
    status?.finishedAt ? `${seconds(creationTimestamp, status.finishedAt)} s in all` : 'unfinished',
  ];
  return `  ${name}: ${ran.length === 0 ? '' : `${what} -> first step runs ${seconds(at, ran[0].began)} s; `}${parts.join(', ')}`;
}

for (const workflow of items('workflows.json').sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))) {
  console.log(line(workflow));
}

/** The moments at which the books of the axon changed. */
const changes = [...revisions(join(folder, 'books.log'))].flatMap(({ at, changed }) => changed.map((text) => ({ at, text })));
for (const { at, text } of changes.filter((change) => change.text.endsWith(' deploying'))) {
  const live = changes.find((change) => change.text === text.replace(/ deploying$/, ' live'));
  if (live) console.log(`  ${text.replace(/ deploying$/, '')}: begun -> ready and live ${seconds(at, live.at)} s`);
}

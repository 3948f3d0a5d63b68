import { Report } from '../report';
import { Node } from '../yaml/node';
import { Cursor } from './cursor';
import { moderniseDeployer } from './deployers';

const BODIES = ['container', 'train', 'deploy'];

/**
 * Rewrites the older shapes of the format in a document, in place, so that one model of it is left.
 * Each is told with its present form. What has no older shape is not looked at: the schema judges it.
 */
export function modernise(document: Node, report: Report): void {
  const spec = new Cursor(document, '', report).into('spec');
  const root = new Cursor(spec.node, 'spec', report);
  const tasks = root.into('tasks').items();
  tasks.forEach(moderniseTask);
  const steps = root.into('sensors').items().flatMap((sensor) => sensor.into('tasks').items().flatMap((step) => [step, ...step.items()]));
  for (const step of steps.filter((one) => one.has('deployer'))) {
    moderniseDeployer(step.into('deployer'), tasks);
  }
  tasks.forEach(dropDeployment);
}

function moderniseTask(task: Cursor): void {
  const bodies = BODIES.filter((body) => task.has(body)).map((body) => task.into(body));
  for (const body of bodies) {
    body.into('imageBuild').into('s2i').rename('buiderImage', 'builderImage');
  }
  if (bodies.length === 1 && task.has('env')) {
    moveEnv(task, bodies[0]);
  }
}

/** Variables beside the body belong into it. */
function moveEnv(task: Cursor, body: Cursor): void {
  const entry = task.take('env')!;
  const name = body.path.slice(body.path.lastIndexOf('.') + 1);
  task.older(entry, `write it inside '${name}'`);
  const there = body.into('env').node;
  if (there?.kind === 'list' && entry.value.kind === 'list') {
    there.items.push(...entry.value.items);
  } else if (there === undefined) {
    body.put('env', entry.value, entry.keySpan);
  }
}

/** What a canary without a rollout comes to. */
const HALVES = ': without one the newest two versions get half of the traffic each';

/** Removes the settings of a deploy body that belong to deployers now. */
function dropDeployment(task: Cursor): void {
  const body = task.into('deploy');
  for (const key of ['deploymentType', 'replicas']) {
    const entry = body.take(key);
    if (entry !== undefined) {
      body.older(entry, key === 'replicas' ? "write it in the 'deployer' of a sensor" : `write a 'rolloutSpec' in the 'deployer' of a sensor${entry.value.kind === 'scalar' && entry.value.text === 'canary' ? HALVES : ''}`);
    }
  }
}

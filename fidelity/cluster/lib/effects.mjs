// What a loop did: read from what it left in the cluster and on its store, and held against what an undisturbed loop leaves.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How often each thing is there. */
export function tally(things) {
  const counts = {};
  for (const thing of things) counts[thing] = (counts[thing] ?? 0) + 1;
  return counts;
}

function folders(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The study of a run of a tuned task: its trials by records, by its own summary, and how often the code was started. */
function studyOf(store, task, run) {
  const folder = join(store, task, run);
  const summary = join(folder, 'study/summary.json');
  const records = [];
  const starts = [];
  for (const config of folders(join(folder, 'trials'))) {
    const own = join(folder, 'trials', config);
    for (const rung of folders(join(own, '.myelin'))) {
      const result = join(own, '.myelin', rung, 'result.json');
      const { status, budget } = existsSync(result) ? read(result) : { status: 'without a record', budget: 0 };
      records.push({ config, rung, status, budget });
    }
    if (existsSync(join(own, 'starts.txt'))) starts.push(...readFileSync(join(own, 'starts.txt'), 'utf8').trim().split('\n'));
  }
  return { run, records, starts, summary: existsSync(summary) ? read(summary) : undefined };
}

/** Pods that run: servers, what carries events, and, when something was left behind, others. */
function leftovers(pods, jobs, axon) {
  const carries = ({ metadata: { labels = {} } }) => labels.controller !== undefined;
  const serves = ({ metadata: { labels = {} } }) => labels['myelin.io/component'] === 'serve';
  const runs = pods.filter((pod) => ['Running', 'Pending'].includes(pod.status.phase) && !carries(pod) && !serves(pod));
  const isOver = ({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True';
  const open = jobs.filter(({ status }) => !(status.conditions ?? []).some(isOver));
  const names = [...runs.map(({ metadata }) => `pod ${metadata.name}`), ...open.map(({ metadata }) => `job ${metadata.name}`)];
  // The sweep comes round on its own.
  return names.filter((name) => !name.includes(`${axon}-sweep-`));
}

/** Everything that a loop did so far. */
export async function effects(loop) {
  const { axon } = loop;
  const [ledger, releases, workflows, jobs, pods, store] = await Promise.all([
    loop.document('ledger'), loop.releases(), loop.items('workflows'), loop.items('jobs', '-l', `myelin.io/axon=${axon}`),
    loop.items('pods'), loop.store(),
  ]);
  const versioned = await loop.items('deployments,services,configmaps', '-l', 'myelin.io/version');
  const sensors = Object.entries(ledger?.sensors ?? {});
  const consumed = sensors.flatMap(([, { sets }]) => sets.filter(({ decision }) => decision === 'consumed'));
  const held = new Set(consumed.map(({ run }) => run));
  const runs = workflows.filter(({ metadata }) => metadata.labels?.['myelin.io/sensor'] !== undefined);
  const sensorOf = ({ metadata }) => metadata.labels['myelin.io/sensor'];
  return {
    events: tally(Object.values(ledger?.events ?? {}).map(({ kind, subject, phase }) => `${kind} ${subject} ${phase}`)),
    /** Decided sets by sensor and decision. */
    sets: Object.fromEntries(sensors.map(([name, { sets }]) => [name, tally(sets.map(({ decision }) => decision))])),
    /** Runs that hold a set by sensor and phase: those that acted. */
    runs: tally(runs.filter(({ metadata }) => held.has(metadata.name)).map((run) => `${sensorOf(run)} ${run.status?.phase ?? 'Pending'}`)),
    /** The others: they ended in their gate. */
    idle: tally(runs.filter(({ metadata }) => !held.has(metadata.name)).map((run) => `${sensorOf(run)} ${run.status?.phase ?? 'Pending'}`)),
    sweeps: workflows.length - runs.length,
    running: Object.values(ledger?.models ?? {}).flatMap(({ running }) => running ?? []),
    retrains: Object.values(ledger?.models ?? {}).flatMap(({ retrains }) => retrains),
    studies: folders(join(store, 'train')).map((run) => studyOf(store, 'train', run)),
    jobs: tally(jobs.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)),
    versions: releases.map(({ version, state, runs: of, events }) => ({ version, state, run: of.train, events })),
    live: releases.filter(({ state }) => state === 'live').map(({ version }) => version),
    /** What stands for each version, by kind. */
    objects: Object.fromEntries(['Deployment', 'Service', 'ConfigMap'].map((kind) => [
      kind, tally(versioned.filter((object) => object.kind === kind).map(({ metadata }) => metadata.labels['myelin.io/version'])),
    ])),
    leftovers: leftovers(pods, jobs, axon),
  };
}

/** Trials of the probe's study: three configurations of one epoch, the best of them again with three. */
const TRIALS = { 1: 3, 3: 1 };

/** What one loop leaves after so many calls of `refresh`, each with an id of its own, when nothing disturbs it. */
export function undisturbed(calls, { retention = 2 } = {}) {
  return {
    events: { 'rest refresh called': calls, 'task prepare succeeded': calls, 'task train succeeded': calls },
    sets: { refresh: { consumed: calls }, trained: { consumed: calls } },
    runs: { 'refresh Succeeded': calls, 'trained Succeeded': calls },
    studies: calls,
    versions: calls,
    live: Math.min(calls, retention),
  };
}

/** The same text for the same counts. */
function written(counts) {
  const entries = Object.entries(counts).filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

function compareCounts(what, found, expected) {
  return written(found) === written(expected) ? [] : [`${what}: ${written(found)} instead of ${written(expected)}`];
}

function compareStudy({ run, records, starts, summary }, jobs) {
  const differences = [];
  const differs = (text) => differences.push(`study of ${run}: ${text}`);
  const wanted = Object.values(TRIALS).reduce((sum, count) => sum + count, 0);
  if (summary === undefined) differs('no summary');
  const bad = records.filter(({ status }) => status !== 'succeeded');
  if (bad.length > 0) differs(`trials ${bad.map(({ config, rung, status }) => `${config}/${rung} ${status}`).join(', ')}`);
  const budgets = tally(records.map(({ budget }) => budget));
  if (written(budgets) !== written(TRIALS)) differs(`trials by budget ${written(budgets)} instead of ${written(TRIALS)}`);
  if (summary !== undefined && summary.trials.length !== wanted) differs(`${summary.trials.length} trials in the summary instead of ${wanted}`);
  // One Job a trial: a second one under another name would have doubled it. A Job may start its code again, if its pod was killed.
  if ((jobs[run] ?? 0) !== wanted) differs(`${jobs[run] ?? 0} Jobs instead of ${wanted}`);
  if (starts.length < wanted) differs(`its code was started ${starts.length} times for ${wanted} trials`);
  return differences;
}

function compareVersions(found, expected) {
  const differences = [];
  const versions = found.versions.map(({ version }) => version);
  if (versions.length !== expected.versions) differences.push(`${versions.length} versions instead of ${expected.versions}`);
  if (new Set(versions).size !== versions.length) differences.push('a version was made twice');
  const doubled = Object.entries(tally(found.versions.map(({ run }) => run))).filter(([, count]) => count > 1);
  for (const [run, count] of doubled) differences.push(`${count} versions of run ${run}`);
  if (found.live.length !== expected.live) differences.push(`${found.live.length} versions are live instead of ${expected.live}`);
  // With several on the way at once a newer one may have been ready first: the one before is then superseded, and never gets traffic.
  const odd = found.versions.filter(({ state }) => !['live', 'retired', 'superseded'].includes(state));
  for (const { version, state } of odd) differences.push(`version ${version} is ${state}`);
  if (found.versions.length > 0 && found.versions[0].state !== 'live') differences.push(`the newest version is ${found.versions[0].state}`);
  const standing = Object.fromEntries(found.live.map((version) => [version, 1]));
  for (const kind of ['Deployment', 'Service']) differences.push(...compareCounts(`${kind}s by version`, found.objects[kind], standing));
  const stale = Object.keys(found.objects.ConfigMap).filter((version) => !found.live.includes(version));
  if (stale.length > 0) differences.push(`ConfigMaps of versions that are gone: ${stale.join(', ')}`);
  return differences;
}

/** Differences from what is expected, in sentences. */
export function compare(found, expected) {
  const differences = [...compareCounts('events', found.events, expected.events)];
  for (const sensor of new Set([...Object.keys(found.sets), ...Object.keys(expected.sets)])) {
    differences.push(...compareCounts(`sets of ${sensor}`, found.sets[sensor] ?? {}, expected.sets[sensor] ?? {}));
  }
  differences.push(...compareCounts('runs that hold a set', found.runs, expected.runs));
  const failed = Object.entries(found.idle).filter(([name]) => !name.endsWith(' Succeeded'));
  if (failed.length > 0) differences.push(`runs without a set: ${written(Object.fromEntries(failed))}`);
  if (found.studies.length !== expected.studies) differences.push(`${found.studies.length} studies instead of ${expected.studies}`);
  for (const study of found.studies) differences.push(...compareStudy(study, found.jobs));
  differences.push(...compareVersions(found, expected));
  if (found.running.length > 0) differences.push(`still marked as running: ${found.running.join(', ')}`);
  if (found.leftovers.length > 0) differences.push(`left behind: ${found.leftovers.join(', ')}`);
  return differences;
}

/** The counts of a loop in a line. */
export function summary({ events, runs, idle, studies, versions, live, sweeps }) {
  const trials = studies.flatMap(({ records }) => records).length;
  const starts = studies.flatMap(({ starts: of }) => of).length;
  const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${total(events)} events, ${total(runs)} runs that acted, ${total(idle)} that did not, ${trials} trials in ${starts} starts, `
    + `${versions.length} versions (${written(tally(versions.map(({ state }) => state)))}), ${live.length} live, ${sweeps} sweeps`;
}

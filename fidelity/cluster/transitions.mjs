/**
 * What changed from one state of an axon's books to the next, in words that name no time: runs whose tasks a sweep settled, events that were
 * recorded, sets that were decided, retrainings that began and ended, releases and their states. `before` and `after` hold `ledger` and `releases`, each absent before it is made.
 */
export function transitions(before, after) {
  return [...ledgerChanges(before.ledger, after.ledger), ...releaseChanges(before.releases, after.releases)];
}

function ledgerChanges(before = { events: {}, sensors: {}, models: {}, tasks: {} }, after = before) {
  const recorded = Object.keys(after.events).filter((id) => before.events[id] === undefined).map((id) => `event ${id} of ${after.events[id].subject} recorded`);
  const decided = Object.entries(after.sensors).flatMap(([sensor, { sets }]) => {
    const known = new Map(before.sensors[sensor]?.sets.map((set) => [set.run, set.decision]));
    return sets.filter((set) => known.get(set.run) !== set.decision).map((set) => `set of ${set.run} ${set.decision} by ${sensor}`);
  });
  const retraining = Object.entries(after.models).flatMap(([model, { running }]) => {
    const was = before.models[model]?.running;
    if (was === running) return [];
    return [...(was === undefined ? [] : [`${model} is retrained by ${was}`]), ...(running === undefined ? [] : [`${model} retrains in ${running}`])];
  });
  return [...settledRuns(before, after).map((run) => `tasks of ${run} settled`), ...recorded, ...decided, ...retraining];
}

/** Runs whose tasks or training data changed without an event: a sweep books what finished Workflows say. A posted end is recorded as an event. */
function settledRuns(before, after) {
  const posted = new Set(Object.entries(after.events).flatMap(([id, { runId }]) => (before.events[id] === undefined ? [runId] : [])));
  const known = new Set(entriesOf(before).map(({ text }) => text));
  return [...new Set(entriesOf(after).flatMap(({ run, text }) => (known.has(text) || posted.has(run) ? [] : [run])))];
}

/** What a ledger holds of the tasks of runs, times included: a sweep may change nothing else. */
function entriesOf({ tasks, models }) {
  return [
    ...Object.entries(tasks).map(([task, entry]) => ({ run: entry.runId, text: JSON.stringify([task, entry]) })),
    ...Object.entries(models).flatMap(([model, { trained }]) => trained.map((entry) => ({ run: entry.run, text: JSON.stringify([model, entry]) }))),
  ];
}

function releaseChanges(before = { releases: [] }, after = before) {
  const states = new Map(before.releases.map((release) => [`${release.model} ${release.version}`, release.state]));
  return after.releases.filter((release) => states.get(`${release.model} ${release.version}`) !== release.state)
    .map((release) => `release ${release.model} ${release.version} ${release.state}`);
}

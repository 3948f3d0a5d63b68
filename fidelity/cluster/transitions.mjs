/**
 * What changed from one state of an axon's books to the next, in words that name no time: events that were recorded, sets that were decided,
 * retrainings that began and ended, releases and their states. `before` and `after` hold `ledger` and `releases`, each absent before it is made.
 */
export function transitions(before, after) {
  return [...ledgerChanges(before.ledger, after.ledger), ...releaseChanges(before.releases, after.releases)];
}

function ledgerChanges(before = { events: {}, sensors: {}, models: {} }, after = before) {
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
  return [...recorded, ...decided, ...retraining];
}

function releaseChanges(before = { releases: [] }, after = before) {
  const states = new Map(before.releases.map((release) => [`${release.model} ${release.version}`, release.state]));
  return after.releases.filter((release) => states.get(`${release.model} ${release.version}`) !== release.state)
    .map((release) => `release ${release.model} ${release.version} ${release.state}`);
}

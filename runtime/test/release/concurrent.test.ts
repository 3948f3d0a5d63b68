import fc from 'fast-check';
import type { ModelDocument } from '../../src/contract/documents.js';
import { MODEL, training, World } from './world.js';

/** A second model of the same axon, under other paths. */
const OTHER: ModelDocument = {
  ...MODEL,
  model: 'other',
  retention: 1,
  routes: [{ path: '/other/predict', nodes: [{ model: 'digits', path: '/predict', dependencies: [], includeInput: false }] }],
};

/** Lets every call of every deployment take its own number of turns, so that they meet at any point. */
function jitter(world: World, turns: readonly number[]): void {
  world.crash = async ({ number, when }) => {
    for (let turn = when === 'before' ? turns[number % turns.length]! : 0; turn > 0; turn--) await new Promise(setImmediate);
  };
}

/** What must hold whenever all deployments are over. */
function settled(world: World, model: ModelDocument): void {
  const { releases } = world.history();
  const live = releases.filter((release) => release.model === model.model && release.state === 'live').map(({ version }) => version);
  expect(live.length).toBeGreaterThan(0);
  expect(live.length).toBeLessThanOrEqual(model.retention);
  // The newest release is live: nothing failed, and nothing supersedes it.
  expect(releases.find((release) => release.model === model.model)!.version).toBe(live[0]);
  const shares = Object.entries(world.traffic(`${model.model}/stable${model.routes[0]!.path}`));
  expect(shares).toEqual(live.length === 1 ? [[live[0], 100]] : [[live[0], 80], [live[1], 20]]);
  for (const kind of ['Deployment', 'Service']) {
    const there = world.kube.all(kind, { labels: { 'myelin.io/model': model.model } }).map(({ metadata }) => metadata.labels!['myelin.io/version']);
    expect(there.sort()).toEqual([...live].sort());
  }
}

const latencies = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 7, maxLength: 40 });

test('versions of a model that are deployed at the same time end with the newest on top and no traffic lost', async () => {
  await fc.assert(fc.asyncProperty(latencies, async (turns) => {
    const world = await World.of();
    try {
      await world.deploy(1);
      await world.deploy(2);
      jitter(world, turns);
      await Promise.all([world.deploy(3), world.deploy(4), world.deploy(5)]);
      settled(world, MODEL);
    } finally {
      await world.close();
    }
  }), { numRuns: 40 });
}, 120_000);

test('models of an axon that are deployed at the same time keep each other\'s routes', async () => {
  await fc.assert(fc.asyncProperty(latencies, async (turns) => {
    const world = await World.of([MODEL, OTHER]);
    try {
      jitter(world, turns);
      await Promise.all([world.deploy(1), world.deploy(1, { args: { model: 'other' } }), world.deploy(2, { args: { model: 'other' } })]);
      settled(world, MODEL);
      settled(world, OTHER);
    } finally {
      await world.close();
    }
  }), { numRuns: 30 });
}, 120_000);

test('the same version deployed twice at the same time is one release', async () => {
  await fc.assert(fc.asyncProperty(latencies, async (turns) => {
    const world = await World.of();
    try {
      jitter(world, turns);
      await Promise.all([world.deploy(1), world.deploy(1)]);
      expect(world.states()).toEqual([`${training(1).version} live`]);
      settled(world, MODEL);
    } finally {
      await world.close();
    }
  }), { numRuns: 20 });
}, 120_000);

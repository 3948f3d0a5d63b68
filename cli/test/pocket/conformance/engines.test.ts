import { jest } from '@jest/globals';
import type { TracedWorkflow } from '../../../../fidelity/traces/trace.js';
import { removeFolders } from '../../cli.js';
import { manifests, Replay } from './replay.js';
import { byName, traces } from './trace.js';

jest.setTimeout(60_000);

describe.each(traces())('the recorded run %s', (_, trace) => {
  let replay: Replay;
  let played: TracedWorkflow[];

  beforeAll(async () => {
    replay = new Replay(trace, await manifests(trace));
    played = await replay.run();
  });

  afterAll(async () => {
    await replay.close();
    removeFolders();
  });

  test('makes the recorded Workflows, no others', () => {
    expect(replay.names()).toEqual(trace.workflows.map(({ name }) => name).sort());
  });

  test.each(trace.workflows.map(({ name }, index) => [name, index] as const))('makes and runs %s as the cluster did', (__, index) => {
    const recorded = trace.workflows[index]!;
    const mine = played[index]!;
    expect({ ...mine, nodes: byName(mine) }).toEqual({ ...recorded, nodes: byName(recorded) });
    // Steps get their parameters as one list.
    expect(Object.keys(mine.parameters ?? {})).toEqual(Object.keys(recorded.parameters ?? {}));
  });
});

test('a record with Pods is among the traces, so that their names are held to what the cluster gave', () => {
  const pods = traces().flatMap(([, { workflows }]) => workflows).flatMap(({ nodes }) => nodes).flatMap(({ pod }) => pod ?? []);
  expect(pods.length).toBeGreaterThan(0);
});

import type { AxonDocument, ConsumedSet } from '../../src/contract/documents.js';
import type { KubeCall } from '../../src/kube/memory-client.js';
import { bodyOf } from '../../src/sensing/body.js';
import { emit } from '../../src/sensing/emit.js';
import { gate } from '../../src/sensing/gate.js';
import { sweep } from '../../src/sensing/sweep.js';
import type { WorkflowObject } from '../../src/sensing/workflows.js';
import type { Program } from '../../src/shared/program.js';
import { axonOf, called, ledgerWith, succeeded } from '../ledger/loop.js';
import { World, type Start } from './world.js';

/*
 * A round of the loop by the real programs: two tasks of a run end, each emit wakes a gate over a real webhook, one delivery comes twice and one
 * may be lost, sweep looks. Each test kills one program at one call of the API, before or after its effect, or its request on the way; the
 * program is started again as its step is, and the end must be the one without a kill.
 */
const AXON: AxonDocument = {
  ...axonOf(
    { name: 'both', triggers: called('go'), runs: [['left', 'right']] },
    {
      name: 'join',
      triggers: succeeded('left', 'right'),
      conditions: [{ kind: 'promql', expression: 'up > 0' }],
      guard: { cooldownSeconds: 60, budget: { runs: 3, windowSeconds: 600, backoff: 2 }, sameData: 'allow', generations: 'any' },
      runs: [['prepare']],
    },
  ),
  webhook: { url: 'http://webhook' },
  prometheus: { url: 'http://prometheus' },
};

interface End {
  readonly passed: readonly string[];
  readonly sets: readonly (readonly string[])[];
  readonly retrains: number;
  readonly tasks: readonly string[];
}

type Kill = Pick<KubeCall, 'number' | 'when'> | { readonly request: number };

interface Played {
  readonly end: End;
  readonly calls: number;
  readonly requests: number;
  readonly kills: number;
}

/** One round; `isLost` keeps the bus from delivering the second event. */
class Round {
  static async play(isLost: boolean, kill?: Kill): Promise<Played> {
    const world = await World.of(AXON);
    try {
      const round = new Round(world, isLost, kill);
      const end = await round.run();
      return { end, calls: world.kube.callCount, requests: world.requests.length, kills: round.kills };
    } finally {
      await world.close();
    }
  }

  private readonly passed = new Set<string>();
  kills = 0;
  private requests = 0;

  private constructor(private readonly world: World, private readonly isLost: boolean, private readonly kill: Kill | undefined) {
    world.ledger = ledgerWith(world.axon, { round: 'both' });
    world.answer = ({ path }) => {
      if (this.kill !== undefined && 'request' in this.kill && ++this.requests === this.kill.request) return this.killed({ status: 500 });
      return { status: 200, body: path.startsWith('/api') ? { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } } : {} };
    };
    world.kube.onCall = ({ number, when }) => {
      if (kill !== undefined && 'number' in kill && number === kill.number && when === kill.when) throw this.killed(new Error('killed'));
    };
  }

  private async run(): Promise<End> {
    const { world } = this;
    for (const task of ['left', 'right']) {
      await this.step(emit, { args: { task, phase: 'succeeded', metrics: '{}' }, run: ['round', 'uid-round'], env: { MYELIN_WEBHOOK_TOKEN: 'secret' } });
    }
    const delivered = world.requests.filter(({ path }) => path.startsWith('/task-')).map(({ body }) => body);
    const [first, second] = [...new Set(delivered)];
    expect(new Set(delivered).size).toBe(2);
    await this.gate('digits-join-1', first!);
    if (!this.isLost) await this.gate('digits-join-2', second!);
    // A duplicate, after the first run's Workflow was cleaned up.
    await this.gate('digits-join-1', first!, 'made-again');
    for (let tick = 0; tick < 3; tick++) {
      world.now += 300_000;
      await this.step(sweep);
      for (const workflow of world.kube.all('Workflow') as unknown as WorkflowObject[]) await this.gateOf(workflow);
    }
    const { sensors, models, tasks } = world.ledger;
    const consumed = sensors.join!.sets.filter((set): set is ConsumedSet => set.decision === 'consumed');
    const sets = consumed.map(({ events }) => events);
    return { passed: [...this.passed].sort(), sets, retrains: models.join!.retrains.length, tasks: Object.keys(tasks).sort() };
  }

  private async gateOf({ metadata, spec }: WorkflowObject): Promise<void> {
    await this.gate(metadata.name, bodyOf(spec!.arguments.parameters[0]!.value), metadata.uid);
    this.world.kube.edit('Workflow', metadata.name, (object) => { object.status = { phase: 'Succeeded', finishedAt: new Date(this.world.now).toISOString() }; });
  }

  private async gate(name: string, body: string, uid = `uid-of-${name}`): Promise<void> {
    await this.step(gate, { args: { sensor: 'join' }, run: [name, uid], env: { MYELIN_EVENT: body } });
    const { decision, events } = await this.world.outputs();
    if (decision === 'pass') this.passed.add(events!);
    if (decision === 'pass') expect(this.world.ledger.sensors.join!.sets.at(-1)).toMatchObject({ run: name, uid });
  }

  /** Starts a program until it ends well, as a step's retries do. */
  private async step(program: Program, start?: Start): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.world.run(program, start);
      } catch (error) {
        if (attempt === 1) throw error;
      }
    }
  }

  private killed<T>(what: T): T {
    this.kills++;
    return what;
  }
}

describe.each([['every delivery arrives', false], ['the delivery that completes the set is lost', true]] as const)('when %s', (_, isLost) => {
  test('a program that is killed at any of its calls, and started again, comes to the same end', async () => {
    const whole = await Round.play(isLost);
    expect(whole.end).toEqual({ passed: [JSON.stringify(whole.end.sets[0])], sets: [expect.any(Array)], retrains: 1, tasks: ['left', 'right'] });
    for (let number = 1; number <= whole.calls; number++) {
      for (const when of ['before', 'after'] as const) {
        const { end, kills } = await Round.play(isLost, { number, when });
        expect([number, when, kills, end]).toEqual([number, when, 1, whole.end]);
      }
    }
  });

  test('a request that fails at the webhook or at Prometheus changes nothing of the end', async () => {
    const whole = await Round.play(isLost);
    for (let request = 1; request <= whole.requests; request++) {
      const { end, kills } = await Round.play(isLost, { request });
      expect([request, kills, end]).toEqual([request, 1, whole.end]);
    }
  });
});

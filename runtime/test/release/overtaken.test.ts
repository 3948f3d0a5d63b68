import type { KubeCall } from '../../src/kube/memory-client.js';
import { training, World } from './world.js';

const [V1, V2, V3] = [1, 2, 3].map((n) => training(n).version);

/** How many calls the deployment of the second version after the first makes. */
async function callsOfSecond(): Promise<number> {
  const world = await World.of();
  await world.deploy(1);
  const first = world.kube.callCount;
  await world.deploy(2);
  await world.close();
  return world.kube.callCount - first;
}

/** Deploys the second version; before its call of that number something else happens, whole. */
async function secondWith(call: number, happening: (world: World) => Promise<void>): Promise<World> {
  const world = await World.of();
  await world.deploy(1);
  const at = world.kube.callCount + call;
  world.crash = async ({ number, when }: KubeCall) => {
    if (number !== at || when !== 'before') return;
    const hook = world.crash;
    world.crash = undefined;
    await happening(world);
    world.crash = hook;
  };
  await world.deploy(2);
  world.crash = undefined;
  return world;
}

test('a deployment that is overtaken between any two of its calls leaves the newer one on top', async () => {
  const calls = await callsOfSecond();
  for (let call = 1; call <= calls; call++) {
    const world = await secondWith(call, (there) => there.deploy(3));
    // Overtaken before it had begun, it is the newer one itself.
    const [newest, before] = world.states()[0]!.startsWith(V2!) ? [V2, V3] : [V3, world.states().includes(`${V2} live`) ? V2 : V1];
    expect({ call, traffic: world.traffic(), versions: world.versions() }).toEqual({
      call, traffic: { [newest!]: 80, [before!]: 20 }, versions: [newest, before].sort(),
    });
    await world.close();
  }
}, 30_000);

test('a deployment that ends while another waits for its servers leaves them alone', async () => {
  const calls = await callsOfSecond();
  for (let call = 1; call <= calls; call++) {
    const world = await secondWith(call, async (there) => {
      there.controller = (deployment) => (deployment.metadata.labels!['myelin.io/version'] === V3 ? 'pending' : 'ready');
      there.crash = ({ verb, kind }) => {
        if (verb === 'list' && kind === 'Pod') throw new Error('killed');
      };
      await expect(there.deploy(3)).rejects.toThrow('killed');
    });
    if (world.states().includes(`${V3} deploying`)) expect({ call, versions: world.versions() }).toEqual({ call, versions: expect.arrayContaining([V3]) });
    await world.close();
  }
}, 30_000);

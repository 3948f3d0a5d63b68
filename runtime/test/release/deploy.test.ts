import { AXON, MODEL, training, World } from './world.js';

const [V1, V2, V3] = [1, 2, 3].map((n) => training(n).version);

let world: World;
beforeEach(async () => { world = await World.of(); });
afterEach(() => world.close());

/** Pods of a Deployment whose server crashes with these last words. */
function crashing(message: string, restartCount = 3): void {
  world.controller = (deployment) => {
    const { name, labels } = deployment.metadata;
    world.kube.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-x`, labels },
      status: { containerStatuses: [{ name: 'server', restartCount, ready: false, lastState: { terminated: { exitCode: 1, message } } }] },
    } as never);
    return 'pending';
  };
}

test('the first version gets all the traffic, under its own address and the stable one', async () => {
  await world.deploy(1);
  expect(world.states()).toEqual([`${V1} live`]);
  expect(world.traffic()).toEqual({ [V1!]: 100 });
  expect(world.routes().map(({ name, match, rewrite }) => [name, match![0]!.uri.exact, rewrite!.uri])).toEqual([
    [`model/versions/${V1}/predict`, `/default/digits/versions/${V1}/predict`, '/predict'],
    [`model/versions/${V1}/send-feedback`, `/default/digits/versions/${V1}/send-feedback`, '/send-feedback'],
    ['model/stable/predict', '/default/digits/predict', '/predict'],
    ['model/stable/send-feedback', '/default/digits/send-feedback', '/send-feedback'],
  ]);
});

test('the release tells what it serves and why', async () => {
  await world.deploy(1);
  expect(world.history().releases[0]).toEqual({
    model: 'model',
    version: V1,
    state: 'live',
    events: [training(1).event],
    runs: { train: 'digits-run-1' },
    metrics: { train: { test_accuracy: 0.96 } },
    images: { serve: 'registry/serve@sha256:1' },
    at: '2026-03-01T08:13:00.000Z',
    why: 'train succeeded in digits-run-1',
  });
});

test('versions share the traffic by generation, and the one beyond retention goes with all it had', async () => {
  await world.deploy(1);
  await world.deploy(2);
  expect(world.traffic()).toEqual({ [V2!]: 80, [V1!]: 20 });
  await world.deploy(3);
  expect(world.states()).toEqual([`${V3} live`, `${V2} live`, `${V1} retired`]);
  expect(world.traffic()).toEqual({ [V3!]: 80, [V2!]: 20 });
  expect(world.versions()).toEqual([V2, V3].sort());
  expect(world.kube.all('Service')).toHaveLength(2);
  expect(world.kube.all('ConfigMap').filter(({ immutable }) => immutable)).toHaveLength(2);
});

test('gateways are given time to learn the new routes before what the old ones led to goes', async () => {
  await world.deploy(1);
  await world.deploy(2);
  const gone: number[] = [];
  let moved = 0;
  world.crash = ({ verb, kind, when }) => {
    if (when === 'after' && verb === 'replace' && kind === 'VirtualService') moved = world.now;
    if (when === 'before' && verb === 'remove') gone.push(world.now - moved);
  };
  await world.deploy(3, { env: { MYELIN_DRAIN_SECONDS: '7' } });
  expect(gone).toEqual([7000, 7000, 7000]);
});

test('all objects belong to the axon', async () => {
  await world.deploy(1);
  for (const kind of ['Service', 'Deployment', 'VirtualService']) {
    for (const { metadata } of world.kube.all(kind)) expect(metadata.ownerReferences).toMatchObject([{ kind: 'ConfigMap', name: 'digits-axon' }]);
  }
  await world.kube.client('default').remove({ apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' }, 'digits-axon');
  expect(world.kube.all('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['digits-ledger']);
});

test('deploying a live version again writes nothing', async () => {
  await world.deploy(1);
  await world.deploy(2);
  const written: string[] = [];
  world.crash = ({ verb, when, name }) => {
    if (when === 'before' && ['create', 'replace', 'remove'].includes(verb)) written.push(`${verb} ${name}`);
  };
  await world.deploy(1);
  await world.deploy(2);
  expect(written).toEqual([]);
  expect(world.traffic()).toEqual({ [V2!]: 80, [V1!]: 20 });
});

test('deploying a live version again repairs its objects and routes, and serves what it was begun with', async () => {
  await world.deploy(1);
  const before = world.outcome();
  const { name } = world.kube.all('Deployment')[0]!.metadata;
  world.kube.edit('Deployment', name, (object) => { object.spec.template.spec.containers[0].image = 'other'; });
  world.kube.edit('VirtualService', 'digits-routes', (object) => { object.spec.http.pop(); });
  await world.deploy(1, { args: { 'image-serve': 'registry/serve:later' } });
  expect(world.outcome()).toEqual(before);
});

describe('a crash at any call, run again, comes to the same end', () => {
  test.each([[1, []], [3, [1, 2]]] as const)('for version %i', async (n, earlier) => {
    for (const version of [...earlier, n]) await world.deploy(version);
    const expected = world.outcome();
    const before = await World.of();
    for (const version of earlier) await before.deploy(version);
    const first = before.kube.callCount;
    await before.deploy(n);
    const calls = before.kube.callCount - first;
    await before.close();
    expect(calls).toBeGreaterThan(15);
    for (let call = 1; call <= calls; call++) {
      for (const when of ['before', 'after'] as const) {
        const crashed = await World.of();
        for (const version of earlier) await crashed.deploy(version);
        const start = crashed.kube.callCount;
        crashed.crash = (seen) => {
          if (seen.number === start + call && seen.when === when) throw new Error('crash');
        };
        await expect(crashed.deploy(n)).rejects.toThrow('crash');
        crashed.crash = undefined;
        await crashed.deploy(n);
        try {
          expect(crashed.outcome()).toEqual(expected);
        } catch (error) {
          throw new Error(`after a crash ${when} the effect of call ${call}: ${(error as Error).message}`, { cause: error });
        } finally {
          await crashed.close();
        }
      }
    }
  }, 120_000);
});

describe('a version that does not become ready', () => {
  beforeEach(() => world.deploy(1));

  test('gets no traffic, leaves nothing behind, and says why with the last words of its server', async () => {
    const traffic = world.routes();
    crashing('ModuleNotFoundError: No module named joblib');
    await expect(world.deploy(2)).rejects.toMatchObject({
      code: 'MYELIN_RELEASE_NOT_READY',
      permanent: true,
      message: expect.stringContaining('ended 3 times, exit code 1: ModuleNotFoundError: No module named joblib'),
    });
    expect(world.routes()).toEqual(traffic);
    expect(world.states()).toEqual([`${V2} failed`, `${V1} live`]);
    expect(world.versions()).toEqual([V1]);
    expect(world.history().releases[0]!.why).toMatch(/^train succeeded in digits-run-2; failed: container server .* joblib$/);
  });

  test('fails at once when it is tried again', async () => {
    crashing('no');
    await expect(world.deploy(2)).rejects.toThrow();
    const calls = world.kube.callCount;
    await expect(world.deploy(2)).rejects.toMatchObject({ code: 'MYELIN_RELEASE_NOT_READY' });
    expect(world.kube.callCount - calls).toBeLessThan(15);
  });

  test('a crash at any call, run again, moves no traffic and leaves nothing behind', async () => {
    crashing('no');
    const ledger = world.ledger();
    const start = world.kube.callCount;
    await expect(world.deploy(2)).rejects.toThrow();
    const calls = world.kube.callCount - start;
    const expected = world.outcome();
    for (let call = 1; call <= calls; call++) {
      world.kube.edit('ConfigMap', 'digits-releases', (map) => {
        const history = JSON.parse(map.data['releases.json']);
        map.data['releases.json'] = JSON.stringify({ ...history, releases: history.releases.slice(-1) });
      });
      world.kube.edit('ConfigMap', AXON.ledger, (map) => { map.data['ledger.json'] = JSON.stringify(ledger); });
      const from = world.kube.callCount;
      world.crash = (seen) => {
        if (seen.number === from + call && seen.when === 'after') throw new Error('crash');
      };
      await expect(world.deploy(2)).rejects.toThrow('crash');
      world.crash = undefined;
      await expect(world.deploy(2)).rejects.toMatchObject({ code: 'MYELIN_RELEASE_NOT_READY' });
      expect(world.outcome()).toEqual(expected);
    }
  }, 120_000);

  test('is waited for until the deadline, which may be set', async () => {
    world.controller = () => 'pending';
    const began = world.now;
    await expect(world.deploy(2, { env: { MYELIN_READY_SECONDS: '20' } })).rejects.toThrow(/train again: it has no pods \(after 20 s\)$/);
    expect(world.now - began).toBe(20_000);
  });

  test('the next version goes live after it, and the failed one is no generation', async () => {
    crashing('no');
    await expect(world.deploy(2)).rejects.toThrow();
    world.controller = () => 'ready';
    await world.deploy(3);
    expect(world.traffic()).toEqual({ [V3!]: 80, [V1!]: 20 });
  });
});

describe('a newer version', () => {
  test('supersedes one that is still deploying, whose run ends well and without traffic', async () => {
    await world.deploy(1);
    world.controller = (deployment) => (deployment.metadata.labels!['myelin.io/version'] === V2 ? 'pending' : 'ready');
    let newer: Promise<void> | undefined;
    world.crash = ({ verb, kind, when }) => {
      if (verb === 'list' && kind === 'Pod' && when === 'before') newer ??= world.deploy(3);
    };
    await world.deploy(2);
    await newer;
    expect(world.states()).toEqual([`${V3} live`, `${V2} superseded`, `${V1} live`]);
    expect(world.traffic()).toEqual({ [V3!]: 80, [V1!]: 20 });
    expect(world.versions()).toEqual([V1, V3].sort());
  });

  test('is not demoted by the older one run again', async () => {
    await world.deploy(1);
    await world.deploy(2);
    await world.deploy(1);
    expect(world.states()).toEqual([`${V2} live`, `${V1} live`]);
    await world.deploy(3);
    await world.deploy(1);
    expect(world.states()).toEqual([`${V3} live`, `${V2} live`, `${V1} retired`]);
    expect(world.versions()).toEqual([V2, V3].sort());
  });

  test('takes away what a superseded run that was killed left behind', async () => {
    world.controller = () => 'pending';
    world.crash = ({ verb, kind }) => {
      if (verb === 'list' && kind === 'Pod') throw new Error('killed');
    };
    await expect(world.deploy(1)).rejects.toThrow('killed');
    world.crash = undefined;
    world.controller = () => 'ready';
    await world.deploy(2);
    expect(world.states()).toEqual([`${V2} live`, `${V1} superseded`]);
    expect(world.versions()).toEqual([V2]);
  });
});

test('a run that is told to end leaves the release to the next try', async () => {
  world.controller = () => 'pending';
  const stopping = new AbortController();
  world.crash = ({ verb, kind }) => {
    if (verb === 'list' && kind === 'Pod') stopping.abort();
  };
  await expect(world.deploy(1, { signal: stopping.signal })).rejects.toMatchObject({ code: 'MYELIN_RELEASE_INTERRUPTED', permanent: false });
  expect(world.states()).toEqual([`${V1} deploying`]);
});

test('a run that is told to end while gateways learn the routes removes nothing', async () => {
  await world.deploy(1);
  await world.deploy(2);
  const stopping = new AbortController();
  world.crash = ({ verb, kind }) => {
    if (verb === 'replace' && kind === 'VirtualService') stopping.abort();
  };
  await expect(world.deploy(3, { signal: stopping.signal })).rejects.toMatchObject({ code: 'MYELIN_RELEASE_INTERRUPTED' });
  expect(world.versions()).toHaveLength(3);
  await world.deploy(3);
  expect(world.versions()).toHaveLength(2);
});

test('a role that may not see pods can deploy', async () => {
  let looks = 0;
  world.controller = () => (looks > 2 ? 'ready' : 'pending');
  const { MyelinError } = await import('../../src/shared/errors.js');
  world.crash = ({ kind, when }) => {
    if (kind !== 'Pod' || when !== 'before') return;
    looks++;
    throw new MyelinError('MYELIN_KUBE_FORBIDDEN', { object: 'Pod', verb: 'list', message: 'no' });
  };
  await world.deploy(1);
  expect(world.states()).toEqual([`${V1} live`]);
});

describe('fails if', () => {
  test('the axon is not there', async () => {
    await world.kube.client('default').remove({ apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' }, 'digits-axon');
    await expect(world.deploy(1)).rejects.toThrow("'ConfigMap digits-axon' (absent) must be there to own what deploy makes, apply the axon's manifests");
  });

  test.each(['0123456789abcdef', '[]', '[1]'])('--events is %s', async (events) => {
    await expect(world.deploy(1, { args: { version: V1!, events } })).rejects.toThrow(`'--events' (${JSON.stringify(events)}) must be a JSON list of event ids, pass the gate's output`);
  });

  test.each(['MYELIN_READY_SECONDS', 'MYELIN_DRAIN_SECONDS'])('%s is no number', async (variable) => {
    await expect(world.deploy(1, { env: { [variable]: 'soon' } })).rejects.toThrow(`'${variable}' ("soon") must be a number of seconds from 0, correct it`);
  });

  test('the model needs the graph, before anything is begun', async () => {
    const { backends } = MODEL.models[0]!;
    const models = [{ ...MODEL.models[0]!, selection: 'thompson', backends: [{ ...backends[0]!, weight: 50 }, { ...backends[0]!, name: 'b', weight: 50 }] }];
    await world.mount('model-model', 'model.json', { ...MODEL, models });
    await expect(world.deploy(1)).rejects.toMatchObject({ code: 'MYELIN_RELEASE_GRAPH_NEEDED', permanent: true });
    expect(world.history().releases).toEqual([]);
  });

  test('a parameter is unknown, before anything is begun', async () => {
    const [node] = MODEL.models;
    const server = { ...node!.backends[0]!.server, env: [{ name: 'LEVEL', value: '{{workflow.parameters.levle}}' }] };
    await world.mount('model-model', 'model.json', { ...MODEL, models: [{ ...node!, backends: [{ ...node!.backends[0]!, server }] }] });
    await expect(world.deploy(1)).rejects.toThrow("'LEVEL' ({{workflow.parameters.levle}}) must name a parameter that the run or step has (known: level), declare it on the axon");
    expect(world.history().releases).toEqual([]);
  });

  test('the name of a server is taken by somebody else', async () => {
    const other = await World.of();
    await other.deploy(1);
    const { name } = other.kube.all('Deployment')[0]!.metadata;
    await other.close();
    world.kube.put({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    await expect(world.deploy(1)).rejects.toThrow(`'${name}' is the name of a Service of somebody else and would be that of model/digits/digits, too, rename one of them`);
  });

  test('a Deployment is removed while it is waited for', async () => {
    world.controller = (deployment) => {
      setImmediate(() => void world.kube.client('default').remove({ apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' }, deployment.metadata.name));
      return 'pending';
    };
    await expect(world.deploy(1)).rejects.toMatchObject({ code: 'MYELIN_RELEASE_OBJECT_GONE', permanent: false });
  });
});

import fc from 'fast-check';
import type { GraphModel, ModelDocument, RequestMatch, RolloutRule } from '../../../src/contract/documents.js';
import { serverName } from '../../../src/release/plan/names.js';
import { routedServices, routes, type HttpRoute } from '../../../src/release/plan/routes.js';
import { apportion } from '../../../src/release/plan/weights.js';
import { sha256 } from '../../../src/shared/sha256.js';
import { contractJson } from '../../fixtures.js';

const MODEL: ModelDocument = contractJson('fixtures', 'model', 'digits.json');
const [V3, V2, V1] = ['3333333333', '2222222222', '1111111111'];

function withRollout(...rollout: RolloutRule[]): ModelDocument {
  return { ...MODEL, rollout, routes: MODEL.routes.slice(0, 1) };
}

function withBackends(weights: Record<string, number>, more: Partial<ModelDocument> = {}): ModelDocument {
  const [node] = MODEL.models as [GraphModel];
  const backends = Object.entries(weights).map(([name, weight]) => ({ ...node.backends[0]!, name, weight }));
  return { ...MODEL, routes: MODEL.routes.slice(0, 1), models: [{ ...node, selection: 'best', backends }], ...more };
}

function service(document: ModelDocument, version: string, backend = 'digits', node = 'digits'): string {
  return serverName(document.axon, version, { model: document.model, node, backend }, sha256);
}

/** Services of all backends of these versions. */
function services(document: ModelDocument, live: readonly string[]): Set<string> {
  const servers = document.models.flatMap(({ name, backends }) => backends.map((backend) => ({ node: name, backend: backend.name })));
  return new Set(live.flatMap((version) => servers.map(({ node, backend }) => service(document, version, backend, node))));
}

function planned(
  document: ModelDocument, live: readonly string[], present: readonly HttpRoute[] = [], there = services(document, live),
): HttpRoute[] {
  return routes({ document, live, services: there, digest: sha256 }, present);
}

/** Weights of a route by the service's place in the axon's names. */
function shares({ route = [] }: HttpRoute): (readonly [string, number])[] {
  return route.map(({ destination, weight = 100 }) => [destination.host.split('.')[0]!, weight] as const);
}

const stable = (document: ModelDocument, found: readonly HttpRoute[]) => found.find(({ name }) => name === `${document.model}/stable/predict`)!;

test('a destination is the Service of a version, at its port, and a single one has no weight', () => {
  const [first] = planned(MODEL, [V1]);
  expect(first).toEqual({
    name: `model/versions/${V1}/predict`,
    match: [{ uri: { exact: `/default/digits/versions/${V1}/predict` } }],
    rewrite: { uri: '/predict' },
    route: [{ destination: { host: `${service(MODEL, V1)}.default.svc.cluster.local`, port: { number: 5000 } } }],
  });
});

test('generations share the stable address by weight', () => {
  const document = withRollout({ destinations: [{ generation: 0, weight: 80 }, { generation: 1, weight: 20 }] });
  expect(shares(stable(document, planned(document, [V2, V1])))).toEqual([[service(document, V2), 80], [service(document, V1), 20]]);
});

test('a shadow gets a copy of each request', () => {
  const document = withRollout({ destinations: [{ generation: 1, weight: 100 }], shadow: { generation: 0 } });
  const found = stable(document, planned(document, [V2, V1]));
  expect(shares(found)).toEqual([[service(document, V1), 100]]);
  expect(found.mirrors).toEqual([{ destination: { host: `${service(document, V2)}.default.svc.cluster.local`, port: { number: 5000 } }, percentage: { value: 100 } }]);
  expect(stable(document, planned(document, [V1])).mirrors).toBeUndefined();
});

test('rules with headers stand before the one without, in their order, with an alternative for each match', () => {
  const document = withRollout(
    { destinations: [{ generation: 0, weight: 100 }], match: [{ headers: { 'x-tester': { exact: 'yes' } } }, { headers: { 'user-agent': { regex: 'curl/.*' } } }] },
    { destinations: [{ generation: 1, weight: 100 }] },
  );
  const [tester, rest] = planned(document, [V2, V1]).slice(-2);
  expect(tester!.name).toBe('model/rule-0/predict');
  expect(tester!.match).toEqual([
    { uri: { exact: '/default/digits/predict' }, headers: { 'x-tester': { exact: 'yes' } } },
    { uri: { exact: '/default/digits/predict' }, headers: { 'user-agent': { regex: 'curl/.*' } } },
  ]);
  expect(shares(tester!)).toEqual([[service(document, V2), 100]]);
  expect([rest!.match, shares(rest!)]).toEqual([[{ uri: { exact: '/default/digits/predict' } }], [[service(document, V1), 100]]]);
});

test('backends share what their generation gets', () => {
  const document = withBackends({ forest: 70, ridge: 30 });
  expect(shares(stable(document, planned(document, [V2, V1])))).toEqual([
    [service(document, V2, 'forest'), 56], [service(document, V2, 'ridge'), 24], [service(document, V1, 'forest'), 14], [service(document, V1, 'ridge'), 6],
  ]);
});

test('a backend that an older version lacks gets nothing of that version', () => {
  const document = withBackends({ forest: 70, ridge: 30 });
  const there = services(document, [V2, V1]);
  there.delete(service(document, V1, 'ridge'));
  expect(shares(stable(document, planned(document, [V2, V1], [], there)))).toEqual([
    [service(document, V2, 'forest'), 56], [service(document, V2, 'ridge'), 24], [service(document, V1, 'forest'), 20],
  ]);
});

test('a version that lacks the model of a route is no address and no generation of it', () => {
  const [node] = MODEL.models as [GraphModel];
  const document: ModelDocument = {
    ...MODEL,
    models: [node, { ...node, name: 'income' }],
    routes: [{ path: '/predict', nodes: [{ model: 'income', path: '/v1', dependencies: [], includeInput: false }] }],
  };
  const there = new Set([service(document, V2, 'digits', 'income'), service(document, V2), service(document, V1)]);
  const found = planned(document, [V2, V1], [], there);
  expect(found.map(({ name }) => name)).toEqual([`model/versions/${V2}/predict`, 'model/stable/predict']);
  expect(shares(found[1]!)).toEqual([[service(document, V2, 'digits', 'income'), 100]]);
  expect(planned(document, [V1], [], new Set([service(document, V1)]))).toEqual([]);
});

test('routes of other models stay, and the order does not depend on who writes last', () => {
  const other = { ...MODEL, model: 'another' };
  const ours = planned(MODEL, [V2]);
  const both = planned(other, [V1], ours);
  expect(both.filter(({ name }) => name!.startsWith('model/'))).toEqual(ours);
  expect(planned(MODEL, [V2], planned(other, [V1]))).toEqual(both);
  expect(planned(MODEL, [V3], both).filter(({ name }) => name!.startsWith('another/'))).toEqual(planned(other, [V1]));
  expect(planned(MODEL, [V2], both)).toEqual(both);
});

test('a model of which nothing is live has no routes', () => {
  expect(planned(MODEL, [], planned(MODEL, [V1]))).toEqual([]);
});

test('fails if a route leads to no model of the graph', () => {
  const nodes = [{ model: 'nobody', path: '/predict', dependencies: [], includeInput: false }];
  expect(() => planned({ ...MODEL, routes: [{ path: '/predict', nodes }] }, [V1])).toThrow("'/predict' leads to nobody, which is no model of the graph, correct the route");
});

describe('whatever the rollout', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 })
    .filter((list) => list.some((weight) => weight > 0)).map((list) => apportion(list));
  const rollouts = fc.array(fc.record({
    destinations: weights.map((list) => list.map((weight, generation) => ({ generation, weight }))),
    shadow: fc.option(fc.record({ generation: fc.integer({ min: 0, max: 4 }) }), { nil: undefined }),
    match: fc.option(fc.constantFrom<RequestMatch[]>([{ headers: { 'x-tester': { exact: 'yes' } } }]), { nil: undefined }),
  }), { minLength: 1, maxLength: 3 });
  const documents = fc.record({ rollout: rollouts, backends: weights })
    .map(({ rollout, backends }) => withBackends(Object.fromEntries(backends.map((weight, index) => [`b${index}`, weight])), { rollout, routes: MODEL.routes }));
  const versions = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{10}$/), { minLength: 1, maxLength: 5 });

  test('weights sum to 100 and only live versions are named', () => {
    fc.assert(fc.property(documents, versions, (document, live) => {
      const found = planned(document, live);
      for (const { route } of found) {
        expect(route!.reduce((all, { weight = 100 }) => all + weight, 0)).toBe(100);
        expect(new Set(route!.map(({ destination }) => destination.host)).size).toBe(route!.length);
      }
      for (const name of routedServices(found)) expect(live.some((version) => name.startsWith(`digits-${version}-`))).toBe(true);
    }));
  });

  test('each live version has an address for each route, which leads to it alone', () => {
    fc.assert(fc.property(documents, versions, (document, live) => {
      const found = planned(document, live);
      for (const version of live) {
        for (const { path } of document.routes) {
          const [first, ...more] = found.filter(({ match }) => match![0]!.uri.exact === `/default/digits/versions/${version}${path}`);
          expect(more).toEqual([]);
          expect(shares(first!).every(([name]) => name.startsWith(`digits-${version}-`))).toBe(true);
        }
      }
    }));
  });

  test('all paths are exact and below the axon\'s, as delegation wants it', () => {
    fc.assert(fc.property(documents, versions, (document, live) => {
      const uris = planned(document, live).flatMap(({ match }) => match!.map(({ uri }) => uri));
      expect(uris.every((uri) => Object.keys(uri).join() === 'exact' && uri.exact.startsWith('/default/digits/'))).toBe(true);
    }));
  });
});

// The ways in which an axon can lead traffic, and for each which request must get where, once so many versions have been deployed.
// `shares` are per cents by version, 3 the third one; `version/backend` where a model has several. `null`: nobody answers.

const newest = (version) => ({ [version]: 100 });
const at = (path, shares, more = {}) => ({ path, to: '/predict', shares, ...more });
const predict = (shares, more = {}) => at('/predict', shares, more);
const versions = (...live) => [1, 2, 3].map((version) => at(`/versions/{${version}}/predict`, live.includes(version) ? newest(version) : null));
const split = (...weights) => [{ destinations: weights.map((weight, destinationIndex) => ({ destinationIndex, weight })) }];
const route = (path, to = '/predict') => ({ path, dag: [{ model: 'net', path: to }] });
const tester = { 'x-tester': '1' };
const eu = (user) => ({ 'x-group': 'eu-west', ...(user && { 'x-user': user }) });

export const KINDS = {
  single: {
    deployers: { model: {} },
    after: {
      1: [predict(newest(1)), ...versions(1)],
      2: [predict(newest(2)), ...versions(2)],
      3: [predict(newest(3)), at('/send-feedback', newest(3), { to: '/send-feedback' }), at('/predict/', null), ...versions(3)],
    },
  },
  canary: {
    deployers: { model: { rolloutSpec: split(80, 20) } },
    after: {
      1: [predict(newest(1)), ...versions(1)],
      2: [predict({ 2: 80, 1: 20 }), ...versions(1, 2)],
      3: [predict({ 3: 80, 2: 20 }), ...versions(2, 3)],
    },
  },
  shadow: {
    // The version before the newest answers, the newest only gets copies.
    deployers: { model: { rolloutSpec: [{ destinations: [{ destinationIndex: 1, weight: 100 }], shadow: { destinationIndex: 0 } }] } },
    after: {
      1: [predict(newest(1), { copies: {} })],
      2: [predict(newest(1), { copies: newest(2) }), ...versions(1, 2)],
      3: [predict(newest(2), { copies: newest(3) }), ...versions(2, 3)],
    },
  },
  headers: {
    deployers: {
      model: {
        rolloutSpec: [
          {
            match: [{ headers: { 'x-tester': { exact: '1' } } }, { headers: { 'x-group': { prefix: 'eu-' }, 'x-user': { regex: '[a-m].*' } } }],
            destinations: [{ destinationIndex: 0 }],
          },
          { destinations: [{ destinationIndex: 1, weight: 90 }, { destinationIndex: 2, weight: 10 }] },
        ],
      },
    },
    after: {
      1: [predict(newest(1)), predict(newest(1), { headers: tester })],
      2: [predict(newest(1)), predict(newest(2), { headers: tester })],
      3: [
        predict({ 2: 90, 1: 10 }), predict(newest(3), { headers: tester }), predict({ 2: 90, 1: 10 }, { headers: { 'x-tester': '11' } }),
        predict(newest(3), { headers: eu('anna') }), predict({ 2: 90, 1: 10 }, { headers: eu('zoe') }), predict({ 2: 90, 1: 10 }, { headers: eu() }),
        ...versions(1, 2, 3),
      ],
    },
  },
  paths: {
    deployers: {
      model: {
        rolloutSpec: split(50, 50),
        routes: [route('/v1/ask'), route('/v1/tell', '/send-feedback')],
      },
    },
    after: {
      2: [
        at('/v1/ask', { 2: 50, 1: 50 }), at('/v1/tell', { 2: 50, 1: 50 }, { to: '/send-feedback' }), at('/predict', null),
        at('/versions/{1}/v1/ask', newest(1)),
      ],
    },
  },
  backends: {
    deployers: {
      model: {
        rolloutSpec: split(80, 20),
        backends: { small: 70, large: 30 },
      },
    },
    after: {
      1: [predict({ '1/small': 70, '1/large': 30 })],
      2: [predict({ '2/small': 56, '2/large': 24, '1/small': 14, '1/large': 6 }), at('/versions/{1}/predict', { '1/small': 70, '1/large': 30 })],
    },
  },
  models: {
    deployers: {
      model: { routes: [route('/first')] },
      other: { rolloutSpec: split(60, 40), routes: [route('/second')] },
    },
    after: {
      2: [
        at('/first', newest(2), { model: 'model' }), at('/second', { 2: 60, 1: 40 }, { model: 'other' }),
        at('/versions/{1}/first', null), at('/versions/{1}/second', newest(1), { model: 'other' }),
      ],
    },
  },
};

/** The axon file of a kind, as a document. */
export function axonOf(kind) {
  const { deployers } = KINDS[kind];
  const backendsOf = ({ backends = { net: 100 } }) => Object.entries(backends);
  const trainers = new Set(Object.values(deployers).flatMap((deployer) => backendsOf(deployer).map(([backend]) => `fit-${backend}`)));
  const metrics = { lossMetric: 'loss', metrics: [{ name: 'loss', type: 'Gauge' }] };
  return {
    apiVersion: 'myelin.io/v1alpha1',
    kind: 'Axon',
    metadata: { name: 'shop' },
    spec: {
      tasks: [
        ...[...trainers].map((name) => ({ name, train: { image: 'trainer:1', command: ['train'], ...metrics } })),
        { name: 'serve', deploy: { predictor: 'Net', endpointType: 'REST', image: 'server:1' } },
      ],
      sensors: [
        { name: 'start', tasks: [[...trainers].map((task) => ({ trainer: { task } }))] },
        ...Object.entries(deployers).map(([name, { backends, ...deployer }]) => ({
          name: `ship-${name}`,
          triggers: [...trainers].map((task) => ({ name: `${task}-succeeded`, type: 'Lifecycle', condition: 'Succeeded', task })),
          tasks: [{
            deployer: {
              name,
              ...deployer,
              models: [{
                name: 'net',
                routingStrategy: [{ destinations: backendsOf({ backends }).map(([destinationName, weight]) => ({ destinationName, weight })) }],
                backendModels: backendsOf({ backends }).map(([backend]) => ({ name: backend, trainer: `fit-${backend}`, deployer: 'serve' })),
              }],
            },
          }],
        })),
      ],
    },
  };
}

import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const DEPLOYERS: Mistake[] = [
  [
    'fails if weights do not sum to 100',
    ['weight: 80', 'weight: 81'],
    ["95:17 error: 'destinations' (81 + 20) must sum to 100, and sum to 101, change them so that they do"],
  ],
  [
    'fails if a weight is a word',
    ['weight: 80', 'weight: much'],
    ["96:51 error: 'weight' (much) must be a whole number, write a whole number"],
  ],
  [
    'fails if a weight is missing',
    ['destinationIndex: 0, weight: 80', 'destinationIndex: 0'],
    [
      "96:21 error: 'weight' (nothing) is required if there are several destinations, set the weight of each",
    ],
  ],
  [
    'fails if a generation stands twice',
    ['destinationIndex: 1', 'destinationIndex: 0'],
    ["97:40 error: 'destinationIndex' (0) is listed twice, remove one"],
  ],
  [
    'fails if a generation is negative',
    ['destinationIndex: 1', 'destinationIndex: -1'],
    [
      "97:40 error: 'destinationIndex' (-1) must be a generation: 0 is the newest version, 1 the one before it, at most 9, set a whole number from 0 to 9",
    ],
  ],
  [
    'fails if a rule has no destinations',
    [
      '              - destinations:\n                  - {destinationIndex: 0, weight: 80}\n                  - {destinationIndex: 1, weight: 20}\n',
      '              - shadow: {destinationIndex: 1}\n',
    ],
    ["95:17 error: 'destinations' (nothing) is required in a rollout rule, add it"],
  ],
  [
    'fails if a generation with traffic is shadowed',
    [
      '              - destinations:\n                  -',
      '              - shadow: {destinationIndex: 1}\n                destinations:\n                  -',
    ],
    [
      "95:44 error: 'destinationIndex' (1) has live traffic (20 percent), shadow a generation without live traffic, or remove it",
    ],
  ],
  [
    'fails if a rule is never reached',
    [
      '              - destinations:\n                  -',
      '              - destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    [
      "94:13 error: 'rolloutSpec' (rule 2) is never reached: rule 1 matches every request, put it before that one, or remove it",
    ],
  ],
  [
    'fails if requests may match no rule',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {x-a: {exact: b}}}]\n                destinations:\n                  -',
    ],
    [
      "94:13 error: 'rolloutSpec' (1 rules) leave requests that match none of them without an answer, end with a rule that has no 'match'",
    ],
  ],
  [
    'fails if a header is matched in two ways, another in none',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {x-a: {exact: b, prefix: c}, x-b: {}}}]\n                destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    [
      "95:36 error: 'x-a' (exact and prefix) must be one of 'exact', 'prefix' and 'regex', leave one",
      "95:64 error: 'x-b' (nothing) must be one of 'exact', 'prefix' and 'regex', add one",
    ],
  ],
  [
    'fails if a header is in upper case',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {X-A: {exact: b}}}]\n                destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    [
      "95:36 error: 'header' (X-A) must be the name of a header: lower case letters, digits and dashes, write it in lower case",
    ],
  ],
  [
    'fails if a header matches a broken expression',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {x-a: {regex: "("}}}]\n                destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    ["95:49 error: 'regex' (() must be a regular expression, fix its syntax"],
  ],
  [
    'fails if a match has no headers',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {}}]\n                destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    ["95:26 error: 'headers' ({}) matches every request, name a header, or remove the 'match'"],
  ],
  [
    'fails if a backend does not exist',
    ['destinationName: digits, weight: 100', 'destinationName: digit, weight: 100'],
    ["101:54 error: 'destinationName' (digit) is no backend of the model, did you mean 'digits'?"],
  ],
  [
    'fails if the weights of backends do not sum to 100',
    ['destinationName: digits, weight: 100', 'destinationName: digits, weight: 90'],
    [
      "101:70 error: 'routingStrategy' (90) must sum to 100 over the backends of 'digits', set the weight of every backend",
    ],
  ],
  [
    'fails if a backend stands twice among the destinations',
    [
      '[{destinationName: digits, weight: 100}]',
      '[{destinationName: digits, weight: 50}, {destinationName: digits, weight: 50}]',
    ],
    [
      "101:70 error: 'routingStrategy' (50) must sum to 100 over the backends of 'digits', set the weight of every backend",
      "101:93 error: 'destinationName' (digits) is listed twice, remove one",
    ],
  ],
  [
    'fails if a weight of backends is missing',
    [
      '[{destinationName: digits, weight: 100}]',
      '[{destinationName: digits, weight: 50}, {destinationName: digits}]',
    ],
    [
      "101:75 error: 'weight' (nothing) is required if there are several destinations, set the weight of each",
      "101:93 error: 'destinationName' (digits) is listed twice, remove one",
    ],
  ],
  [
    'fails if requests are routed by two rules',
    ['routingStrategy:\n', 'routingStrategy:\n                  - destinations: []\n'],
    [
      "102:21 error: 'routingStrategy' (2 rules) is more than one rule, which is not supported yet, write one",
    ],
  ],
  [
    'fails if trainer and deployer are swapped',
    ['trainer: train, deployer: serve', 'trainer: serve, deployer: train'],
    [
      "103:45 error: 'trainer' (serve) has a 'deploy' body, and must have a 'train' body, name the task that trains the model",
      "103:62 error: 'deployer' (train) has a 'train' body, and must have a 'deploy' body, name the model server that serves it",
    ],
  ],
  [
    'fails if trainer and deployer do not exist',
    ['trainer: train, deployer: serve', 'trainer: trian, deployer: srv'],
    [
      "103:45 error: 'trainer' (trian) is no task of the axon, did you mean 'train'?",
      "103:62 error: 'deployer' (srv) is no task of the axon, use one of prepare, serve, train",
    ],
  ],
  [
    'fails if there are no backends',
    [
      'backendModels:\n                  - {name: digits, trainer: train, deployer: serve, modelSelectionStrategy: best}\n',
      'backendModels: []\n',
      '                routingStrategy:\n                  - destinations: [{destinationName: digits, weight: 100}]\n',
      '',
    ],
    ["100:17 error: 'backendModels' ([]) must hold at least one backend of 'digits', add one"],
  ],
  [
    'fails if there are no models',
    [
      '            models:\n              - name: digits\n                routingStrategy:\n                  - destinations: [{destinationName: digits, weight: 100}]\n                backendModels:\n                  - {name: digits, trainer: train, deployer: serve, modelSelectionStrategy: best}\n            routes:\n              - {path: /predict, dag: [{model: digits, path: /predict}]}\n              - {path: /send-feedback, dag: [{model: digits, path: /send-feedback}]}\n',
      '            models: []\n',
    ],
    ["98:13 error: 'models' ([]) must hold a model, add one"],
  ],
  [
    'fails if a route leads to no model',
    ['{path: /predict, dag: [{model: digits,', '{path: /predict, dag: [{model: digit,'],
    ["105:48 error: 'model' (digit) is no model of the deployer, did you mean 'digits'?"],
  ],
  [
    'fails if a route has no slash',
    ['{path: /predict,', '{path: predict,'],
    [
      "105:24 error: 'path' (predict) must be a path below the axon's address, without a query and without '.' and '..', write it like '/predict'",
    ],
  ],
  [
    'fails if the path on a model has no slash',
    ['path: /predict}]', 'path: predict}]'],
    [
      "105:62 error: 'path' (predict) must be a path below the axon's address, without a query and without '.' and '..', write it like '/predict'",
    ],
  ],
  [
    'fails if a path is routed twice',
    ['{path: /send-feedback,', '{path: /predict,'],
    ["106:24 error: 'routes' (/predict) is routed twice, remove one"],
  ],
  [
    'fails if a path belongs to the versions',
    ['{path: /predict,', '{path: /versions/x,'],
    [
      "105:24 error: 'path' (/versions/x) is reserved for the addresses of versions ('/versions/<version>/…'), use another path",
    ],
  ],
  [
    'fails if there are no routes',
    [
      'routes:\n              - {path: /predict, dag: [{model: digits, path: /predict}]}\n              - {path: /send-feedback, dag: [{model: digits, path: /send-feedback}]}\n',
      'routes: []\n',
    ],
    ["104:13 error: 'routes' ([]) is empty, so the model has no address, add a route, or remove 'routes' for the default paths"],
  ],
  [
    'fails if a route has no node',
    ['dag: [{model: digits, path: /predict}]', 'dag: []'],
    ["105:34 error: 'dag' ([]) must hold a node, name a model"],
  ],
  [
    'fails if records are kept for seconds',
    ['retention: 30d', 'retention: 5s'],
    ["108:26 error: 'retention' (5 s) must be at least a minute, raise it"],
  ],
  [
    'fails if more than all is captured',
    ['retention: 30d', 'rate: 2'],
    ["108:21 error: 'rate' (2) must be more than 0 and at most 1: it is a share, set a share, for instance 0.1"],
  ],
  [
    'fails if fewer versions are kept than the rollout speaks of',
    ['            capture: ', '            retention: 1\n            capture: '],
    [
      "107:24 error: 'retention' (1) is less than the 2 generations that the rollout names, set it to 2 or more",
    ],
  ],
  [
    'fails if there are no pods',
    ['            capture: ', '            replicas: 0\n            capture: '],
    ["107:23 error: 'replicas' (0) must be a whole number of at least 1, set a whole number"],
  ],
  [
    'fails if a deployer has the name of a task',
    [
      'deployer:\n            name: model',
      'deployer:\n            name: train',
      'metric: test_accuracy, model: model',
      'metric: test_accuracy, model: train',
      '          model: model ',
      '          model: train ',
    ],
    [
      "93:19 error: 'name' (train) is also the name of a task, and the steps of a sensor may be either, rename one of them",
    ],
  ],
  [
    'warns if a deployer has no name',
    ['            name: model\n', ''],
    [
      "92:11 warning: 'name' (nothing) is missing in a deployer, which gets the name 'model', set it",
    ],
  ],
  [
    'fails if two deployers have one name',
    [
      '    # When the newest',
      '    - name: other\n      triggers: [{name: asked, type: Rest}]\n      tasks: [{deployer: {name: model, models: [{name: m, backendModels: [{name: m, trainer: train, deployer: serve}]}]}}]\n\n    # When the newest',
    ],
    [
      "112:33 error: 'name' (model) is the name of another deployer, in line 93, rename one of them",
    ],
  ],
];

test.each(DEPLOYERS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

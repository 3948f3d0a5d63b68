import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const UNSUPPORTED: Mistake[] = [
  [
    'fails if a search is BOHB, and reports its other keys',
    ['optimiser: HyperBand', 'optimiser: BOHB', 'minBudget: 3', 'minBudget: few'],
    [
      "53:22 error: 'optimiser' (BOHB) is not supported, use HyperBand, which takes the same keys",
      "55:22 error: 'minBudget' (few) must be a number, write a number",
    ],
  ],
  [
    'fails if the file has what is not supported: spark',
    ['      deploy:', '      spark: {sparkSpec: {class: A}}\n      nothing:'],
    [
      "65:7 error: 'spark' (a map) is not supported yet, run it in a container",
      "66:7 error: 'nothing' (key) is no key of a task, use one of name, container, train, deploy, inputs, spark, tfJob, sidecars",
    ],
  ],
  [
    'fails if the file has what is not supported: tfJob',
    ['    - name: serve', '    - {name: old, tfJob: {image: "a:1", tfJobSpec: {}}}\n    - name: serve'],
    ["64:19 error: 'tfJob' (a map) is not supported yet, train in one container"],
  ],
  [
    'fails if the file has what is not supported: tfJobSpec',
    [
      '        command: [python, train.py]',
      '        tfJobSpec: {}\n        command: [python, train.py]',
    ],
    ["40:9 error: 'tfJobSpec' ({}) is not supported yet, train in one container"],
  ],
  [
    'fails if the file has what is not supported: sidecars',
    ['      deploy:', '      sidecars: []\n      deploy:'],
    ["65:7 error: 'sidecars' ([]) is not supported yet, leave it out"],
  ],
  [
    'fails if the file has what is not supported: variables of a sensor',
    ['    - name: start\n', '    - name: start\n      env: [{name: A, value: b}]\n'],
    [
      "79:7 error: 'env' (a list) is not supported yet, write it into the tasks, or use 'parameters'",
    ],
  ],
  [
    'fails if the file has what is not supported: variables of a step',
    [
      '        - resourceExecutor: {task: prepare}\n        - trainer: {task: train}\n\n    # After',
      '        - resourceExecutor: {task: prepare}\n          env: [{name: A, value: b}]\n        - trainer: {task: train}\n\n    # After',
    ],
    [
      "81:11 error: 'env' (a list) is not supported yet, write it into the task, or use 'parameters'",
    ],
  ],
  [
    'fails if the file has what is not supported: variables from elsewhere',
    [
      '        endpointType: REST',
      '        endpointType: REST\n        env: [{name: A, valueFrom: {fieldRef: {fieldPath: x}}}]',
    ],
    [
      "68:25 error: 'valueFrom' (a map) is not supported yet, write a value, or name a Secret in 'secretEnv'",
    ],
  ],
  [
    'fails if the file has what is not supported: flexVolume',
    [
      '  volumeClaimTemplate:\n    metadata:\n      name: digits-store\n    spec:\n      accessModes: [ReadWriteMany]        # pods on several nodes work on it at the same time\n      resources:\n        requests:\n          storage: 2Gi\n',
      '  volume: {name: store, flexVolume: {driver: ceph.rook.io/rook}}\n',
    ],
    [
      "17:25 error: 'flexVolume' (a map) is dead: current Kubernetes has no such volumes, use a 'volumeClaimTemplate' with a storage class",
    ],
  ],
  [
    'fails if the file has what is not supported: volumes of a build',
    [
      '          repositoryName: digits-train\n',
      '          repositoryName: digits-train\n          volumes: []\n          volumeMounts: []\n',
    ],
    [
      "43:11 error: 'volumes' ([]) is not supported yet, leave it out",
      "44:11 error: 'volumeMounts' ([]) is not supported yet, leave it out",
    ],
  ],
  [
    'fails if the file has what is not supported: gateway, servers, security, volumes',
    [
      '            capture: ',
      '            gateway: g\n            gatewayNamespace: n\n            servers: []\n            securitySpec: {}\n            volumes: []\n            capture: ',
    ],
    [
      "107:22 error: 'gateway' (g) is not supported yet, the platform's settings name the gateway",
      "108:31 error: 'gatewayNamespace' (n) is not supported yet, the platform's settings name the gateway",
      "109:13 error: 'servers' ([]) is not supported yet, the platform's gateway has them",
      "110:13 error: 'securitySpec' ({}) is not supported yet, leave it out",
      "111:13 error: 'volumes' ([]) is not supported yet, leave it out",
    ],
  ],
  [
    'fails if the file has what is not supported: several models',
    [
      '                backendModels:\n                  - {name: digits, trainer: train, deployer: serve, modelSelectionStrategy: best}\n',
      '                backendModels:\n                  - {name: digits, trainer: train, deployer: serve, modelSelectionStrategy: best}\n              - {name: second, backendModels: [{name: b, trainer: train, deployer: serve}]}\n',
    ],
    [
      "104:24 error: 'models' (digits, second) are several, and graphs of several models are not supported yet, serve each model by a deployer of its own, in an axon of its own",
    ],
  ],
  [
    'fails if the file has what is not supported: several nodes of a route',
    [
      'dag: [{model: digits, path: /predict}]',
      'dag: [{model: digits, path: /predict}, {model: digits, path: /b}]',
    ],
    [
      "105:34 error: 'dag' (2 nodes) has several nodes, and graphs of several models are not supported yet, route to one model",
    ],
  ],
  [
    'fails if the file has what is not supported: joins in a route',
    [
      'dag: [{model: digits, path: /predict}]',
      'dag: [{model: digits, path: /predict, includeInput: true, dependencies: [digits], dependency: /x}]',
    ],
    [
      "105:86 error: 'includeInput' (true) joins models, which is not supported yet, remove it",
      "105:92 error: 'dependencies' (digits) joins models, which is not supported yet, remove it",
      "105:128 error: 'dependency' (/x) is not supported yet, route to one model",
    ],
  ],
  [
    'fails if the file has what is not supported: a model outside of the axon',
    [
      'dag: [{model: digits, path: /predict}]',
      'dag: [{model: digits, path: /predict, fullPath: "http://x/y", healthPath: /h, endpointRestType: Multipart}]',
    ],
    [
      "105:82 error: 'fullPath' (http://x/y) is not supported yet, route to a model of the axon",
      "105:108 error: 'healthPath' (/h) is not supported yet, route to a model of the axon",
      "105:130 error: 'endpointRestType' (Multipart) is not supported yet, route to a model of the axon",
    ],
  ],
  [
    'fails if the file has what is not supported: matches of anything but headers',
    [
      '              - destinations:\n                  -',
      '              - match: [{headers: {x-a: {exact: b}}, uri: {exact: /a}, method: {exact: GET}}]\n                destinations: [{destinationIndex: 0}]\n              - destinations:\n                  -',
    ],
    [
      "95:54 error: 'uri' (a map) is not supported yet, match 'headers' only",
      "95:72 error: 'method' (a map) is not supported yet, match 'headers' only",
    ],
  ],
  [
    'fails if the file has what is not supported: matches of backends',
    [
      '                  - destinations: [{destinationName: digits, weight: 100}]',
      '                  - destinations: [{destinationName: digits, weight: 100}]\n                    match: [{headers: {x-a: {exact: b}}}]\n                    shadow: {destinationName: digits}',
    ],
    [
      "102:21 error: 'match' (a list) is not supported yet, divide by weights only",
      "103:21 error: 'shadow' (a map) is not supported yet, divide by weights only",
    ],
  ],
];

test.each(UNSUPPORTED)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

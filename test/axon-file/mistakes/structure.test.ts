import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const ENVELOPE: Mistake[] = [
  [
    'fails if the name of an axon begins with a digit',
    ['metadata:\n  name: digits  ', 'metadata:\n  name: 9digits  '],
    [
      "6:9 error: 'name' (9digits) must be letters, digits, '-', '_' and '.', with a letter first, rename it",
    ],
  ],
  [
    'fails if the name of an axon is longer than its objects allow',
    [
      'metadata:\n  name: digits  ',
      'metadata:\n  name: a-name-that-is-far-too-long-for-all-that-is-made-of-it  ',
    ],
    [
      "6:9 error: 'name' (a-name-that-is-far-too-long-for-all-that-is-made-of-it) has 54 characters, and the longest name made of it ('a-name-that-is-far-too-long-for-all-that-is-made-of-it-sweep-0123456789') must fit 63, use at most 46",
    ],
  ],
  [
    'fails if a name is a property of every JavaScript object',
    ['- name: prepare\n', '- name: constructor\n'],
    [
      "28:13 error: 'name' (constructor) is a word that JavaScript keeps to itself, rename it",
      "80:36 error: 'task' (prepare) is no task of the axon, use one of serve, train",
      "122:36 error: 'task' (prepare) is no task of the axon, use one of serve, train",
    ],
  ],
  [
    'fails if the kind is in lower case',
    ['kind: Axon', 'kind: axon'],
    ["4:7 error: 'kind' (axon) must be 'Axon', did you mean 'Axon'?"],
  ],
  [
    'fails if no document is an axon',
    ['kind: Axon', 'kind: Deployment'],
    [
      "4:7 error: 'kind' (Deployment) must be Axon in one document at least, add 'apiVersion: myelin.io/v1alpha1' and 'kind: Axon'",
    ],
  ],
  [
    'fails if the version of the format is another',
    ['apiVersion: myelin.io/v1alpha1', 'apiVersion: myelin.io/v1'],
    [
      "3:13 error: 'apiVersion' (myelin.io/v1) must be one of myelin.io/v1alpha1, myelinproj.io/v1alpha1, did you mean 'myelin.io/v1alpha1'?",
    ],
  ],
  [
    'fails if a namespace is no name',
    ['name: digits  ', 'name: digits\n  namespace: Team  '],
    [
      "7:14 error: 'namespace' (Team) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'team'",
    ],
  ],
  [
    'fails if labels take a key of the loop, or are malformed',
    ['name: digits  ', 'name: digits\n  labels: {myelin.io/axon: x, team: ml team}\n  annotations: {a/b/c: x}  '],
    [
      "7:12 error: 'labels' (myelin.io/axon: x) has a key that the loop sets itself, use another key",
      "7:31 error: 'labels' (team: ml team) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation",
      "8:17 error: 'annotations' (a/b/c: x) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation",
    ],
  ],
];

test.each(ENVELOPE)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

const KEYS: Mistake[] = [
  [
    'fails if a required key is misspelt: one message, and the rest is read as meant',
    ['metadata:\n  name: digits  ', 'metadata:\n  nmae: digits  '],
    ["6:3 error: 'nmae' (key) is no key of the axon's metadata, did you mean 'name'?"],
  ],
  [
    'fails if a section is misspelt',
    ['  artifacts:', '  artefacts:'],
    ["9:3 error: 'artefacts' (key) is no key of the axon's spec, did you mean 'artifacts'?"],
  ],
  [
    'fails if a body is misspelt',
    ['- name: prepare\n      container', '- name: prepare\n      contaner'],
    ["29:7 error: 'contaner' (key) is no key of a task, did you mean 'container'?"],
  ],
  [
    'fails if the British spelling is missed',
    ['optimiser: HyperBand', 'optimizer: HyperBand'],
    ["53:11 error: 'optimizer' (key) is no key of a tuning, did you mean 'optimiser'?"],
  ],
  [
    'fails if an unknown key is near none',
    ['revision: 4f1c2d0', 'branch: main'],
    [
      "14:9 error: 'branch' (key) is no key of a git artifact, use one of repo, revision, sshPrivateKeySecret",
    ],
  ],
  [
    'fails if a required key is missing',
    ['- {name: alpha, type: UniformFloat, ', '- {name: alpha, '],
    ["62:15 error: 'type' (nothing) is required in a parameter to tune, add it"],
  ],
  [
    'fails if a required key is empty',
    ['  sensors:', '  sensors:\n  more:'],
    [
      "76:3 error: 'sensors' (nothing) is required in the axon's spec, add it",
      "77:3 error: 'more' (key) is no key of the axon's spec, use one of serviceAccountName, serviceAccount, parameters, pod, stepPod, artifacts, volumeClaimTemplate, volume, tasks, sensors",
    ],
  ],
];

test.each(KEYS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

const TYPES: Mistake[] = [
  [
    'fails if a text is a list',
    ['revision: 4f1c2d0', 'revision: [a]'],
    ["14:9 error: 'revision' (a list) must be a text, write it on one line"],
  ],
  [
    'fails if a list is a text',
    ['command: [python, prepare.py]', 'command: python prepare.py'],
    [
      "30:18 error: 'command' (python prepare.py) must be a list, write it as '[python, prepare.py]'",
    ],
  ],
  [
    'fails if a map is a list',
    [
      '      git:\n        repo: https://git.example.org/ml/digits.git\n        revision: 4f1c2d0',
      '      git:\n        - repo: https://git.example.org/ml/digits.git',
    ],
    ["12:7 error: 'git' (a list) must be a map, remove the '- '"],
  ],
  [
    'fails if a whole number is a word',
    ['concurrency: 2', 'concurrency: two'],
    ["54:24 error: 'concurrency' (two) must be a whole number, write a whole number"],
  ],
  [
    'fails if a whole number has a fraction',
    ['numIteration: 3', 'numIteration: 1.5'],
    ["57:25 error: 'numIteration' (1.5) must be a whole number, round it"],
  ],
  [
    'fails if a flag is in quotes',
    ['log: true}}\n            - {name: hidden', 'log: "true"}}\n            - {name: hidden'],
    ["59:105 error: 'log' (true) must be 'true' or 'false', write it without quotes"],
  ],
  [
    'fails if one of several words is in another case',
    ['optimiser: HyperBand', 'optimiser: hyperband'],
    [
      "53:22 error: 'optimiser' (hyperband) must be one of HyperBand, RandomSearch, did you mean 'HyperBand'?",
    ],
  ],
  [
    'warns if a text is a boolean to readers of YAML 1.1',
    ['values: [relu, tanh]', 'values: [on, off]'],
    [
      '61:76 warning: \'values[0]\' (on) is a boolean to many readers of YAML, and a text is meant, write "on"',
      '61:80 warning: \'values[1]\' (off) is a boolean to many readers of YAML, and a text is meant, write "off"',
    ],
  ],
  [
    'fails if a time has no unit',
    ['sustained: 15s', 'sustained: 5'],
    [
      "120:22 error: 'sustained' (5) must be a time: a whole number with s, m, h or d behind it, write it as '90s', '5m', '12h' or '30d'",
    ],
  ],
  [
    'fails if a time is written in words',
    ['retention: 30d', 'retention: 30 days'],
    [
      "108:26 error: 'retention' (30 days) must be a time: a whole number with s, m, h or d behind it, write it as '90s', '5m', '12h' or '30d'",
    ],
  ],
  [
    'fails if an amount of storage has a unit of its own',
    ['storage: 2Gi', 'storage: 2GB'],
    [
      "24:20 error: 'storage' (2GB) must be an amount of storage: a whole number with Mi, Gi or Ti behind it, write it as '2Gi'",
    ],
  ],
  [
    'fails if an amount of storage is nothing',
    ['storage: 2Gi', 'storage: 0'],
    ["24:20 error: 'storage' (0) must be more than 0, write it as '2Gi'"],
  ],
  [
    'fails if a map is in the place of steps',
    [
      'tasks:\n        - resourceExecutor: {task: prepare}\n        - trainer: {task: train}\n\n    # After',
      'tasks: {trainer: {task: train}}\n\n    # After',
    ],
    ["79:7 error: 'tasks' (a map) must be a list, write '- ' before its first key"],
  ],
  [
    'fails if an inner list of steps is empty',
    ['        - trainer: {task: train}\n\n    # After', '        - []\n\n    # After'],
    ["81:11 error: 'tasks[1]' ([]) must hold a step, fill it in or remove it"],
  ],
  [
    'fails if an item of a list is empty',
    ['        - trainer: {task: train}\n\n    # After', '        -\n\n    # After'],
    ["80:9 error: 'tasks[1]' (nothing) must be a step, fill it in or remove it"],
  ],
];

test.each(TYPES)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

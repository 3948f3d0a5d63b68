import { edited } from '../../axon-file/digits';

/** A title and a whole axon file. */
export type FileCase = readonly [title: string, text: string];

const REPO = 'repo: https://git.example.org/ml/digits.git';
const PREPARE = '      container:                          # any program; it writes into the folder DATA_PATH\n';
const TRAIN = '        lossMetric: validation_accuracy   # what trials are compared by ...\n';
const BUILD = 'repositoryName: digits-prepare';
const PARAMS = '          params:                         # a trial gets each as --NAME=VALUE\n';
const SENSORS = '  sensors:\n';
const DEPLOYER = '            name: model\n';
const CONDITION = 'condition: "{{test_accuracy}} > 0.95"';
const ROLLOUT = '            rolloutSpec:                  # percents by generation: 0 is the newest version, 1 the one before it\n';
const DESTINATIONS = '              - destinations:\n                  - {destinationIndex: 0, weight: 80}\n                  - {destinationIndex: 1, weight: 20}\n';
const ROUTING = '- destinations: [{destinationName: digits, weight: 100}]';
const BACKEND = '- {name: digits, trainer: train, deployer: serve, modelSelectionStrategy: best}';
const CLAIM = '  volumeClaimTemplate:\n    metadata:\n      name: digits-store\n    spec:\n      accessModes: [ReadWriteMany]        # pods on several nodes work on it at the same time\n      resources:\n        requests:\n          storage: 2Gi\n';

/** The digits file, where a text is replaced by the same text with lines behind it. */
const behind = (text: string, ...lines: string[]) => edited(text, `${text}${lines.join('\n')}\n`);
const prepare = (...lines: string[]) => behind(PREPARE, ...lines.map((line) => `        ${line}`));
const sensor = (...lines: string[]) => behind(SENSORS, '    - name: extra', ...lines.map((line) => `      ${line}`));
const triggered = (...triggers: string[]) => sensor('triggers:', ...triggers.map((one) => `  - {name: t, ${one}}`), 'tasks: [{resourceExecutor: {task: prepare}}]');
const conditioned = (...conditions: string[]) => sensor('triggers: [{name: t, type: Lifecycle, task: train}]', 'conditions:', ...conditions.map((one) => `  - {name: c, ${one}}`),
  'tasks: [{resourceExecutor: {task: prepare}}]');
const guarded = (...keys: string[]) => sensor('triggers: [{name: t, type: Rest}]', `guard: {${keys.join(', ')}}`, 'tasks: [{resourceExecutor: {task: prepare}}]');
const metric = (condition: string) => edited(CONDITION, `condition: '${condition}'`);
const rollout = (...rules: string[]) => edited(DESTINATIONS, rules.map((rule) => `              - ${rule}\n`).join(''));
const deployer = (...lines: string[]) => behind(DEPLOYER, ...lines.map((line) => `            ${line}`));
const parameter = (text: string) => behind(PARAMS, `            - ${text}`);
const storage = (...lines: string[]) => edited(CLAIM, lines.map((line) => `  ${line}\n`).join(''));

export const DOCUMENTS: FileCase[] = [
  ['the file is empty', ' \n'],
  ['the file is no text', 'kind: Axon\0'],
  ['the file is no YAML', 'kind: [Axon\n'],
  ['the file has a tab for an indentation', 'kind: Axon\nspec:\n\ttasks: []\n'],
  ['the file holds another kind', 'apiVersion: v1\nkind: Service\n'],
  ['the file holds no kind', 'a: 1\n'],
  ['the file is a list', '- kind: Axon\n'],
  ['the kind is misspelt in case', edited('kind: Axon\n', 'kind: axon\n')],
  ['the version is unknown', edited('apiVersion: myelin.io/v1alpha1', 'apiVersion: myelin.io/v2')],
  ['an axon is bare', 'apiVersion: myelin.io/v1alpha1\nkind: Axon\n'],
  ['the sections of an axon are texts and lists', 'apiVersion: myelin.io/v1alpha1\nkind: Axon\nmetadata: x\nspec:\n  - tasks: []\n'],
  ['two axons have one name', `${edited()}---\n${edited()}`],
  ['a key is set twice', edited('kind: Axon\n', 'kind: Axon\nkind: Axon\n')],
  ['a key is a map and a key is a list', edited('kind: Axon\n', 'kind: Axon\n? {a: b}\n: c\n? [a]\n: c\n')],
  ['an alias has no anchor', edited('kind: Axon\n', 'kind: *axon\n')],
  ['a merged key is no map', edited('metadata:\n', 'metadata:\n  <<: x\n')],
  ['a value has a tag', edited('  name: digits  ', '  name: !name digits  ')],
  ['aliases multiply', `kind: Axon\nspec:\n  a: &a [${'x,'.repeat(99)}x]\n${[...'bcd'].map((name, index) => `  ${name}: &${name} [${`*${'abc'[index]},`.repeat(99)}*${'abc'[index]}]\n`).join('')}`],
  ['keys of every section are unknown', edited('metadata:\n', 'metadat:\n', '  tasks:\n', '  taskz: 1\n  tasks:\n', 'repositoryName: digits-train', 'repo_name: x', '  storage: 2Gi', '  storage: 2Gi\n          stroage: 3Gi')],
  ['keys without effect', edited('metadata:\n', 'metadata:\n  labels: {a: b}\n  annotations: {a: b}\n', BUILD, `${BUILD}\n          checkImageExists: true`)],
  ['keys of an axon and its parts that are not supported', edited(
    REPO, REPO,
    '  volumeClaimTemplate:\n    metadata:\n', '  volumeClaimTemplate:\n    metadata:\n      labels: {a: b}\n      annotations: {a: b}\n',
    '      resources:\n', '      resources:\n        limits: {storage: 3Gi}\n',
    '    - name: prepare\n', '    - name: prepare\n      sidecars: [{name: x}]\n      spark: {}\n      tfJob: {a: b}\n',
    BUILD, `${BUILD}\n          volumes: [x]\n          volumeMounts: [x]`,
    TRAIN, `${TRAIN}        tfJobSpec: {a: b}\n        env: [{name: A, valueFrom: {fieldRef: x}}]\n`,
    SENSORS, `${SENSORS}    - name: extra\n      env: [x]\n      tasks: [{resourceExecutor: {task: prepare}, env: [x]}]\n`,
  )],
  ['keys of a deployer that are not supported', edited(
    DEPLOYER, `${DEPLOYER}            volumes: [x]\n            gateway: g\n            gatewayNamespace: g\n            servers: [x]\n            securitySpec: {a: b}\n`,
    DESTINATIONS, `${DESTINATIONS}                match: [{headers: {x-a: {exact: "1"}}, uri: x, scheme: x, method: x, authority: x, port: 1, sourceLabels: x, gateways: x, queryParams: x, ignoreUriCase: true, withoutHeaders: x}]\n`,
    ROUTING, '- {destinations: [{destinationName: digits, weight: 100}], match: x, shadow: x}',
    '{model: digits, path: /predict}', '{model: digits, path: /predict, dependency: x, fullPath: x, healthPath: x, endpointRestType: x}',
  )],
  ['keys of an S3 artifact that are not supported', edited(`      git:\n        ${REPO}\n        revision: 4f1c2d0\n`, '      s3: {endpoint: e, bucket: b, key: k, insecure: true, region: r}\n')],
  ['older forms', edited(
    PREPARE, `      env: [{name: A, value: b}]\n${PREPARE}`,
    '        predictor: Digits', '        deploymentType: canary\n        replicas: 2\n        predictor: Digits',
    ROLLOUT + DESTINATIONS, '',
    `                backendModels:\n                  ${BACKEND}\n`, '                trainer: train\n                deployer: serve\n',
    '[{model: digits, path: /predict}]', '[{task: serve, path: /predict}]',
  )],
  ['older forms of a rollout', edited(
    DEPLOYER, `${DEPLOYER}            deploymentType: canary\n`,
    DESTINATIONS, '              - match:\n                  destinations:\n                    - {destination: 0, weight: 80}\n                    - {destination: 1, weight: 20}\n',
    's2i:                            # no Dockerfile: the folder\'s requirements.txt is installed\n', 's2i:\n            buiderImage: registry.example.org/myelin-deployer-s2i-cuda:1\n',
  )],
];

export const AXONS: FileCase[] = [
  ['the name becomes another one', edited('  name: digits  ', '  name: Digits  ')],
  ['the name begins with a digit', edited('  name: digits  ', '  name: 1digits  ')],
  ['the name is a word of JavaScript', edited('  name: digits  ', '  name: constructor  ')],
  ['the name is too long', edited('  name: digits  ', `  name: ${'x'.repeat(60)}  `)],
  ['the name is a list', edited('  name: digits  ', '  name: [digits]  ')],
  ['the namespace has capitals', edited('  name: digits  ', '  namespace: ML\n  name: digits  ')],
  ['the service account has capitals', behind('spec:\n', '  serviceAccountName: Ml_Pods')],
  ['the service account is one of the loop', behind('spec:\n', '  serviceAccountName: digits-gate')],
  ['parameters have bad names and values', behind('spec:\n', '  parameters:', '    - {name: a.b, value: 1}')],
  ['a parameter is set twice', behind('spec:\n', '  parameters:', '    - {name: a, value: 1}', '    - {name: a, value: 2}')],
  ['a parameter is one of every run', behind('spec:\n', '  parameters: [{name: event, value: 1}]')],
  ['a parameter holds braces', behind('spec:\n', '  parameters: [{name: a, value: "x {{y}}"}]')],
  ['a parameter has no value', behind('spec:\n', '  parameters: [{name: a}, {value: 1}, ]')],
  ['there are no tasks and no sensors', 'apiVersion: myelin.io/v1alpha1\nkind: Axon\nmetadata: {name: x}\nspec: {tasks: [], sensors: []}\n'],
  ['lists are maps, texts and empty', 'apiVersion: myelin.io/v1alpha1\nkind: Axon\nmetadata: {name: x}\nspec:\n  tasks: {name: a}\n  sensors: a b\n  artifacts: [~, a, {name: x}]\n'],
  ['a text is a map, a boolean and a number', behind('spec:\n', '  serviceAccountName: {a: b}', '  parameters: [{name: yes, value: off}, {name: a, value: [1]}]')],
  ['two stores', behind('spec:\n', '  volume: {hostPath: {path: /data}}')],
  ['a store of no kind', storage('volume: {name: x}')],
  ['a store of two kinds', storage('volume: {hostPath: {path: /data}, persistentVolumeClaim: {claimName: x}}')],
  ['a store of a dead kind', storage('volume: {flexVolume: {driver: x}}')],
  ['a store in a relative folder', storage('volume: {hostPath: {path: data, type: Directory}}')],
  ['a store in a claim with capitals', storage('volume: {persistentVolumeClaim: {claimName: Data}}')],
  ['a claim without a size', storage('volumeClaimTemplate: {spec: {resources: {requests: {}}}}')],
  ['a claim of no size', storage('volumeClaimTemplate: {spec: {resources: {requests: {storage: 0Gi}}}}')],
  ['a claim of a bad size', storage('volumeClaimTemplate: {spec: {resources: {requests: {storage: 2GB}}}}')],
  ['a claim of another kind, mode and name', storage(
    'volumeClaimTemplate: {apiVersion: v2, kind: Claim, metadata: {name: A_B}, spec: {accessModes: [ReadWriteMuch, x], volumeMode: Block, resources: {requests: {storage: 1Gi}}}}',
  )],
  ...['http://git.example.org/a/b.git', 'ftp://git.example.org/a', 'https://git.example.org', 'https://me:secret@git.example.org/a', '"https://git.example.org/a b"', 'https://host:99999/a'].map((repo): FileCase => [
    `a repository at ${repo}`, edited(REPO, `repo: ${repo}`),
  ]),
  ['a revision begins with a dash', edited('revision: 4f1c2d0', 'revision: -x')],
  ['an artifact is mounted at the root', edited('path: /src\n      git', 'path: /\n      git')],
  ['an artifact is mounted at a relative path', edited('path: /src\n      git', 'path: src\n      git')],
  ['an artifact is of two kinds, and one of none', edited('      git:\n', '      s3: {endpoint: e, bucket: b, key: k}\n      git:\n', '  volumeClaimTemplate', '    - {name: none, path: /x}\n\n  volumeClaimTemplate')],
  ['an S3 artifact is empty', edited(`      git:\n        ${REPO}\n        revision: 4f1c2d0\n`, '      s3: {endpoint: "", bucket: b, key: k, accessKeySecret: {name: A_B, key: a/b}, secretKeySecret: {name: x}}\n')],
  ['two artifacts have one name', edited('  artifacts:\n', '  artifacts:\n    - {name: code, path: /src, git: {repo: git@example.org:a/b.git}}\n')],
];

export const TASKS: FileCase[] = [
  ['a task has no body', behind('  tasks:\n', '    - {name: extra}')],
  ['a task has two bodies', behind('  tasks:\n', '    - {name: extra, container: {image: "a:1"}, train: {image: "a:1"}}')],
  ['two tasks have one name', behind('  tasks:\n', '    - {name: train, container: {image: "a:1"}}')],
  ['two tasks become one name', behind('  tasks:\n', '    - {name: Train, container: {image: "a:1"}}')],
  ['a task has a long name', behind('  tasks:\n', `    - {name: ${'x'.repeat(60)}, container: {image: "a:1"}}`)],
  ['a task has no image', behind('  tasks:\n', '    - {name: extra, container: {}}', '    - {name: more, train: {}}', '    - {name: most, deploy: {command: [x]}}')],
  ['a task has an image and a build', prepare('image: a:1')],
  ...['""', '"a b"', 'https://a:1', 'registry_.org:5000/a:1', 'A/B:1', 'a..b:1', '"a:1+2"', 'a@md5:12', 'a@sha256:12', 'a', 'a:latest'].map((image): FileCase => [
    `an image ${image}`, behind('  tasks:\n', `    - {name: extra, container: {image: ${image}, command: [x]}}`),
  ]),
  ['a build has no artifact', edited('  artifacts:\n', '  artifacts:\n    - {name: more, path: /more, git: {repo: git@example.org:a/b.git}}\n', `          ${BUILD}  # the name of the image, without host and tag\n          artifact: code\n`, '')],
  ['a build has an unknown artifact', edited(`${BUILD}  # the name of the image, without host and tag\n          artifact: code`, `${BUILD}\n          artifact: cod`)],
  ['a build has no recipe', edited('          dockerfile:\n            path: prepare/Dockerfile\n', '')],
  ['a build has two recipes', edited('          dockerfile:\n            path: prepare/Dockerfile\n', '          dockerfile: {path: Dockerfile}\n          s2i: {contextDir: x}\n')],
  ['a build lies beside its artifact', edited('buildLocation: /src\n', 'buildLocation: /code\n')],
  ['a build has an absolute Dockerfile', edited('path: prepare/Dockerfile', 'path: /prepare/Dockerfile')],
  ['a build leaves its folder', edited('contextDir: serve', 'contextDir: ../serve')],
  ['a build has a name with a tag', edited(BUILD, 'repositoryName: a:1')],
  ['a build upon an older builder', edited('contextDir: serve', 'contextDir: serve\n            builderImage: registry.example.org/myelin-deployer-s2i-python:1')],
  ['variables have bad names and values', prepare('env:', '  - {name: A-B, value: 1}', '  - {name: MODEL_PATH, value: 1}', '  - {name: API_KEY, value: abc}', '  - {name: A, value: "{{workflow.name}}"}', '  - {name: B, value: "{{workflow.parameters.rows}}"}', '  - {name: C, value: "{{"}')],
  ['a variable refers to one of several parameters', `${prepare('env: [{name: B, value: "{{workflow.parameters.row}}"}]')}  parameters: [{name: rows, value: 1}, {name: since, value: 1}]\n`],
  ['variables are set twice', prepare('env: [{name: A, value: 1}, {name: A, value: 2}, {name: B, value: 1}]', 'secretEnv: [{name: B, secret: {name: s, key: k}}, {name: HOME, secret: {name: s, key: k}}, {name: HOME, secret: {name: s, key: k}}]')],
  ['a secret variable has a bad reference', prepare('secretEnv: [{name: A, secret: {name: A_B, key: k}}, {name: B, secret: {name: s, key: ..k}}, {name: C, secret: {name: s}}, {name: D}]')],
  ['arguments refer to nothing', prepare('args: ["{{inputs.parameters.x}}", "--a={{workflow.parameters.a}}", "{{"]')],
  ['resources are wrong', prepare('resources:', '  requests: {cpu: -1, memory: 4GB, nvidia.com/gpu: 1, ephemeral-storage: }', '  limits: {gpu: 1, memory: 500m, accelerators: 1, amd.com/gpu: 0.5}')],
  ['a request exceeds its limit', prepare('resources: {requests: {cpu: 2}, limits: {cpu: 1}}')],
  ['quantities are wrong', prepare('resources: {requests: {memory: 4 Gi, cpu: much}, limits: {memory: 16Ei, ephemeral-storage: 1.5, nvidia.com/gpu: 0.5}}')],
  ['node labels are wrong', prepare('nodeSelector: {zone: a b, "a b": c, Example_Org/zone: d, example.org/: e}')],
  ['a timeout has no unit, and retries are half', prepare('timeout: 90', 'retries: 0.5')],
  ['a timeout is 0, and retries are negative', prepare('timeout: 0s')],
  ['retries are negative', prepare('retries: -1')],
  ['retries are a word', prepare('retries: often')],
  ['inputs are unknown', edited(PREPARE, `      inputs: [trian, prepare, serve]\n${PREPARE}`)],
  ['a predictor has a dash', edited('predictor: Digits', 'predictor: my-class')],
  ['an endpoint is of another type', edited('endpointType: REST', 'endpointType: GRPC\n        endpointRestType: Json')],
  ['a loss metric has a space', edited('lossMetric: validation_accuracy', 'lossMetric: a b')],
  ['a loss metric is maximized', edited('lossMetric: validation_accuracy', 'lossMetric: dev_loss')],
  ['a loss metric is an accuracy that is minimized', edited('        lossMetricSelector: greater       # ... and larger is better\n', '')],
  ['a loss metric has an unknown selector', edited('lossMetricSelector: greater', 'lossMetricSelector: grater')],
  ['a metric is listed twice', edited('{name: test_accuracy, type: Gauge}', '{name: validation_accuracy, type: Gauge}')],
  ['a metric has a space and another type', edited('{name: test_accuracy, type: Gauge}', '{name: test accuracy, type: Counter}')],
  ['a training publishes no metric', behind('  tasks:\n', '    - {name: extra, train: {image: "a:1", metrics: []}}')],
];

export const TUNINGS: FileCase[] = [
  ['a tuning has no loss metric', edited(`${TRAIN}        lossMetricSelector: greater       # ... and larger is better\n`, '')],
  ['a tuning is bare', behind('  tasks:\n', '    - {name: extra, train: {image: "a:1", lossMetric: loss, hpTuning: {}}}')],
  ['a tuning has an unknown optimiser', edited('optimiser: HyperBand', 'optimiser: Hyperbnad')],
  ['BOHB', edited('optimiser: HyperBand', 'optimiser: BOHB')],
  ['HyperBand has no smallest budget', edited('          minBudget: 3                    # epochs\n', '')],
  ['RandomSearch has no number of trials', edited('optimiser: HyperBand', 'optimiser: RandomSearch', '          numIteration: 3                 # brackets, of 13, 4 and 3 trials\n', '')],
  ['RandomSearch has keys of HyperBand', edited('optimiser: HyperBand', 'optimiser: RandomSearch\n          roundBudgets: true')],
  ['RandomSearch has no trial', edited('optimiser: HyperBand', 'optimiser: RandomSearch', 'numIteration: 3 ', 'numIteration: 0 ', 'minBudget: 3 ', 'minBudget: 27 ')],
  ['RandomSearch has no budget', edited('optimiser: HyperBand', 'optimiser: RandomSearch', 'maxBudget: 27', 'maxBudget: 0', 'minBudget: 3 ', 'minBudget: 0 ')],
  ['a budget is 0', edited('minBudget: 3 ', 'minBudget: 0 ')],
  ['a budget is a word', edited('minBudget: 3 ', 'minBudget: few ')],
  ['budgets are swapped', edited('minBudget: 3 ', 'minBudget: 30 ')],
  ['budgets have too many steps', edited('minBudget: 3 ', 'minBudget: 1e-300 ')],
  ['budgets are not whole', edited('minBudget: 3 ', 'minBudget: 1 ', 'maxBudget: 27', 'maxBudget: 20')],
  ['there is one budget', edited('minBudget: 3 ', 'minBudget: 20 ')],
  ['brackets are 0', edited('numIteration: 3 ', 'numIteration: 0 ')],
  ['concurrency is 0', edited('concurrency: 2 ', 'concurrency: 0 ')],
  ['concurrency is half', edited('concurrency: 2 ', 'concurrency: 0.5 ')],
  ['a seed is negative', edited('concurrency: 2 ', 'seed: -1\n          concurrency: 2 ')],
  ['rounding is a word', edited('concurrency: 2 ', 'roundBudgets: "true"\n          concurrency: 2 ')],
  ['there is nothing to tune', edited(/params:[^]*?alpha[^\n]*\n/.exec(edited())![0], 'params: []\n')],
  ...[
    '{}', '{name: a}', '{name: a, type: Uniform}', '{name: a, type: Categorical}', '{name: a, type: UniformFloat}', '{name: a, type: UniformFloat, categorical: {values: [x]}}',
    '{name: a, type: Categorical, categorical: {values: [x]}, numerical: {lower: 0, upper: 1}}', '{name: a, type: Categorical, categorical: {values: []}}',
    '{name: a, type: Categorical, categorical: {values: [x, y, x]}}', '{name: a, type: Categorical, categorical: {values: [x, y], default_value: z}}',
    '{name: a, type: UniformFloat, numerical: {lower: 1, upper: 1}}', '{name: a, type: UniformFloat, numerical: {lower: 2, upper: 1}}', '{name: a, type: UniformFloat, numerical: {lower: x, upper: 1}}',
    '{name: a, type: UniformFloat, numerical: {lower: 0, upper: 1, log: true}}', '{name: a, type: UniformInteger, numerical: {lower: 0.5, upper: 1}}',
    '{name: a, type: UniformInteger, numerical: {lower: 1, upper: 4, default_value: 5}}', '{name: a b, type: Categorical, categorical: {values: [x]}}',
    '{name: budget, type: Categorical, categorical: {values: [x]}}', '{name: alpha, type: Categorical, categorical: {values: [x]}}',
  ].map((text): FileCase => [`a parameter to tune ${text}`, parameter(text)]),
];

export const DEPLOYERS: FileCase[] = [
  ['a deployer has no name', edited(DEPLOYER, '')],
  ['two deployers have one name', sensor('triggers: [{name: t, type: Rest}]', 'tasks: [{deployer: {name: model, models: []}}]')],
  ['a deployer has the name of a task', edited(DEPLOYER, '            name: train\n', 'metric: test_accuracy, model: model', 'metric: test_accuracy, model: train', 'model: model  ', 'model: train  ')],
  ['a deployer has no models', sensor('triggers: [{name: t, type: Rest}]', 'tasks: [{deployer: {name: extra, models: []}}, {deployer: {name: more}}]')],
  ['a deployer has two models', behind('            models:\n', '              - {name: more, backendModels: [{name: m, trainer: train, deployer: serve}]}')],
  ['replicas are 0', deployer('replicas: 0')],
  ['retention is half', deployer('retention: 0.5')],
  ['retention is less than the rollout', deployer('retention: 1')],
  ['a model has no backends', edited(`                backendModels:\n                  ${BACKEND}\n`, '                backendModels: []\n', `                routingStrategy:\n                  ${ROUTING}\n`, '')],
  ['two backends have one name', edited(`                routingStrategy:\n                  ${ROUTING}\n`, '', BACKEND, `${BACKEND}\n                  ${BACKEND}`)],
  ['backends have no weights', edited(`                routingStrategy:\n                  ${ROUTING}\n`, '', BACKEND, `${BACKEND}\n                  - {name: b, trainer: train, deployer: serve}`)],
  ['a backend has tasks of the wrong kind', edited(BACKEND, '- {name: digits, trainer: serve, deployer: prepare}')],
  ['a backend has unknown tasks', edited(BACKEND, '- {name: digits, trainer: trian, deployer: sevre}')],
  ['a backend has a bad name and strategy', edited(BACKEND, '- {name: 1, trainer: train, deployer: serve, modelSelectionStrategy: bets}', ROUTING, '- destinations: []')],
  ['a model is called like the input of joins', edited('- name: digits\n                routing', '- name: INPUT\n                routing')],
  ['a model has a name with a dot', edited('- name: digits\n                routing', '- name: a.b\n                routing')],
  ['a model has two routing rules', edited(ROUTING, `${ROUTING}\n                  ${ROUTING}`)],
  ['a weight is missing', edited(ROUTING, '- destinations: [{destinationName: digits, weight: 50}, {destinationName: digits}]')],
  ['weights do not sum to 100', edited(ROUTING, '- destinations: [{destinationName: digits, weight: 50}]')],
  ['a weight is too large', edited(ROUTING, '- destinations: [{destinationName: digits, weight: 101}]')],
  ['a destination is unknown', edited(ROUTING, '- destinations: [{destinationName: digit, weight: 100}]')],
  ...[
    ['{}'], ['{destinations: [{destinationIndex: 0, weight: 50}, {destinationIndex: 1, weight: 40}]}'], ['{destinations: [{destinationIndex: 0}, {destinationIndex: 1}]}'],
    ['{destinations: [{destinationIndex: -1, weight: 100}]}'], ['{destinations: [{destinationIndex: 0, weight: 50}, {destinationIndex: 0, weight: 50}]}'],
    ['{destinations: [{destinationIndex: 0, weight: -1}, {destinationIndex: 1, weight: 101}]}'], ['{destinations: [{destinationIndex: 0, weight: half}]}'],
    ['{destinations: [{destinationIndex: 0}], shadow: {destinationIndex: 0}}'], ['{destinations: [{destinationIndex: 0}], shadow: {destinationIndex: -1}}'],
    ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {exact: "1"}}}]}'], ['{destinations: [{destinationIndex: 0}]}', '{destinations: [{destinationIndex: 0}]}'],
    ['{destinations: [{destinationIndex: 0}], match: [{headers: {}}]}'], ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {}}}]}'],
    ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {exact: "1", prefix: "1"}}}]}'], ['{destinations: [{destinationIndex: 0}], match: [{headers: {X-A: {exact: "1"}}}]}'],
    ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {regex: "("}}}]}'], ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {regex: "(?=a)"}}}]}'],
    ['{destinations: [{destinationIndex: 0}], match: [{headers: {x-a: {exact: ""}}}]}'], ['{destinations: [{destinationIndex: 0}], match: [{}]}'],
  ].map((rules): FileCase => [`a rollout of ${rules.join(' and ')}`, rollout(...rules)]),
  ...[
    '{path: /predict, dag: []}', '{path: /predict, dag: [{model: digits}, {model: digits}]}', '{path: /predict, dag: [{model: digit}]}', '{path: "/predict?a", dag: [{model: digits}]}',
    '{path: /versions/1, dag: [{model: digits}]}', '{path: /predict, dag: [{model: digits, path: predict}]}', '{path: /predict, dag: [{model: digits, dependencies: [a, b], includeInput: true}]}',
    '{path: /send-feedback, dag: [{model: digits}]}', '{dag: [{model: digits}]}',
  ].map((route): FileCase => [`a route ${route}`, edited('{path: /predict, dag: [{model: digits, path: /predict}]}', route)]),
  ['there are no routes', edited(/routes:\n[^\n]*\n[^\n]*\n/.exec(edited())![0], 'routes: []\n')],
  ['two deployers have one path', sensor('triggers: [{name: t, type: Rest}]', 'tasks: [{deployer: {name: extra, models: [{name: m, backendModels: [{name: m, trainer: train, deployer: serve}]}]}}]')],
  ['a capture keeps nothing', edited('retention: 30d', 'rate: 0')],
  ['a capture keeps records for a second', edited('retention: 30d', 'retention: 1s')],
  ['a dropped field is empty', edited('retention: 30d', 'dropFields: ["", ]')],
];

export const SENSORS_OF_FILES: FileCase[] = [
  ['two sensors have one name', behind(SENSORS, '    - {name: start, tasks: [{resourceExecutor: {task: prepare}}]}')],
  ['two sensors become one name', behind(SENSORS, '    - {name: Start, tasks: [{resourceExecutor: {task: prepare}}]}')],
  ['a sensor has the name of the clean-up', behind(SENSORS, '    - {name: sweep, tasks: [{resourceExecutor: {task: prepare}}]}')],
  ['a sensor runs nothing', sensor('tasks: []')],
  ['a sensor has no tasks', sensor('triggers: [{name: t, type: Rest}]')],
  ['the steps of a sensor are wrong', sensor('tasks:', '  - {}', '  - []', '  -', '  - {resourceExecutor: {task: prepare}, trainer: {task: train}}', '  - {trainer: {task: prepare}}', '  - {resourceExecutor: {task: serve}}', '  - {resourceExecutor: {task: prepair}}', '  - {trainer: {}}')],
  ['a sensor runs a task twice', sensor('tasks: [{resourceExecutor: {task: prepare}}, {resourceExecutor: {task: prepare}}]')],
  ['a sensor takes parameters without a call', sensor('parameters: [{name: row}]', 'tasks: [{resourceExecutor: {task: prepare}}]')],
  ['a sensor takes a parameter twice', sensor('triggers: [{name: t, type: Rest}]', 'parameters: [{name: a}, {name: a}]', 'tasks: [{resourceExecutor: {task: prepare}}]')],
  ['a sensor runs tasks side by side on one node', edited('[ReadWriteMany]', '[ReadWriteOnce]', SENSORS, `${SENSORS}    - {name: extra, tasks: [[{resourceExecutor: {task: prepare}}, {trainer: {task: train}}]]}\n`)],
  ['a sensor causes itself', triggered('type: Lifecycle, task: prepare')],
  ['a sensor deploys what nothing trains', edited('        - trainer: {task: train}\n\n', '\n', '        - trainer: {task: train}\n', '')],
  ['triggers lack keys', triggered('a: 1', 'type: Lifecycle', 'type: Alert', 'type: Calendar', 'type: Clock', 'type: Alert, accuracy: {}')],
  ['triggers have keys of other types', triggered('type: Rest, task: train, condition: x, model: model, accuracy: {window: 1h, below: 0.5}, sustained: 1m, schedule: "0 3 * * *", interval: 1h, timezone: UTC')],
  ['a trigger is listed twice', triggered('type: Rest', 'type: Rest')],
  ['a trigger has a bad name', sensor('triggers: [{name: 1st, type: Rest}]', 'tasks: [{resourceExecutor: {task: prepare}}]')],
  ['a trigger has a long name', sensor(`triggers: [{name: ${'x'.repeat(51)}, type: Rest}]`, 'tasks: [{resourceExecutor: {task: prepare}}]')],
  ['a trigger waits for an unknown phase, a model server, and an unknown task', triggered('type: Lifecycle, task: train, condition: Done', 'type: Lifecycle, task: serve', 'type: Lifecycle, task: trian')],
  ['a trigger waits for a task that no sensor runs', edited('  tasks:\n    - name: prepare', '  tasks:\n    - {name: idle, container: {image: "a:1"}}\n    - name: prepare', SENSORS, `${SENSORS}    - {name: extra, triggers: [{name: t, type: Lifecycle, task: idle}], tasks: [{resourceExecutor: {task: prepare}}]}\n`)],
  ['alerts are two things and lack a model', triggered('type: Alert, condition: up == 0, accuracy: {window: 1h, below: 0.5}', 'type: Alert, accuracy: {window: 1h, below: 0.5}', 'type: Alert, model: modle, accuracy: {window: 1h, below: 0.5}', 'type: Alert, model: model, condition: up == 0')],
  ['accuracies are wrong', triggered('type: Alert, model: model, accuracy: {window: 15s, below: 0.5}', 'type: Alert, model: model, accuracy: {window: 1h, below: 90}', 'type: Alert, model: model, accuracy: {window: 1h, below: 0.5, minimumSamples: 0}', 'type: Alert, model: model, accuracy: {window: 1w, below: x, minimumSamples: 0.5}')],
  ...['""', '1', 'up[5m]', 'up', 'absent(up) == 1', 'up =', 'rate(up) > 1', '"{{}} > 1"', '"{{a b}} > 1"', '"a{{auc}} > 1"'].map((expression): FileCase => [
    `an alert on ${expression}`, triggered(`type: Alert, condition: ${/[[\]{}]/.test(expression) && !expression.startsWith('"') ? `'${expression}'` : expression}`),
  ]),
  ['two sensors have one alert', behind(SENSORS, ...['a', 'b'].map((name) => `    - {name: ${name}, triggers: [{name: t, type: Alert, condition: up == 0}], tasks: [{resourceExecutor: {task: prepare}}]}`))],
  ['two alerts become one name', behind(SENSORS, ...[['a', 'b-c', 0], ['a-b', 'c', 1]].map(([name, trigger, value]) => `    - {name: ${name}, triggers: [{name: ${trigger}, type: Alert, condition: up == ${value}}], tasks: [{resourceExecutor: {task: prepare}}]}`))],
  ['a calendar is two things', triggered('type: Calendar, schedule: "0 3 * * *", interval: 1h', 'type: Calendar, interval: 1h, timezone: UTC')],
  ['a sensor has two calendars', sensor('triggers: [{name: a, type: Calendar, interval: 1h}, {name: b, type: Calendar, interval: 2h}]', 'tasks: [{resourceExecutor: {task: prepare}}]')],
  ...['@daily', '@often', 'TZ=UTC 0 3 * * *', '', '5', '0 0 3 * * *', '0 3 ? * *', '0 3 L * *', '*/0 * * * *', '5/10 * * * *', '60 * * * *', '0 3 * * 7', '0 3 1 13 *', '50-10 * * * *', '0 3 31 2 *'].map((schedule): FileCase => [
    `a schedule ${schedule}`, triggered(`type: Calendar, schedule: "${schedule}"`),
  ]),
  ...['+02:00', 'Europe/Berln', 'europe/paris', 'Middle Earth'].map((zone): FileCase => [`a time zone ${zone}`, triggered(`type: Calendar, schedule: "0 3 * * *", timezone: "${zone}"`)]),
  ...['7m', '5h', '90', '1w'].map((interval): FileCase => [`an interval ${interval}`, triggered(`type: Calendar, interval: ${interval}`)]),
  ['conditions lack keys', conditioned('a: 1', 'type: Metric', 'type: BetterThanLive', 'type: Metrics')],
  ['conditions have keys of other types', conditioned('type: Metric, condition: "{{test_accuracy}} > 1", task: train, metric: x, model: model, margin: 1', 'type: BetterThanLive, metric: test_accuracy, model: model, condition: x, task: train')],
  ['comparisons with the live version are wrong', conditioned('type: BetterThanLive, metric: auc, model: modle', 'type: BetterThanLive, metric: a b, model: model', 'type: BetterThanLive, metric: test_accuracy, model: model, margin: -1')],
  ['a comparison with the live version by a metric that is not published', conditioned('type: BetterThanLive, metric: auc, model: model')],
  ['conditions on live metrics', conditioned('type: Metric, condition: "avg({{auc}}) > 1"', 'type: Metric, condition: "1"', 'type: Metric, condition: "up >"')],
  ['a condition on an unknown task', conditioned('type: Metric, condition: "{{test_accuracy}} > 1", task: trian')],
  ['a condition on a task that does not trigger the sensor', conditioned('type: Metric, condition: "{{rows}} > 1", task: prepare')],
  ...[
    '', 'a > 1 or b > 2', 'a > 1 and', 'a = 1', 'a', 'a > 1 > 2', '1 > 2', 'a > 1e999', '> 1', 'a-b > 1', 'sum(a) > 1', 'a > 90%', 'a > b', 'a > (1)', '{{test_accuracy}} == 1', '{{test_accuracy}} != 1',
    '{{tset_accuracy}} > 1', '{{recall}} < 1', '{{a.b}} <= 1',
  ].map((condition): FileCase => [`a condition ${condition}`, metric(condition)]),
  ...[['runs: 0'], ['backoff: 0.5'], ['cooldown: 2h', 'per: 1h'], ['cooldown: 2', 'sameData: maybe', 'runs: 1.5', 'backoff: x']].map((keys): FileCase => [`a guard of ${keys.join(', ')}`, guarded(...keys)]),
];

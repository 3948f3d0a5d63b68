import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const ARTIFACTS_AND_STORAGE: Mistake[] = [
  [
    'fails if an artifact is mounted at a relative path',
    ['path: /src\n      git', 'path: src\n      git'],
    ["11:13 error: 'path' (src) must be an absolute path, write '/src'"],
  ],
  [
    'fails if a repository carries a password, which is not shown',
    [
      'repo: https://git.example.org/ml/digits.git',
      'repo: https://me:secret@git.example.org/ml/digits.git',
    ],
    [
      "13:15 error: 'repo' (https://***@git.example.org/ml/digits.git) must not carry a user or password, which would be readable in every manifest, name a Secret instead",
    ],
  ],
  [
    'fails if a repository is no git address',
    ['repo: https://git.example.org/ml/digits.git', 'repo: ftp://git.example.org/ml/digits.git'],
    [
      "13:15 error: 'repo' (ftp://git.example.org/ml/digits.git) must be the address of a git repository, write it as 'https://host/path.git', 'ssh://git@host/path.git' or 'git@host:path.git'",
    ],
  ],
  [
    'fails if a revision is no name',
    ['revision: 4f1c2d0', 'revision: -x'],
    ["14:19 error: 'revision' (-x) must be a branch, tag or commit, write it as 'main', 'v1.2' or '4f1c2d0'"],
  ],
  [
    'fails if an artifact is of two kinds',
    ['      git:\n', '      s3: {endpoint: s3.example.org, bucket: b, key: k}\n      git:\n'],
    ["10:7 error: 'artifact' (git and s3) must be exactly one of 'git' and 's3', remove one"],
  ],
  [
    'fails if an artifact is of no kind',
    ['      git:\n        repo: https://git.example.org/ml/digits.git\n        revision: 4f1c2d0\n', ''],
    ["10:7 error: 'artifact' (nothing) must be exactly one of 'git' and 's3', add one"],
  ],
  [
    'fails if two artifacts have one name',
    [
      '  artifacts:\n',
      '  artifacts:\n    - {name: code, path: /src, git: {repo: git@example.org:a/b.git}}\n',
    ],
    ["11:13 error: 'name' (code) is the name of another artifact, in line 10, rename one of them"],
  ],
  [
    'fails if a Secret has no key',
    [
      '        revision: 4f1c2d0',
      '        revision: 4f1c2d0\n        sshPrivateKeySecret: {name: deploy-key}',
    ],
    ["15:9 error: 'key' (nothing) is required in a reference to a Secret, add it"],
  ],
  [
    'fails if a Secret has no name of a Secret',
    [
      '        revision: 4f1c2d0',
      '        revision: 4f1c2d0\n        sshPrivateKeySecret: {name: Deploy_Key, key: id}',
    ],
    [
      "15:37 error: 'name' (Deploy_Key) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'deploy-key'",
    ],
  ],
  [
    'fails if an access mode does not exist',
    ['ReadWriteMany]', 'ReadWriteMuch]'],
    [
      "21:21 error: 'accessModes[0]' (ReadWriteMuch) must be one of ReadWriteMany, ReadWriteOnce, did you mean 'ReadWriteMany'?",
    ],
  ],
  [
    'fails if the name of a claim is none',
    ['name: digits-store', 'name: Digits_Store'],
    [
      "19:13 error: 'name' (Digits_Store) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'digits-store'",
    ],
  ],
  [
    'fails if there are two stores',
    ['  volumeClaimTemplate:', '  volume: {hostPath: {path: /data}}\n  volumeClaimTemplate:'],
    [
      "17:3 error: 'volume' (a map) contradicts 'volumeClaimTemplate': there is one store, remove one of them",
    ],
  ],
  [
    'fails if a parameter has a name that every run has',
    ['  volumeClaimTemplate:', '  parameters: [{name: event, value: x}]\n  volumeClaimTemplate:'],
    ["17:23 error: 'parameters' (event) is a parameter that every run has, rename it"],
  ],
  [
    'fails if a parameter is declared twice',
    [
      '  volumeClaimTemplate:',
      '  parameters: [{name: a, value: x}, {name: a, value: y}]\n  volumeClaimTemplate:',
    ],
    ["17:44 error: 'name' (a) is the name of another parameter, rename one of them"],
  ],
  [
    'fails if the service account is no name',
    ['  volumeClaimTemplate:', '  serviceAccountName: My_Account\n  volumeClaimTemplate:'],
    [
      "17:23 error: 'serviceAccountName' (My_Account) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'my-account'",
    ],
  ],
];

test.each(ARTIFACTS_AND_STORAGE)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

const IMAGES: Mistake[] = [
  [
    'fails if an image is built from an artifact that does not exist',
    [
      'artifact: code\n          buildLocation: /src\n          dockerfile:\n            path: train',
      'artifact: cod\n          buildLocation: /src\n          dockerfile:\n            path: train',
    ],
    ["43:21 error: 'artifact' (cod) is no artifact of the axon, did you mean 'code'?"],
  ],
  [
    'fails if a build lies outside of its artifact',
    [
      'buildLocation: /src\n          dockerfile:\n            path: train',
      'buildLocation: /source\n          dockerfile:\n            path: train',
    ],
    [
      "44:26 error: 'buildLocation' (/source) must lie below the artifact's path (/src), write it as '/src/…'",
    ],
  ],
  [
    'fails if a Dockerfile is absolute',
    ['path: train/Dockerfile', 'path: /train/Dockerfile'],
    [
      "46:19 error: 'path' (/train/Dockerfile) must be a relative path, write it from the folder it lies in, 'train/Dockerfile'",
    ],
  ],
  [
    'fails if a folder of code leaves its artifact',
    ['contextDir: serve', 'contextDir: ../serve'],
    [
      "73:25 error: 'contextDir' (../serve) must not leave its folder with '..', write the path without it",
    ],
  ],
  [
    'fails if a repository is in upper case',
    ['repositoryName: digits-train', 'repositoryName: Digits'],
    [
      "42:27 error: 'repositoryName' (Digits) must be the name of an image, without host and tag, in lower case, write it as 'team/model'",
    ],
  ],
  [
    'fails if a body has no image',
    [
      '        imageBuild:\n          repositoryName: digits-train\n          artifact: code\n          buildLocation: /src\n          dockerfile:\n            path: train/Dockerfile\n',
      '',
    ],
    [
      "39:7 error: 'image' (nothing) is required in a train body, add an 'image', or an 'imageBuild' to build one",
    ],
  ],
  [
    'warns if a body has both, and the image wins',
    [
      '        predictor: Digits',
      '        image: images.example.org/serve:1.0\n        predictor: Digits',
    ],
    [
      "69:9 warning: 'imageBuild' (a map) is not used where there is an 'image', remove one of them",
    ],
  ],
  [
    'fails if an image has a scheme',
    [
      '        command: [python, train.py]\n        imageBuild:\n          repositoryName: digits-train\n          artifact: code\n          buildLocation: /src\n          dockerfile:\n            path: train/Dockerfile\n',
      '        image: "https://images.example.org/train:1"\n',
    ],
    [
      "40:16 error: 'image' (https://images.example.org/train:1) must not begin with a scheme, write 'images.example.org/train:1'",
    ],
  ],
  [
    'warns if an image floats',
    [
      '        command: [python, train.py]\n        imageBuild:\n          repositoryName: digits-train\n          artifact: code\n          buildLocation: /src\n          dockerfile:\n            path: train/Dockerfile\n',
      '        image: images.example.org/train\n',
    ],
    [
      "40:16 warning: 'image' (images.example.org/train) has no tag, which means ':latest', another image any day, pin a version or a digest",
    ],
  ],
  [
    'fails if a build is of two kinds',
    ['          s2i:', '          dockerfile: {path: Dockerfile}\n          s2i:'],
    [
      "68:9 error: 'imageBuild' (dockerfile and s2i) must be exactly one of 'dockerfile' and 's2i', remove one",
    ],
  ],
  [
    'fails if a build is of no kind',
    ['          dockerfile:\n            path: train/Dockerfile\n', ''],
    ["41:9 error: 'imageBuild' (nothing) must be exactly one of 'dockerfile' and 's2i', add one"],
  ],
  [
    'fails if there are artifacts to choose from',
    [
      '          repositoryName: digits-train\n          artifact: code\n',
      '          repositoryName: digits-train\n',
      '  artifacts:\n',
      '  artifacts:\n    - {name: other, path: /src, git: {repo: git@example.org:a/b.git}}\n',
    ],
    ["42:9 error: 'artifact' (nothing) is required in an image build, name one of other, code"],
  ],
  [
    'warns if an older builder with CUDA is named',
    [
      'contextDir: serve',
      'contextDir: serve\n            builderImage: images.example.org/myelin-deployer-s2i-cuda10-py3:2',
    ],
    [
      "74:27 warning: 'builderImage' (images.example.org/myelin-deployer-s2i-cuda10-py3:2) is an older builder, and the one that takes its place has no CUDA, name an image with CUDA and Python",
    ],
  ],
  [
    'warns if the existence of images is asked for',
    [
      '          repositoryName: digits-train\n',
      '          repositoryName: digits-train\n          checkImageExists: true\n',
    ],
    [
      "43:29 warning: 'checkImageExists' (true) has no effect: a build of the same content comes out of the cache, remove it",
    ],
  ],
];

test.each(IMAGES)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

const TASKS: Mistake[] = [
  [
    'fails if two tasks have one name',
    ['- name: prepare', '- name: train'],
    [
      "38:13 error: 'name' (train) is the name of another task, in line 28, rename one of them",
      "80:36 error: 'task' (prepare) is no task of the axon, use one of serve, train",
      "122:36 error: 'task' (prepare) is no task of the axon, use one of serve, train",
    ],
  ],
  [
    'fails if a task has two bodies',
    ['      deploy:', '      container: {image: "a:1"}\n      deploy:'],
    [
      "64:13 error: 'name' (serve) must have one body, and has 'container' and 'deploy', make a task of each",
    ],
  ],
  [
    'fails if a task has no body',
    ['    - name: serve', '    - name: nothing\n    - name: serve'],
    ["64:13 error: 'name' (nothing) must have a body, 'container', 'train' or 'deploy', add one"],
  ],
  [
    'fails if a task and a model server become one name',
    ['    - name: serve', '    - {name: Serve, container: {image: "a:1"}}\n    - name: serve'],
    [
      "65:13 error: 'name' (serve) becomes 'serve', and so does the task 'Serve' of axon 'digits', rename one of them",
    ],
  ],
  [
    'fails if two names become one',
    ['    - name: serve', '    - {name: Prepare, container: {image: "a:1"}}\n    - name: serve'],
    [
      "64:14 error: 'name' (Prepare) becomes 'prepare', and so does the task 'prepare' of axon 'digits', rename one of them",
    ],
  ],
  [
    'fails if a predictor is no class',
    ['predictor: Digits', 'predictor: 3Digits'],
    [
      "66:20 error: 'predictor' (3Digits) must be the name of a Python class, which is also the name of its file, use letters, digits and underscores, with no digit first",
    ],
  ],
  [
    'fails if an endpoint is of another type',
    ['endpointType: REST', 'endpointType: GRPC'],
    ["67:23 error: 'endpointType' (GRPC) must be 'REST', write 'REST'"],
  ],
  [
    'fails if variables are wrong in four ways, and no value of a secret is shown',
    [
      '        endpointType: REST',
      '        endpointType: REST\n        env:\n          - {name: HOME, value: x}\n          - {name: DB_PASSWORD, value: hunter2}\n          - {name: A, value: "{{workflow.parameters.x}}"}\n          - {name: a-b, value: "1"}',
    ],
    [
      "69:20 error: 'env' (HOME) is set by the loop itself, use another name",
      "70:20 error: 'env' (DB_PASSWORD) reads as a secret, and manifests are readable, put the value into a Secret and name it in 'secretEnv'",
      "71:20 error: 'env' (A: {{workflow.parameters.x}}) refers to 'x', which is no parameter of the axon, declare it",
      "72:20 error: 'env' (a-b) must be the name of an environment variable: letters, digits and underscores, no digit first, rename it",
    ],
  ],
  [
    'fails if a variable is set twice',
    [
      '        endpointType: REST',
      '        endpointType: REST\n        env: [{name: A, value: x}, {name: A, value: y}]',
    ],
    ["68:43 error: 'name' (A) is set twice, remove one"],
  ],
  [
    'fails if resources are wrong in two ways',
    [
      '        endpointType: REST',
      '        endpointType: REST\n        resources:\n          requests: {memory: 2GB, nvidia.com/gpu: 1}',
    ],
    [
      "69:30 error: 'resources.requests.memory' (2GB) must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3, write '2G'",
      "69:51 error: 'resources.requests.nvidia.com/gpu' (1) is an extended resource, which needs an equal limit, write it under 'limits' alone",
    ],
  ],
  [
    'fails if retries are negative',
    ['        lossMetricSelector', '        retries: -1\n        lossMetricSelector'],
    ["48:18 error: 'retries' (-1) must be a whole number of at least 0, set a whole number"],
  ],
  [
    'fails if an attempt gets no time',
    ['        lossMetricSelector', '        timeout: 0s\n        lossMetricSelector'],
    ["48:18 error: 'timeout' (0 s) must be at least a second, raise it, or remove it for a day"],
  ],
  [
    'fails if a label of nodes is empty',
    ['        endpointType: REST', '        endpointType: REST\n        nodeSelector: {zone: }'],
    ["68:24 error: 'nodeSelector.zone' (nothing) must not be empty, give it a value"],
  ],
  [
    'fails if inputs are no tasks',
    ['    - name: train\n', '    - name: train\n      inputs: [prepair]\n'],
    [
      "39:16 error: 'inputs' (prepair) is no other task of the axon that leaves a folder, did you mean 'prepare'?",
    ],
  ],
  [
    'warns of keys that have no effect on a model server',
    ['    - name: serve\n', '    - name: serve\n      inputs: [prepare]\n', '        endpointType: REST', '        endpointType: REST\n        timeout: 1h\n        retries: 3'],
    [
      "65:7 warning: 'inputs' (prepare) has no effect on a model server, which reads the model's folder only, remove it",
      "69:18 warning: 'timeout' (1h) has no effect on a model server, which does not end, remove it",
      "70:18 warning: 'retries' (3) has no effect on a model server, which is restarted whenever it fails, remove it",
    ],
  ],
];

test.each(TASKS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

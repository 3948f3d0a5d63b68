import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const SENSORS: Mistake[] = [
  [
    'fails if two sensors have one name',
    ['- name: decayed\n      triggers', '- name: trained\n      triggers'],
    [
      "111:13 error: 'name' (trained) is the name of another sensor, in line 84, rename one of them",
    ],
  ],
  [
    'fails if a sensor has the name of the clean-up runs',
    ['- name: decayed\n      triggers', '- name: sweep\n      triggers'],
    [
      "111:13 error: 'name' (sweep) is the name of the loop's own clean-up runs, rename the sensor",
    ],
  ],
  [
    'fails if a task to run does not exist',
    [
      'resourceExecutor: {task: prepare}\n        - trainer: {task: train}\n\n    # After',
      'resourceExecutor: {task: prepair}\n        - trainer: {task: train}\n\n    # After',
    ],
    ["80:36 error: 'task' (prepair) is no task of the axon, did you mean 'prepare'?"],
  ],
  [
    'fails if a trainer runs a container',
    ['- trainer: {task: train}\n\n    # After', '- trainer: {task: prepare}\n\n    # After'],
    [
      "81:27 error: 'task' (prepare) has a 'container' body, and a trainer runs tasks with a 'train' body, run it by 'resourceExecutor'",
    ],
  ],
  [
    'fails if a sensor runs a model server',
    ['- trainer: {task: train}\n\n    # After', '- resourceExecutor: {task: serve}\n\n    # After'],
    [
      "81:36 error: 'task' (serve) has a 'deploy' body: it is a model server, not a step of a run, name it in the 'backendModels' of a 'deployer'",
    ],
  ],
  [
    'fails if a step is two',
    [
      '- trainer: {task: train}\n\n    # After',
      '- trainer: {task: train}\n          resourceExecutor: {task: prepare}\n\n    # After',
    ],
    [
      "81:11 error: 'tasks' (resourceExecutor and trainer) must be exactly one of 'resourceExecutor', 'trainer' and 'deployer', make a step of each, with a '- ' of its own",
    ],
  ],
  [
    'fails if a step is none',
    ['- trainer: {task: train}\n\n    # After', '- {}\n\n    # After'],
    [
      "81:11 error: 'tasks' (nothing) must be exactly one of 'resourceExecutor', 'trainer' and 'deployer', add one",
    ],
  ],
  [
    'fails if a task runs twice',
    [
      '- trainer: {task: train}\n\n    # After',
      '- trainer: {task: train}\n        - trainer: {task: train}\n\n    # After',
    ],
    ["82:27 error: 'tasks' (train) is listed twice, and a sensor runs each task and model graph once, remove one"],
  ],
  [
    'fails if a phase does not exist',
    ['type: Lifecycle, condition: Succeeded', 'type: Lifecycle, condition: Done'],
    [
      "86:63 error: 'condition' (Done) must be a phase in which a task ends, write 'Succeeded' or 'Failed'",
    ],
  ],
  [
    'fails if a trigger is of no type',
    ['type: Lifecycle, condition', 'type: LifeCycle, condition'],
    [
      "86:41 error: 'type' (LifeCycle) must be one of Rest, Lifecycle, Alert, Calendar, did you mean 'Lifecycle'?",
    ],
  ],
  [
    'fails if a trigger waits for a task that does not exist',
    ['condition: Succeeded, task: train', 'condition: Succeeded, task: trian'],
    ["86:80 error: 'task' (trian) is no task of the axon, did you mean 'train'?"],
  ],
  [
    'fails if a trigger names a model server',
    ['condition: Succeeded, task: train', 'condition: Succeeded, task: serve'],
    [
      "86:80 error: 'task' (serve) has a 'deploy' body: it is a model server, which never ends, name the task that trains the model",
    ],
  ],
  [
    'fails if a trigger waits for no task',
    ['condition: Succeeded, task: train', 'condition: Succeeded'],
    [
      "86:11 error: 'task' (nothing) is required by a Lifecycle trigger, name the task whose end counts",
    ],
  ],
  [
    'fails if a trigger waits for a task that nobody runs',
    [
      '    - name: serve\n',
      '    - {name: idle, container: {image: "a:1"}}\n    - name: serve\n',
      'condition: Succeeded, task: train',
      'condition: Succeeded, task: idle',
    ],
    [
      "87:80 error: 'triggers' (idle) is a task that no sensor runs, so the trigger never fires, run the task in a sensor",
      "91:56 warning: 'conditions' (test_accuracy) is of task 'train', which does not trigger this sensor, so its latest run counts, add the end of the task to 'triggers' if the triggering run is meant",
    ],
  ],
  [
    'fails if keys of an alert are given to a call',
    ['- name: decayed\n          type: Alert', '- name: decayed\n          type: Rest'],
    [
      "115:18 error: 'model' (key) is for triggers of type Alert, and this one is of type Rest, remove it",
      "116:11 error: 'accuracy' (key) is for triggers of type Alert, and this one is of type Rest, remove it",
      "120:22 error: 'sustained' (key) is for triggers of type Alert, and this one is of type Rest, remove it",
    ],
  ],
  [
    'fails if the name of a trigger is too long',
    ['name: train-succeeded', 'name: a-name-of-a-trigger-that-is-longer-than-it-may-be-even-if-generous'],
    [
      "86:18 error: 'name' (a-name-of-a-trigger-that-is-longer-than-it-may-be-even-if-generous) must begin with a letter and have at most 50 letters, digits and dashes, rename the trigger",
    ],
  ],
  [
    'fails if two triggers have one name',
    [
      '- {name: train-succeeded, ',
      '- {name: train-succeeded, type: Rest}\n        - {name: train-succeeded, ',
    ],
    [
      "87:18 error: 'triggers' (train-succeeded) is the name of another trigger of the sensor, rename one of them",
    ],
  ],
  [
    'fails if a calendar has no times',
    [
      '- name: decayed\n          type: Alert\n          model: model                    # the deployer whose versions are watched\n          accuracy:                       # the share of predictions that turned out right\n            window: 3m                    # short, so that the loop closes while you watch; rather hours for slow traffic\n            minimumSamples: 150           # fewer truths than this say nothing\n            below: 0.9\n          sustained: 15s                  # for so long without a break',
      '- {name: night, type: Calendar}',
    ],
    ["113:11 error: 'schedule' (nothing) must be given, or 'interval' instead of it, add one"],
  ],
  [
    'fails if a calendar has a schedule that never comes',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, schedule: 0 0 31 2 *}\n        - name: decayed\n',
    ],
    [
      "113:51 error: 'schedule' (0 0 31 2 *) never fires, there is no day 31 in month 2, correct the day or the month",
    ],
  ],
  [
    'fails if a calendar has an uneven interval',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, interval: 7m}\n        - name: decayed\n',
    ],
    [
      "113:51 error: 'interval' (7 minutes) must be whole minutes that divide an hour, or whole hours that divide a day, use for instance 15 minutes or 6 hours, or a 'schedule'",
    ],
  ],
  [
    'fails if a calendar has both, and a time zone',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, interval: 6h, schedule: 0 0 * * *}\n        - name: decayed\n',
    ],
    [
      "113:11 error: 'schedule' (and interval) must be given, or 'interval' instead of it, remove one",
    ],
  ],
  [
    'fails if an interval has a time zone',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, interval: 6h, timezone: Europe/Paris}\n        - name: decayed\n',
    ],
    ["113:65 error: 'timezone' (Europe/Paris) goes with 'schedule' only, remove it"],
  ],
  [
    'fails if a time zone does not exist',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, schedule: 0 0 * * *, timezone: Europe/Pariss}\n        - name: decayed\n',
    ],
    [
      "113:72 error: 'timezone' (Europe/Pariss) is no time zone of the IANA database, did you mean 'Europe/Paris'",
    ],
  ],
  [
    'fails if a sensor waits for two times',
    [
      '      triggers:\n        - name: decayed\n',
      '      triggers:\n        - {name: night, type: Calendar, interval: 6h}\n        - {name: noon, type: Calendar, interval: 12h}\n        - name: decayed\n',
    ],
    [
      "115:17 error: 'triggers' (decayed) has two calendar triggers, which never fire together, use one schedule, or make two sensors",
    ],
  ],
  [
    'fails if parameters come with no call',
    [
      '      triggers:\n        - name: decayed\n',
      '      parameters: [{name: since}]\n      triggers:\n        - name: decayed\n',
      '  volumeClaimTemplate:',
      '  parameters: [{name: since, value: "0"}]\n  volumeClaimTemplate:',
    ],
    [
      "113:27 error: 'parameters' (since) are set by REST calls, but the sensor has no REST trigger, add a trigger of type 'Rest', or remove 'parameters'",
    ],
  ],
  [
    'fails if a call sets no parameter of the axon',
    [
      '      triggers:\n        - name: decayed\n',
      '      parameters: [{name: sinc}]\n      triggers:\n        - {name: asked, type: Rest}\n        - name: decayed\n',
      '  volumeClaimTemplate:',
      '  parameters: [{name: since, value: "0"}]\n  volumeClaimTemplate:',
    ],
    ["113:27 error: 'parameters' (sinc) is no parameter of the axon, did you mean 'since'?"],
  ],
  [
    'fails if a sensor wakes itself',
    [
      '      triggers:\n        - name: decayed\n          type: Alert\n          model: model                    # the deployer whose versions are watched\n          accuracy:                       # the share of predictions that turned out right\n            window: 3m                    # short, so that the loop closes while you watch; rather hours for slow traffic\n            minimumSamples: 150           # fewer truths than this say nothing\n            below: 0.9\n          sustained: 15s                  # for so long without a break',
      '      triggers:\n        - {name: again, type: Lifecycle, condition: Succeeded, task: train}',
    ],
    [
      "112:7 error: 'triggers' (decayed -> decayed) is a cycle without a guard, and each run triggers the next, give one of its sensors a 'guard', or remove a trigger",
    ],
  ],
  [
    'fails if a guard has a window shorter than its cooldown',
    [
      '      triggers:\n        - name: decayed\n',
      '      guard: {cooldown: 2d, per: 1d}\n      triggers:\n        - name: decayed\n',
    ],
    [
      "112:34 error: 'per' (86400 s) must not be shorter than 'cooldown' (172800 s), swap them or raise 'per'",
    ],
  ],
  [
    'fails if there are no sensors',
    ['  sensors:', '  sensors: []\n  nothing:'],
    [
      "76:3 error: 'sensors' (digits) are none, so nothing would ever run, add a sensor",
      "77:3 error: 'nothing' (key) is no key of the axon's spec, use one of serviceAccountName, serviceAccount, parameters, pod, stepPod, artifacts, volumeClaimTemplate, volume, tasks, sensors",
    ],
  ],
];

test.each(SENSORS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

const CONDITIONS: Mistake[] = [
  [
    'fails if a metric is not published',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_acc}} > 0.95", task: train'],
    [
      "89:56 error: 'conditions' (test_acc) is no metric of task 'train', so the condition would never be met, use one of test_accuracy, validation_accuracy",
    ],
  ],
  [
    'fails if a threshold is in percent',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_accuracy}} > 95%", task: train'],
    [
      "89:56 error: 'condition' ({{test_accuracy}} > 95%) compares with 95%, which is no number, write 0.95",
    ],
  ],
  [
    'fails if an exact value is asked for',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_accuracy}} == 0.95", task: train'],
    [
      "89:56 error: 'condition' (test_accuracy == 0.95) asks for an exact value, which a measured number hardly has, use '>=' or '<='",
    ],
  ],
  [
    'fails if a task does not exist',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_accuracy}} > 0.95", task: trian'],
    ["89:90 error: 'task' (trian) is no task of the axon, did you mean 'train'?"],
  ],
  [
    'warns if a task is missing, so the live metric is asked',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_accuracy}} > 0.95"'],
    [
      "89:56 warning: 'condition' ({{test_accuracy}} > 0.95) has no 'task', so the live metric is asked and not that of the run, add 'task: train' if its run is meant",
    ],
  ],
  [
    'fails if a live condition is not PromQL',
    ['"{{test_accuracy}} > 0.95", task: train', '"{{test_accuracy}} >> 0.95"'],
    [
      "89:56 error: 'condition' ({{test_accuracy}} >> 0.95) is not valid PromQL at column 20, found '>', expected an expression",
    ],
  ],
  [
    'fails if there is no condition',
    ['condition: "{{test_accuracy}} > 0.95", task: train', 'task: train'],
    [
      "89:11 error: 'condition' (nothing) is required by a condition of type Metric, write one such as '{{accuracy}} > 0.9'",
    ],
  ],
  [
    'fails if keys of another type are given',
    [
      'type: BetterThanLive, metric',
      'type: Metric, condition: "{{test_accuracy}} > 0", task: train, metric',
    ],
    [
      "90:97 error: 'metric' (key) is for conditions of type BetterThanLive, and this one is of type Metric, remove it",
      "90:119 error: 'model' (key) is for conditions of type BetterThanLive, and this one is of type Metric, remove it",
    ],
  ],
  [
    'fails if a deployer does not exist',
    ['metric: test_accuracy, model: model', 'metric: test_accuracy, model: modle'],
    ["90:78 error: 'model' (modle) is no deployer of the axon, did you mean 'model'?"],
  ],
  [
    'fails if a metric to compare by is not published',
    ['metric: test_accuracy, model: model', 'metric: accuracy, model: model'],
    [
      "90:56 error: 'conditions' (accuracy) is no metric of task 'train', so the condition would never be met, did you mean 'test_accuracy'?",
    ],
  ],
  [
    'fails if neither metric nor deployer is named',
    ['metric: test_accuracy, model: model', ''],
    [
      "90:11 error: 'metric' (nothing) is required by a condition of type BetterThanLive, name what to compare by",
      "90:11 error: 'model' (nothing) is required by a condition of type BetterThanLive, name a deployer, as model",
    ],
  ],
  [
    'fails if a margin is negative',
    ['metric: test_accuracy, model: model', 'metric: test_accuracy, model: model, margin: -1'],
    ["90:93 error: 'margin' (-1) must be a number of at least 0, raise it, or remove it"],
  ],
];

test.each(CONDITIONS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

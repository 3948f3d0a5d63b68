import { edited, told } from '../digits';

type Mistake = readonly [title: string, edits: string[], told: string[]];

const ALERTS: Mistake[] = [
  [
    'fails if a model to watch does not exist',
    ['type: Alert\n          model: model', 'type: Alert\n          model: modle'],
    ["115:18 error: 'model' (modle) is no deployer of the axon, did you mean 'model'?"],
  ],
  [
    'fails if no model is named',
    [
      'type: Alert\n          model: model                    # the deployer whose versions are watched',
      'type: Alert',
    ],
    ["113:11 error: 'model' (nothing) is required with 'accuracy', name a deployer, as model"],
  ],
  [
    'fails if a window is shorter than the scrapes',
    ['window: 3m', 'window: 5s'],
    [
      "117:21 error: 'window' (5 s) must span several scrapes, which are 15 s apart, use at least 30 seconds",
    ],
  ],
  [
    'fails if no truths are needed',
    ['minimumSamples: 150', 'minimumSamples: 0'],
    ["118:29 error: 'minimumSamples' (0) must be a whole number of at least 1, use a few hundred"],
  ],
  [
    'fails if an accuracy is in percent',
    ['below: 0.9', 'below: 90'],
    [
      "119:20 error: 'below' (90) must be more than 0 and at most 1: an accuracy is a share, write a percentage as a share, for instance 0.9 for 90 %",
    ],
  ],
  [
    'fails if an alert has a condition as well',
    ['          sustained: 15s ', '          condition: up == 0\n          sustained: 15s '],
    [
      "113:11 error: 'condition' (and accuracy) must be given, or 'accuracy' instead of it, remove one",
    ],
  ],
  [
    'fails if an alert has neither',
    [
      '          accuracy:                       # the share of predictions that turned out right\n            window: 3m                    # short, so that the loop closes while you watch; rather hours for slow traffic\n            minimumSamples: 150           # fewer truths than this say nothing\n            below: 0.9\n',
      '          model: model\n',
      '          model: model                    # the deployer whose versions are watched\n',
      '',
    ],
    ["113:11 error: 'condition' (nothing) must be given, or 'accuracy' instead of it, add one"],
  ],
  [
    'fails if an expression is not PromQL',
    [
      '          model: model                    # the deployer whose versions are watched\n          accuracy:                       # the share of predictions that turned out right\n            window: 3m                    # short, so that the loop closes while you watch; rather hours for slow traffic\n            minimumSamples: 150           # fewer truths than this say nothing\n            below: 0.9\n',
      '          condition: avg({{score}} < 0.9\n',
    ],
    [
      "115:22 error: 'condition' (avg({{score}} < 0.9) is not valid PromQL at column 20, found the end, expected ')' to close the '(' at offset 3",
    ],
  ],
  [
    'fails if an expression names a model as well',
    [
      '          accuracy:                       # the share of predictions that turned out right\n            window: 3m                    # short, so that the loop closes while you watch; rather hours for slow traffic\n            minimumSamples: 150           # fewer truths than this say nothing\n            below: 0.9\n',
      '          condition: "{{score}} < 0.9"\n',
    ],
    ["115:18 error: 'model' (model) goes with 'accuracy' only, name the model in the expression"],
  ],
];

test.each(ALERTS)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

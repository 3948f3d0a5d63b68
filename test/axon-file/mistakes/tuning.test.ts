import { edited, told } from '../digits';

/** What is changed in the digits file, in pairs, and all that is told then. */
type Mistake = readonly [title: string, edits: string[], told: string[]];

const TUNING: Mistake[] = [
  [
    'fails if a loss is missing',
    [
      '        lossMetric: validation_accuracy   # what trials are compared by ...\n        lossMetricSelector: greater       # ... and larger is better\n',
      '',
    ],
    [
      "50:9 error: 'lossMetric' (nothing) is required beside 'hpTuning': trials are compared by it, add it",
    ],
  ],
  [
    'warns if the name of a loss says that larger is better, and nothing else does',
    ['        lossMetricSelector: greater       # ... and larger is better\n', ''],
    [
      "47:21 warning: 'lossMetric' (validation_accuracy) is minimized, but its name reads as larger is better, add 'lossMetricSelector: greater' or rename it",
    ],
  ],
  [
    'warns if the name of a loss says that smaller is better',
    ['lossMetric: validation_accuracy', 'lossMetric: validation_loss'],
    [
      "47:21 warning: 'lossMetric' (validation_loss) is maximized, but its name reads as smaller is better, remove 'lossMetricSelector' or rename it",
    ],
  ],
  [
    'fails if a selector does not exist',
    ['lossMetricSelector: greater', 'lossMetricSelector: less'],
    ["48:29 error: 'lossMetricSelector' (less) must be 'greater', write 'greater'"],
  ],
  [
    'fails if a loss is no name',
    ['lossMetric: validation_accuracy', 'lossMetric: 9x'],
    [
      "47:21 error: 'lossMetric' (9x) must be the name of a metric: a letter or underscore, then letters, digits, underscores, colons and dashes, at most 128, rename it",
    ],
  ],
  [
    'fails if a metric is no name',
    ['name: test_accuracy, type: Gauge', 'name: test accuracy, type: Gauge'],
    [
      "51:20 error: 'metrics' (test accuracy) must be the name of a metric: a letter or underscore, then letters, digits, underscores, colons and dashes, at most 128, rename it",
    ],
  ],
  [
    'fails if there are no trials in flight',
    ['concurrency: 2', 'concurrency: 0'],
    ["54:24 error: 'concurrency' (0) must be a whole number of at least 1, set a whole number"],
  ],
  [
    'fails if budgets are swapped',
    ['minBudget: 3 ', 'minBudget: 28 '],
    [
      "55:22 error: 'minBudget' (28) must not exceed 'maxBudget' (27), swap them or raise 'maxBudget'",
    ],
  ],
  [
    'fails if a budget is nothing',
    ['minBudget: 3 ', 'minBudget: 0 '],
    [
      "55:22 error: 'minBudget' (0) must be a number of more than 0, set the budget of a trial, for instance a number of epochs",
    ],
  ],
  [
    'warns if budgets would have fractions',
    ['maxBudget: 27', 'maxBudget: 10'],
    [
      "55:22 warning: 'minBudget' (3) gives trials the budgets 3.333, 10, which are anchored on 'maxBudget' (10), choose them as powers of 3, or set 'roundBudgets' if the code counts in whole numbers",
    ],
  ],
  [
    'fails if budgets are further apart than any search goes',
    ['maxBudget: 27', 'maxBudget: 1e300'],
    ["55:22 error: 'minBudget' (3) is more than 30 steps of factor 3 below 'maxBudget' (1e+300), raise it"],
  ],
  [
    'fails if a budget is missing',
    ['          minBudget: 3                    # epochs\n', ''],
    ["52:9 error: 'minBudget' (nothing) is required by HyperBand, add it"],
  ],
  [
    'fails if there are no brackets',
    ['numIteration: 3', 'numIteration: 0'],
    ["57:25 error: 'numIteration' (0) must be a whole number of at least 1, set a whole number"],
  ],
  [
    'warns if a random search is given small budgets and rounding',
    [
      'optimiser: HyperBand            #',
      'optimiser: RandomSearch\n          roundBudgets: true            #',
    ],
    [
      "54:25 warning: 'roundBudgets' (true) is not used by RandomSearch, leave it out",
      "56:22 warning: 'minBudget' (3) is not used by RandomSearch, which gives each trial 'maxBudget', leave it out",
    ],
  ],
  [
    'fails if a random search has no number of trials',
    [
      '          minBudget: 3                    # epochs\n          maxBudget: 27\n          numIteration: 3                 # brackets, of 13, 4 and 3 trials\n',
      '          maxBudget: 27\n',
      'optimiser: HyperBand',
      'optimiser: RandomSearch',
    ],
    [
      "52:9 error: 'numIteration' (nothing) is required by RandomSearch: it is the number of trials, add it",
    ],
  ],
  [
    'fails if a logarithm begins at 0',
    ['lower: "0.0001"', 'lower: "0"'],
    [
      "59:76 error: 'lower' (0) must be more than 0 where 'log' is set: a logarithm has no zero, raise it, or leave 'log' out",
    ],
  ],
  [
    'fails if bounds are swapped',
    ['lower: "0.0001"', 'lower: "1"'],
    ["59:76 error: 'lower' (1) must be less than 'upper' (0.1), swap them"],
  ],
  [
    'fails if the bound of a whole number has a fraction',
    ['lower: "16"', 'lower: "16.5"'],
    ["60:77 error: 'lower' (16.5) must be a whole number, round it, or make it a 'UniformFloat'"],
  ],
  [
    'fails if a default lies outside of its bounds',
    ['upper: "0.1", log: true', 'upper: "0.1", log: true, default_value: 2'],
    [
      "59:126 error: 'default_value' (2) must lie between 'lower' (0.0001) and 'upper' (0.1), set a value between them",
    ],
  ],
  [
    'fails if there are no choices',
    ['values: [relu, tanh]', 'values: []'],
    ["61:67 error: 'values' ([]) must hold at least one value, list the choices"],
  ],
  [
    'fails if a choice stands twice',
    ['values: [relu, tanh]', 'values: [relu, relu]'],
    ["61:82 error: 'values' (relu) is listed twice, remove one"],
  ],
  [
    'fails if a default is no choice',
    ['values: [relu, tanh]', 'values: [relu, tanh], default_value: sigmoid'],
    ["61:104 error: 'default_value' (sigmoid) must be one of relu, tanh, choose one of them"],
  ],
  [
    'fails if a choice has bounds',
    ['categorical: {values: [relu, tanh]}', 'numerical: {lower: 1, upper: 2}'],
    [
      "61:15 error: 'categorical' (nothing) is required by a Categorical, add it",
      "61:53 error: 'numerical' (a map) is not for a Categorical, write 'categorical'",
    ],
  ],
  [
    'fails if a parameter has a name that every trial gets',
    ['- {name: alpha,', '- {name: budget,'],
    ["62:22 error: 'params' (budget) is an argument that every trial gets, rename it"],
  ],
  [
    'fails if a parameter stands twice',
    ['- {name: alpha,', '- {name: activation,'],
    ["62:22 error: 'name' (activation) is the name of another parameter, rename one of them"],
  ],
  [
    'fails if there are no parameters',
    [
      'params:                         # a trial gets each as --NAME=VALUE\n',
      'params: []\n          nothing:\n',
    ],
    [
      "58:11 error: 'params' ({}) must hold at least one parameter, add one, or remove 'hpTuning'",
      "59:11 error: 'nothing' (key) is no key of a tuning, use one of optimiser, concurrency, minBudget, maxBudget, numIteration, roundBudgets, seed, pod, params",
    ],
  ],
];

test.each(TUNING)('%s', (_title, edits, problems) => {
  expect(told(edited(...edits))).toEqual(problems);
});

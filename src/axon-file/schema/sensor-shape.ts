import { deployer } from './deployer-shape';
import { duration } from './quantities';
import { list, listOfLists, may, must, Read, section, unsupported } from './section';
import { flag, integer, name, number, oneOf, text } from './shape';

const trigger = section('a trigger', {
  name: must(name(), 'The name of the trigger.'),
  type: must(oneOf('Rest', 'Lifecycle', 'Alert', 'Calendar'), 'What kind of event it waits for.'),
  task: may(text(), 'Lifecycle: the task that has ended.'),
  condition: may(text(), 'Lifecycle: Succeeded or Failed. Alert: PromQL, where {{metric}} stands for a metric of the axon.'),
  model: may(text(), 'Alert: the deployer whose model is watched.'),
  accuracy: may(section('an accuracy', {
    window: must(duration(), 'Over what time the accuracy is taken.'),
    minimumSamples: may(integer(), 'How many truths the window must hold.'),
    below: must(number(), 'Fires when the accuracy is less than this.'),
  }), 'Alert: the live accuracy of the model, instead of a condition.'),
  sustained: may(duration(), 'Alert: how long the condition must hold without a break.'),
  schedule: may(text(), 'Calendar: cron, five fields.'),
  interval: may(duration(), 'Calendar: the distance between ticks.'),
  timezone: may(text(), 'Calendar: the time zone of the schedule, by its IANA name.'),
});

const condition = section('a condition', {
  name: may(text(), 'The name of the condition.'),
  type: must(oneOf('Metric', 'BetterThanLive'), 'What is asked.'),
  condition: may(text(), "Metric: comparisons such as '{{accuracy}} > 0.9'."),
  task: may(text(), 'Metric: the task whose run has published the metric. Without it the live metric is asked.'),
  metric: may(text(), 'BetterThanLive: the metric to compare by.'),
  model: may(text(), 'BetterThanLive: the deployer whose live version is compared with.'),
  margin: may(number(), 'BetterThanLive: by how much it must be better.'),
});

const step = section('a step', {
  resourceExecutor: may(section('a resource executor', { task: must(text(), 'The task to run.') }), 'Runs a task.'),
  trainer: may(section('a trainer', { task: must(text(), 'The train task to run.') }), 'Runs a train task.'),
  deployer: may(deployer, 'Deploys a new version.'),
  env: unsupported("write it into the task, or use 'parameters'"),
});

const guard = section('a guard', {
  cooldown: may(duration(), 'How long to wait after the end of a run before the next.'),
  runs: may(integer(), 'How many runs are allowed in a window.'),
  per: may(duration(), 'The window.'),
  backoff: may(number(), 'How much longer each wait is than the one before it.'),
  sameData: may(flag(), 'Whether to retrain on data that was trained on already.'),
});

export const sensor = section('a sensor', {
  name: must(name(), 'The name of the sensor, unique among sensors.'),
  triggers: may(list('a trigger', trigger), 'What must have happened, all of it. None: runs once, when the axon is created.'),
  conditions: may(list('a condition', condition), 'What is asked before anything runs, all of it.'),
  tasks: must(listOfLists('a step', step), 'What runs: in order; the members of an inner list side by side.'),
  parameters: may(list('a parameter', section('a parameter', { name: must(text(), 'The name of the parameter.') })), 'Parameters that a call may set.'),
  guard: may(guard, 'Keeps alerts from retraining for ever.'),
  env: unsupported("write it into the tasks, or use 'parameters'"),
});

export type SensorKeys = Read<typeof sensor>;
export type TriggerKeys = Read<typeof trigger>;
export type ConditionKeys = Read<typeof condition>;
export type StepKeys = Read<typeof step>;
export type GuardKeys = Read<typeof guard>;

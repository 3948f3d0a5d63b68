import { deployer } from './deployer-shape';
import { duration } from './quantities';
import { list, listOfLists, may, must, Read, section, unsupported } from './section';
import { flag, integer, name, number, oneOf, text } from './shape';

const trigger = section('a trigger', {
  name: must(name(), 'The name of the trigger.'),
  type: must(oneOf('Rest', 'Lifecycle', 'Alert', 'Calendar'), 'The type of the trigger.'),
  task: may(text(), 'Lifecycle: the task whose end is the event.'),
  condition: may(text(), 'Lifecycle: Succeeded or Failed. Alert: PromQL, where {{metric}} stands for a metric of the axon.'),
  model: may(text(), 'Alert: the deployer whose model is watched.'),
  accuracy: may(section('an accuracy', {
    window: must(duration(), 'The time over which the accuracy is computed.'),
    minimumSamples: may(integer(), 'The number of labels that the window must hold.'),
    below: must(number(), 'The alert fires while the accuracy is less than this.'),
  }), 'Alert: the live accuracy of the model, instead of a condition.'),
  sustained: may(duration(), 'Alert: how long the condition must hold without a break.'),
  schedule: may(text(), 'Calendar: cron, five fields.'),
  interval: may(duration(), 'Calendar: an even interval, instead of a schedule.'),
  timezone: may(text(), 'Calendar: the time zone of the schedule, by its IANA name.'),
});

const condition = section('a condition', {
  name: may(text(), 'The name of the condition.'),
  type: must(oneOf('Metric', 'BetterThanLive'), 'The type of the condition.'),
  condition: may(text(), "Metric: comparisons such as '{{accuracy}} > 0.9'."),
  task: may(text(), 'Metric: the task whose run has published the metric. Without it the live metric counts.'),
  metric: may(text(), 'BetterThanLive: the metric that is compared.'),
  model: may(text(), 'BetterThanLive: the deployer whose live version is the reference.'),
  margin: may(number(), 'BetterThanLive: the least difference to the live version.'),
});

const step = section('a step', {
  resourceExecutor: may(section('a resource executor', { task: must(text(), 'The task to run.') }), 'Runs a task.'),
  trainer: may(section('a trainer', { task: must(text(), 'The task to run, which has a train body.') }), 'Runs a training.'),
  deployer: may(deployer, 'Deploys a new version.'),
  env: unsupported("write it into the task, or use 'parameters'"),
});

const guard = section('a guard', {
  cooldown: may(duration(), 'The least delay from the end of one retraining to the start of the next.'),
  runs: may(integer(), 'The number of retrainings that a window allows.'),
  per: may(duration(), 'The length of the window.'),
  backoff: may(number(), 'The factor on the cooldown each time that the runs of a window are used up.'),
  sameData: may(flag(), 'Whether to retrain on data that the model was trained on already.'),
});

export const sensor = section('a sensor', {
  name: must(name(), 'The name of the sensor, unique among sensors.'),
  triggers: may(list('a trigger', trigger), 'What starts a run: all of them must fire. None: the sensor runs once, when the axon is created.'),
  conditions: may(list('a condition', condition), 'What the gate checks before a run: all of them must be met.'),
  tasks: must(listOfLists('a step', step), 'What a run does, in order. The members of an inner list run in parallel.'),
  parameters: may(list('a parameter', section('a parameter', { name: must(text(), 'The name of the parameter.') })), 'Parameters of the axon that a REST call may set.'),
  guard: may(guard, 'Limits how often alerts start a run.'),
  env: unsupported("write it into the tasks, or use 'parameters'"),
});

export type SensorKeys = Read<typeof sensor>;
export type TriggerKeys = Read<typeof trigger>;
export type ConditionKeys = Read<typeof condition>;
export type StepKeys = Read<typeof step>;
export type GuardKeys = Read<typeof guard>;

import { Cron } from 'cdk8s';
import { ITrigger } from '../../common/trigger';
import { AlertCondition } from '../../metrics/alert-condition';
import { requireValid } from '../../problem/error';
import { Trigger } from '../../sensing/trigger';
import { cronProblem } from '../../validate/cron';
import { SensorKeys, TriggerKeys } from '../schema/sensor-shape';
import { Builder } from './builder';

/** The keys that each type of trigger has, besides name and type. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  Rest: [],
  Lifecycle: ['task', 'condition'],
  Alert: ['condition', 'model', 'accuracy', 'sustained'],
  Calendar: ['schedule', 'interval', 'timezone'],
};

/** The triggers of a sensor; undefined in place of one with an error, which is reported. */
export function buildTriggers(sensor: SensorKeys, builder: Builder): (ITrigger | undefined)[] {
  return (sensor.triggers ?? []).map((keys) => buildTrigger(keys, builder));
}

function buildTrigger(keys: TriggerKeys, builder: Builder): ITrigger | undefined {
  const { name, type, $ } = keys;
  if (type === undefined) {
    return undefined;
  }
  for (const [other, names] of Object.entries(KEYS)) {
    for (const key of names.filter((one) => $.has(one) && !KEYS[type.value].includes(one))) {
      builder.report.error($.at(key), 'key-of-other-type', key, 'key', `is for triggers of type ${other}, and this one is of type ${type.value}`, 'remove it');
    }
  }
  if (name === undefined) {
    return undefined;
  }
  switch (type.value) {
    case 'Rest':
      return builder.attempt({ keys: $, words: {} }, () => Trigger.rest(name.value));
    case 'Lifecycle':
      return lifecycle(keys, name.value, builder);
    case 'Alert':
      return alert(keys, name.value, builder);
    case 'Calendar':
      return calendar(keys, name.value, builder);
  }
}

function lifecycle({ task, condition, $ }: TriggerKeys, name: string, builder: Builder): ITrigger | undefined {
  const { tasks, report } = builder;
  const phase = condition?.value ?? 'Succeeded';
  if (phase !== 'Succeeded' && phase !== 'Failed') {
    report.error($.at('condition'), 'not-one-of', 'condition', phase, 'must be a phase in which a task ends', "write 'Succeeded' or 'Failed'");
  }
  if (task === undefined) {
    if (!$.has('task')) {
      report.error($.place, 'required', 'task', 'nothing', 'is required by a Lifecycle trigger', 'name the task whose end counts');
    }
    return undefined;
  }
  const declared = tasks.find('task', task);
  if (declared?.body === 'deploy') {
    report.error(task.place, 'wrong-type', 'task', task.value, "has a 'deploy' body: it is a model server, which never ends", 'name the task that trains the model');
    return undefined;
  }
  const event = phase === 'Failed' ? declared?.task?.failed() : declared?.task?.succeeded();
  return event && builder.attempt({ keys: $, words: {} }, () => event.named(name));
}

function alert(keys: TriggerKeys, name: string, builder: Builder): ITrigger | undefined {
  const { condition, model, sustained, $ } = keys;
  if ($.has('condition') === $.has('accuracy')) {
    builder.report.error($.place, 'exclusive', 'condition', $.has('condition') ? 'and accuracy' : 'nothing', "must be given, or 'accuracy' instead of it",
      $.has('condition') ? 'remove one' : 'add one');
    return undefined;
  }
  if ($.has('condition') && $.has('model')) {
    builder.report.error($.at('model'), 'key-of-other-type', 'model', model?.value ?? 'key', "goes with 'accuracy' only", 'name the model in the expression');
  }
  const words = { expression: 'condition', threshold: 'accuracy.below', window: 'accuracy.window', minimumSamples: 'accuracy.minimumSamples' };
  const fires = condition !== undefined ? AlertCondition.promql(condition.value) : accuracyBelow(keys, builder, words);
  const made = fires && builder.attempt({ keys: $, words }, () => Trigger.alert(name, fires, { sustained: sustained?.value }));
  // A sensor reads an expression when it is added. Read it now, where its place is known.
  return made && builder.attempt({ keys: $, words }, () => {
    made._trigger(builder.axon);
    return made;
  });
}

function accuracyBelow({ accuracy, model, $ }: TriggerKeys, builder: Builder, words: Record<string, string>): AlertCondition | undefined {
  if (model === undefined && !$.has('model')) {
    builder.report.error($.place, 'required', 'model', 'nothing', "is required with 'accuracy'", builder.deployers.names.length === 0
      ? 'deploy a model and name its deployer' : `name a deployer, as ${builder.deployers.names.join(', ')}`);
  }
  const graph = model && builder.deployers.find('model', model)?.graph;
  const { window, minimumSamples, below } = accuracy ?? {};
  return graph && window && below && builder.attempt({ keys: $, words }, () => (
    graph.accuracy({ window: window.value, minimumSamples: minimumSamples?.value }).below(below.value)));
}

function calendar({ schedule, interval, timezone, $ }: TriggerKeys, name: string, builder: Builder): ITrigger | undefined {
  if ($.has('schedule') === $.has('interval')) {
    builder.report.error($.place, 'exclusive', 'schedule', $.has('schedule') ? 'and interval' : 'nothing', "must be given, or 'interval' instead of it",
      $.has('schedule') ? 'remove one' : 'add one');
    return undefined;
  }
  if ($.has('interval') && $.has('timezone')) {
    builder.report.error($.at('timezone'), 'key-of-other-type', 'timezone', timezone?.value ?? 'key', "goes with 'schedule' only", 'remove it');
  }
  return builder.attempt({ keys: $, words: { timeZone: 'timezone' } }, () => (schedule
    ? Trigger.calendar(name, { schedule: cronOf(schedule.value), timeZone: timezone?.value })
    : interval && Trigger.every(name, interval.value)));
}

/** A schedule from its five fields. */
function cronOf(expression: string): Cron {
  requireValid('schedule', expression, cronProblem(expression));
  const [minute, hour, day, month, weekDay] = expression.trim().split(/\s+/);
  return Cron.schedule({ minute, hour, day, month, weekDay });
}

import { ICondition } from '../../common/condition';
import { Condition } from '../../sensing/condition';
import { Task } from '../../task/task';
import { MetricComparison, metricConditions } from '../../validate/expr';
import { ConditionKeys, SensorKeys } from '../schema/sensor-shape';
import { Builder } from './builder';

/** The keys that each type of condition has, besides name and type. */
const KEYS: Readonly<Record<string, readonly string[]>> = { Metric: ['condition', 'task'], BetterThanLive: ['metric', 'model', 'margin'] };

/** The conditions of a sensor; undefined in place of one with an error, which is reported. */
export function buildConditions(sensor: SensorKeys, builder: Builder): (ICondition | undefined)[] {
  return (sensor.conditions ?? []).flatMap((keys) => {
    const { type, $ } = keys;
    for (const [other, names] of Object.entries(KEYS)) {
      for (const key of type === undefined ? [] : names.filter((one) => $.has(one) && !KEYS[type.value].includes(one))) {
        builder.report.error($.at(key), 'key-of-other-type', key, 'key', `is for conditions of type ${other}, and this one is of type ${type!.value}`, 'remove it');
      }
    }
    switch (type?.value) {
      case 'Metric':
        return metric(keys, sensor, builder);
      case 'BetterThanLive':
        return [betterThanLive(keys, builder)];
      default:
        return [undefined];
    }
  });
}

function metric({ condition, task, $ }: ConditionKeys, sensor: SensorKeys, builder: Builder): (ICondition | undefined)[] {
  if (condition === undefined) {
    if (!$.has('condition')) {
      builder.report.error($.place, 'required', 'condition', 'nothing', 'is required by a condition of type Metric', "write one such as '{{accuracy}} > 0.9'");
    }
    return [undefined];
  }
  if (!$.has('task')) {
    return [live(condition.value, $, sensor, builder)];
  }
  const declared = task && builder.tasks.find('task', task);
  const comparisons = metricConditions(condition.value);
  if ('rule' in comparisons) {
    builder.report.error(condition.place, comparisons.code, 'condition', condition.value, comparisons.rule, comparisons.remedy);
    return [undefined];
  }
  const runs = declared?.task;
  return runs === undefined ? [undefined] : comparisons.map((comparison) => builder.attempt({ keys: $, words: { metric: 'condition', threshold: 'condition' } }, () => (
    compared(runs, comparison, $, builder))));
}

function compared(task: Task, { metric: name, operator, threshold }: MetricComparison, keys: ConditionKeys['$'], { report }: Builder): ICondition | undefined {
  const asked = task.metric(name);
  switch (operator) {
    case '>':
      return asked.above(threshold);
    case '>=':
      return asked.atLeast(threshold);
    case '<':
      return asked.below(threshold);
    case '<=':
      return asked.atMost(threshold);
    default:
      report.error(keys.at('condition'), 'exact-value', 'condition', `${name} ${operator} ${threshold}`, 'asks for an exact value, which a measured number hardly has',
        `use '${operator === '==' ? '>=' : '>'}' or '${operator === '==' ? '<=' : '<'}'`);
      return undefined;
  }
}

/** Without a task the live metric counts, by a query. */
function live(expression: string, keys: ConditionKeys['$'], sensor: SensorKeys, builder: Builder): ICondition | undefined {
  const origin = { keys, words: { expression: 'condition' } };
  // A sensor reads a query when it is added. Read it now, where its place is known.
  const read = builder.attempt(origin, () => {
    const condition = Condition.promql(expression);
    condition._condition(builder.axon);
    return condition;
  });
  const ended = (sensor.triggers ?? []).find(({ type }) => type?.value === 'Lifecycle')?.task;
  if (read !== undefined && ended !== undefined) {
    builder.report.warning(keys.at('condition'), 'live-metric', 'condition', expression, "has no 'task', so the live metric is asked and not that of the run",
      `add 'task: ${ended.value}' if its run is meant`);
  }
  return read;
}

function betterThanLive({ metric: name, model, margin, $ }: ConditionKeys, builder: Builder): ICondition | undefined {
  const known = builder.deployers.names;
  for (const key of ['metric', 'model'].filter((one) => !$.has(one))) {
    builder.report.error($.place, 'required', key, 'nothing', 'is required by a condition of type BetterThanLive',
      key === 'metric' ? 'name what to compare by' : `name a deployer${known.length > 0 ? `, as ${known.join(', ')}` : ''}`);
  }
  const graph = model && builder.deployers.find('model', model)?.graph;
  return graph && name && builder.attempt({ keys: $, words: {} }, () => Condition.betterThanLive(graph, name.value, { margin: margin?.value }));
}

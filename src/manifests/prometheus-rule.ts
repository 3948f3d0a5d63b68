import { PrometheusAlertRule, PrometheusRuleSpec } from '../crd/monitoring';
import { sortedBy } from '../loop/canonical';
import { AlertData, alertsOf } from '../loop/events';
import { Loop } from '../loop/loop';
import { monitoringLabels } from './labels';
import { Manifest } from './manifest';

/** An alert keeps firing for at least this long: a series with a gap must not fire again each time. */
const LONGEST_GAP_SECONDS = 900;

/** The alerts that trigger sensors. */
export function prometheusRules(loop: Loop): Manifest[] {
  const alerts = sortedBy(alertsOf(loop), ({ name }) => name);
  if (alerts.length === 0) {
    return [];
  }
  const { name, namespace } = loop;
  const spec: PrometheusRuleSpec = { groups: [{ name, rules: alerts.map((alert) => rule(alert, loop)) }] };
  return [{
    kind: 'PrometheusRule', id: name, name, namespace, labels: monitoringLabels(loop, 'alerts'), body: { spec },
  }];
}

function rule({ name, sensor, trigger }: AlertData, { name: axon, namespace }: Loop): PrometheusAlertRule {
  return {
    alert: name,
    expr: trigger.expression,
    for: prometheusDuration(trigger.sustainedSeconds),
    keep_firing_for: prometheusDuration(Math.max(LONGEST_GAP_SECONDS, trigger.sustainedSeconds)),
    // The operator routes an alert only to configurations of the namespace in its label.
    labels: { namespace, axon, sensor: sensor.identifier },
    annotations: { summary: `sensor ${sensor.userName} of axon ${axon}: ${trigger.name}` },
  };
}

/** The shortest exact Prometheus duration. */
export function prometheusDuration(seconds: number): string {
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['m', 60]] as const) {
    if (seconds > 0 && seconds % size === 0) {
      return `${seconds / size}${unit}`;
    }
  }
  return `${seconds}s`;
}

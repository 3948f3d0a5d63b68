import { ALERT_PORT, eventSourceService } from '../contract/constants';
import { AlertmanagerConfigSpec, AlertRule, PrometheusRuleSpec } from '../crd/monitoring';
import { Alert, Assembly } from '../private/assembly';
import { sortedBy } from '../private/canonical';
import { Loop } from '../private/loop';

/** Adds the rules whose alerts come back as events, and the routing that brings them back. */
export function contributeAlerts(assembly: Assembly, loop: Loop): void {
  const alerts = sortedBy(assembly.alerts, (alert) => alert.name);
  if (alerts.length === 0) {
    return;
  }
  const { name, platform } = loop.identity;
  const rules: PrometheusRuleSpec = { groups: [{ name, rules: alerts.map((alert) => rule(alert, loop)) }] };
  assembly.custom('monitoring.coreos.com/v1', 'PrometheusRule', name, 'alerts', rules, platform.monitoringLabels);
  assembly.custom('monitoring.coreos.com/v1alpha1', 'AlertmanagerConfig', name, 'alerts', routing(alerts, loop), platform.monitoringLabels);
}

function rule(alert: Alert, loop: Loop): AlertRule {
  const { name, namespace } = loop.identity;
  return {
    alert: alert.name,
    expr: alert.expression,
    for: promDuration(alert.forSeconds),
    keep_firing_for: promDuration(alert.keepSeconds),
    // The operator routes an alert only to configurations of the namespace that it carries.
    labels: { namespace, axon: name, sensor: alert.sensor },
    annotations: { summary: alert.summary },
  };
}

/**
 * Grouped by what tells versions apart, so that each message is about one version. Resolved alerts are
 * not sent: the end of an alert would start the repair again.
 */
function routing(alerts: Alert[], loop: Loop): AlertmanagerConfigSpec {
  const { name, namespace, platform } = loop.identity;
  const url = (alert: Alert) => `http://${eventSourceService(name)}.${namespace}.svc:${ALERT_PORT}/${alert.webhook}`;
  const token = platform.alertToken;
  return {
    route: {
      receiver: 'nobody',
      matchers: [{ name: 'axon', value: name, matchType: '=' }],
      groupBy: ['alertname', 'axon', 'model', 'namespace', 'version'],
      groupWait: '5s',
      groupInterval: '1m',
      repeatInterval: '12h',
      routes: alerts.map((alert) => ({
        receiver: alert.name,
        matchers: [{ name: 'alertname', value: alert.name, matchType: '=' }],
        repeatInterval: promDuration(alert.repeatSeconds),
      })),
    },
    receivers: [
      // Alerts of the axon that no sensor waits for end here.
      { name: 'nobody' },
      ...alerts.map((alert) => ({
        name: alert.name,
        webhookConfigs: [{
          url: url(alert),
          sendResolved: false,
          // The gate asks Prometheus the same about all alerts of a group. Each would be an event, and one of hundreds more than a call may hold.
          maxAlerts: 1,
          ...(token && { httpConfig: { authorization: { type: 'Bearer', credentials: { name: token.name, key: token.key } } } }),
        }],
      })),
    ],
  };
}

/** The shortest exact Prometheus duration. */
function promDuration(seconds: number): string {
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['m', 60]] as const) {
    if (seconds > 0 && seconds % size === 0) {
      return `${seconds / size}${unit}`;
    }
  }
  return `${seconds}s`;
}

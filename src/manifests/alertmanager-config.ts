import { ALERT_PORT, eventSourceService } from '../contract/constants';
import { AlertmanagerConfigSpec } from '../crd/monitoring';
import { sortedBy } from '../loop/canonical';
import { AlertData, alertsOf } from '../loop/events';
import { Loop } from '../loop/loop';
import { monitoringLabels } from './labels';
import { Manifest } from './manifest';
import { prometheusDuration } from './prometheus-rule';

/** An alert that still fires is sent again after its guard's cooldown, but not more often than this. */
const SHORTEST_REPEAT_SECONDS = 3600;

/** Routes the alerts that trigger sensors to the axon's webhooks. */
export function alertmanagerConfigs(loop: Loop): Manifest[] {
  const alerts = sortedBy(alertsOf(loop), ({ name }) => name);
  if (alerts.length === 0) {
    return [];
  }
  const { name, namespace } = loop;
  const spec = { route: route(alerts, loop), receivers: [{ name: UNUSED }, ...alerts.map((alert) => receiver(alert, loop))] };
  return [{
    kind: 'AlertmanagerConfig', id: name, name, namespace, labels: monitoringLabels(loop, 'alerts'), body: { spec },
  }];
}

/** The receiver of alerts of the axon that trigger no sensor: it does nothing. */
const UNUSED = 'nobody';

/** Grouped by the labels that differ between versions, so each message is about one version. */
function route(alerts: AlertData[], { name }: Loop): AlertmanagerConfigSpec['route'] {
  return {
    receiver: UNUSED,
    matchers: [{ name: 'axon', value: name, matchType: '=' }],
    groupBy: ['alertname', 'axon', 'model', 'namespace', 'version'],
    groupWait: '5s',
    groupInterval: '1m',
    repeatInterval: '12h',
    routes: alerts.map((alert) => ({
      receiver: alert.name,
      matchers: [{ name: 'alertname', value: alert.name, matchType: '=' }],
      repeatInterval: prometheusDuration(Math.max(SHORTEST_REPEAT_SECONDS, alert.sensor.guard?.cooldownSeconds ?? 0)),
    })),
  };
}

function receiver({ name: alert, webhook }: AlertData, { name, namespace, platform }: Loop): AlertmanagerConfigSpec['receivers'][number] {
  const token = platform.alertToken;
  return {
    name: alert,
    webhookConfigs: [{
      url: `http://${eventSourceService(name)}.${namespace}.svc:${ALERT_PORT}/${webhook}`,
      // A resolved alert would start the retraining again.
      sendResolved: false,
      // The gate asks Prometheus about all alerts of the group. One of hundreds would not fit into a call.
      maxAlerts: 1,
      ...(token && { httpConfig: { authorization: { type: 'Bearer', credentials: { name: token.name, key: token.key } } } }),
    }],
  };
}

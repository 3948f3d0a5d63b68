import type { AlertmanagerConfiguration, MatcherText, RouteConfiguration, Webhook } from './configuration.js';

/** The configuration as a file of a real Alertmanager, JSON, which is YAML; webhooks are called at the URL that `rewrite` gives. */
export function alertmanagerFile({ route, receivers }: AlertmanagerConfiguration, rewrite: (webhook: Webhook) => string): string {
  return JSON.stringify({
    route: routeOf(route),
    receivers: receivers.map(({ name, webhooks }) => ({
      name,
      webhook_configs: webhooks.map((webhook) => ({ url: rewrite(webhook), send_resolved: webhook.sendResolved, max_alerts: webhook.maxAlerts })),
    })),
  });
}

function routeOf(route: RouteConfiguration): object {
  const time = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`);
  return {
    receiver: route.receiver,
    group_by: route.groupBy,
    matchers: route.matchers.length === 0 ? undefined : route.matchers.map(matcherOf),
    continue: route.continue || undefined,
    group_wait: time(route.groupWaitMs),
    group_interval: time(route.groupIntervalMs),
    repeat_interval: time(route.repeatIntervalMs),
    routes: route.routes.length === 0 ? undefined : route.routes.map(routeOf),
  };
}

function matcherOf({ name, operator, value }: MatcherText): string {
  return `${name}${operator}"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

import { readFileSync } from 'fs';
import { join } from 'path';
import { Manifest } from '../manifests';
import { documents, Inventory, repeated } from './inventory';

/** What the runtime exposes, from the contract itself. */
const DECLARED: { name: string; labels: string[] }[] = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'contract', 'metrics.json'), 'utf8')).metrics;

/** The ports that the controllers of Argo Events give to what they make: both call it `metrics`. */
const CONTROLLER_PORT = 'metrics';

/** Alerts from the rule over the routing back to the event source, and what Prometheus scrapes. */
export function walkMonitoring(inventory: Inventory): void {
  inventory.ofKind('PrometheusRule').forEach((rule) => walkRules(inventory, rule));
  inventory.ofKind('AlertmanagerConfig').forEach((config) => walkRouting(inventory, config));
  inventory.ofKind('ServiceMonitor').forEach((monitor) => walkMonitor(inventory, monitor));
  inventory.ofKind('Service').forEach((service) => walkService(inventory, service));
}

function alertsOf(inventory: Inventory, namespace: string): Manifest[] {
  return inventory.ofKind('PrometheusRule').filter((rule) => rule.metadata.namespace === namespace)
    .flatMap((rule) => rule.spec.groups.flatMap((group: Manifest) => group.rules));
}

function walkRules(inventory: Inventory, object: Manifest): void {
  const rules: Manifest[] = object.spec.groups.flatMap((group: Manifest) => group.rules);
  const axons = documents(inventory, 'axon.json').filter(({ document }) => document.namespace === object.metadata.namespace);
  inventory.check(object, rules.length > 0, 'has no rule');
  repeated(alertsOf(inventory, object.metadata.namespace).map(({ alert }) => alert)).forEach((alert) => inventory.report(object, `alert '${alert}' exists twice`));
  for (const { alert, expr, labels } of rules) {
    inventory.check(object, labels?.namespace === object.metadata.namespace, `alert '${alert}' does not carry the namespace, so it reaches nobody`);
    const sensor = axons.find(({ document }) => document.axon === labels.axon)?.document.sensors.find(({ name }: Manifest) => name === labels.sensor);
    inventory.check(object, sensor?.triggers.some((trigger: Manifest) => trigger.alert === alert && trigger.expression === expr),
      `alert '${alert}' is none that sensor '${labels.sensor}' of axon '${labels.axon}' waits for`);
    for (const [metric, selector] of series(expr)) {
      const declared = DECLARED.find(({ name }) => name === metric);
      inventory.check(object, declared !== undefined, `alert '${alert}' asks for '${metric}', which nobody exposes`);
      const asked = [...selector.matchAll(/([a-z_]+)\s*=/g)].map(([, label]) => label).filter((label) => label !== 'namespace');
      asked.filter((label) => !declared?.labels.includes(label))
        .forEach((label) => inventory.report(object, `alert '${alert}' asks '${metric}' for the label '${label}', which it has not`));
    }
  }
}

/** Our own metrics in an expression, with their selectors. */
function series(expression: string): [string, string][] {
  return [...expression.matchAll(/\b(myelin_[a-z_]+)(\{[^}]*\})?/g)].map(([, metric, selector]) => [metric, selector ?? '']);
}

function walkRouting(inventory: Inventory, config: Manifest): void {
  const { route, receivers } = config.spec;
  const known: string[] = receivers.map(({ name }: Manifest) => name);
  const alerts = alertsOf(inventory, config.metadata.namespace);
  const used = [route, ...route.routes ?? []];
  repeated(known).forEach((name) => inventory.report(config, `receiver '${name}' stands there twice`));
  known.filter((name) => !used.some(({ receiver }) => receiver === name)).forEach((name) => inventory.report(config, `receiver '${name}' gets nothing`));
  for (const { receiver, matchers } of used) {
    inventory.check(config, known.includes(receiver), `route to '${receiver}', which is no receiver`);
    inventory.check(config, alerts.some((alert) => matches(alert, matchers)), `route to '${receiver}' matches no alert`);
  }
  for (const { name, webhookConfigs = [] } of receivers) {
    webhookConfigs.forEach((webhook: Manifest) => walkReceiver(inventory, config, name, webhook));
  }
  const parents = alerts.filter((alert) => matches(alert, route.matchers));
  parents.filter((alert) => !(route.routes ?? []).some(({ matchers }: Manifest) => matches(alert, matchers)))
    .forEach(({ alert }) => inventory.report(config, `alert '${alert}' reaches no receiver`));
}

function matches(rule: Manifest, matchers: Manifest[]): boolean {
  const labels: Record<string, string> = { ...rule.labels, alertname: rule.alert };
  return (matchers ?? []).every(({ name, value, matchType }) => matchType === '=' && labels[name] === value);
}

function walkReceiver(inventory: Inventory, config: Manifest, receiver: string, { url, httpConfig }: Manifest): void {
  const { hostname, port, pathname } = new URL(url);
  const [, source, namespace] = /^(.+)-eventsource-svc\.([^.]+)\.svc$/.exec(hostname) ?? [];
  const target = inventory.need(config, `receiver '${receiver}'`, 'EventSource', source, namespace);
  const webhooks: Manifest[] = Object.values(target?.spec.webhook ?? {});
  const webhook = webhooks.find((candidate) => candidate.endpoint === pathname && candidate.port === port);
  inventory.check(config, webhook !== undefined, `receiver '${receiver}' posts to '${url}', where nothing listens`);
  inventory.check(config, target?.spec.service.ports.some((candidate: Manifest) => String(candidate.port) === port), `receiver '${receiver}' posts to port ${port}, which the service has not`);
  inventory.check(config, webhook?.method === 'POST', `receiver '${receiver}' posts to a webhook that takes ${webhook?.method}`);
  const secret = httpConfig?.authorization?.credentials;
  inventory.check(config, webhook?.authSecret?.name === secret?.name && webhook?.authSecret?.key === secret?.key, `receiver '${receiver}' presents another token than its webhook asks for`);
  if (secret !== undefined) {
    inventory.needSecret(config, `receiver '${receiver}'`, secret.name, secret.key);
  }
}

function walkMonitor(inventory: Inventory, monitor: Manifest): void {
  const { selector, endpoints, jobLabel } = monitor.spec;
  const services = inventory.ofKind('Service').filter((service) => service.metadata.namespace === monitor.metadata.namespace
    && selected(selector.matchLabels, service.metadata.labels));
  inventory.check(monitor, services.length === 1, `selects ${services.length} Services`);
  for (const service of services) {
    inventory.check(monitor, service.metadata.labels[jobLabel] !== undefined, `takes the job from the label '${jobLabel}', which Service '${service.metadata.name}' has not`);
    for (const { port } of endpoints) {
      inventory.check(monitor, service.spec.ports.some(({ name }: Manifest) => name === port), `scrapes the port '${port}', which Service '${service.metadata.name}' has not`);
    }
  }
}

function walkService(inventory: Inventory, service: Manifest): void {
  const pods = podsOf(inventory, service.metadata.namespace).filter(({ labels }) => selected(service.spec.selector, labels));
  inventory.check(service, pods.length > 0, 'selects no pod');
  for (const { targetPort } of service.spec.ports) {
    inventory.check(service, pods.every(({ ports }) => ports.includes(targetPort)), `leads to the port '${targetPort}', which a pod that it selects has not`);
  }
}

/** The long-running pods of a namespace: their labels and the names of their ports. */
export function podsOf(inventory: Inventory, namespace: string): { labels: Record<string, string>; ports: (string | number)[] }[] {
  const here = inventory.objects.filter((object) => object.metadata.namespace === namespace);
  const deployed = here.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => ({
    labels: spec.template.metadata.labels,
    ports: spec.template.spec.containers.flatMap(({ ports = [] }: Manifest) => ports.map(({ name }: Manifest) => name)),
  }));
  const controlled = here.filter(({ kind }) => kind === 'EventSource' || kind === 'Sensor').map(({ spec }) => ({
    labels: spec.template.metadata.labels,
    ports: [CONTROLLER_PORT, ...Object.values(spec.webhook ?? {}).map((webhook: Manifest) => Number(webhook.port))],
  }));
  return [...deployed, ...controlled];
}

export function selected(selector: Record<string, string>, labels: Record<string, string> = {}): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

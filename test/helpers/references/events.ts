import { Manifest } from '../manifests';
import { Inventory, namesOf, repeated } from './inventory';
import { walkEntry } from './workflows';

/** From the bus over event sources and dependencies to what a trigger makes. */
export function walkEvents(inventory: Inventory): void {
  inventory.ofKind('EventSource').forEach((source) => walkSource(inventory, source));
  inventory.ofKind('Sensor').forEach((sensor) => walkSensor(inventory, sensor));
}

function walkSource(inventory: Inventory, source: Manifest): void {
  const { spec } = source;
  const webhooks: [string, Manifest][] = Object.entries(spec.webhook ?? {});
  inventory.need(source, 'eventBusName', 'EventBus', spec.eventBusName);
  inventory.needAccount(source, 'the pod', spec.template?.serviceAccountName);
  inventory.check(source, webhooks.length > 0, 'has no event');
  repeated(webhooks.map(([, { port, endpoint }]) => `${port}${endpoint}`)).forEach((route) => inventory.report(source, `route '${route}' stands there twice`));
  const ports: number[] = (spec.service?.ports ?? []).map((port: Manifest) => port.targetPort);
  const listened = webhooks.map(([, { port }]) => Number(port));
  ports.filter((port) => !listened.includes(port)).forEach((port) => inventory.report(source, `service port ${port} leads to no webhook`));
  for (const [name, webhook] of webhooks) {
    inventory.check(source, ports.includes(Number(webhook.port)), `webhook '${name}' listens on ${webhook.port}, to which no service port leads`);
    inventory.check(source, /^\/[^/]/.test(webhook.endpoint), `webhook '${name}' has the endpoint '${webhook.endpoint}'`);
    inventory.check(source, /^[a-z][-a-z0-9]*$/.test(name), `event '${name}' is no NATS token`);
    if (webhook.authSecret !== undefined) {
      inventory.needSecret(source, `webhook '${name}'`, webhook.authSecret.name, webhook.authSecret.key);
    }
  }
}

function walkSensor(inventory: Inventory, sensor: Manifest): void {
  const { spec } = sensor;
  inventory.need(sensor, 'eventBusName', 'EventBus', spec.eventBusName);
  inventory.needAccount(sensor, 'the pod', spec.template?.serviceAccountName);
  repeated(namesOf(spec.dependencies)).forEach((name) => inventory.report(sensor, `dependency '${name}' stands there twice`));
  for (const { name, eventSourceName, eventName } of spec.dependencies) {
    const source = inventory.need(sensor, `dependency '${name}'`, 'EventSource', eventSourceName);
    inventory.check(sensor, source?.spec.webhook?.[eventName] !== undefined, `dependency '${name}' waits for '${eventName}', which is no event of '${eventSourceName}'`);
  }
  const waited = spec.triggers.flatMap(({ template }: Manifest) => walkTrigger(inventory, sensor, template));
  namesOf(spec.dependencies).filter((name) => !waited.includes(name)).forEach((name) => inventory.report(sensor, `dependency '${name}' starts nothing`));
  repeated(spec.triggers.map(({ template }: Manifest) => template.name)).forEach((name) => inventory.report(sensor, `trigger '${name}' stands there twice`));
}

/** Returns the dependencies that the trigger waits for. */
function walkTrigger(inventory: Inventory, sensor: Manifest, template: Manifest): string[] {
  const place = `trigger '${template.name}'`;
  const conditions: string[] = template.conditions.split(' && ');
  const known = namesOf(sensor.spec.dependencies);
  conditions.filter((name) => !known.includes(name)).forEach((name) => inventory.report(sensor, `${place} waits for '${name}', which is no dependency`));
  inventory.check(sensor, template.name.length <= 63, `${place} has more than 63 characters, and becomes a label`);
  inventory.check(sensor, Object.keys(template).filter((key) => ['k8s', 'argoWorkflow', 'http', 'log'].includes(key)).length === 1, `${place} has not one action`);
  const { resource } = template.k8s.source;
  walkEntry(inventory, { ...resource, metadata: { ...resource.metadata, name: `${sensor.metadata.name}/${template.name}` } }, resource.spec);
  inventory.check(sensor, resource.metadata.namespace === sensor.metadata.namespace, `${place} makes something in another namespace`);
  const dests: string[] = template.k8s.parameters.map(({ dest }: Manifest) => dest);
  repeated(dests).forEach((dest) => inventory.report(sensor, `${place} fills '${dest}' twice`));
  for (const { src, dest, operation } of template.k8s.parameters) {
    inventory.check(sensor, conditions.includes(src.dependencyName), `${place} reads '${src.dependencyName}', for which it does not wait`);
    const [, index] = /^spec\.arguments\.parameters\.(\d+)\.value$/.exec(dest) ?? [];
    if (index === undefined) {
      inventory.check(sensor, dest === 'metadata.name' && operation === 'append', `${place} fills '${dest}', which is not known`);
      const name: string = resource.metadata.name;
      inventory.check(sensor, name.endsWith('-') && name.length + 10 <= 63, `${place} makes names of ${name.length + 10} characters`);
    } else {
      inventory.check(sensor, Number(index) < resource.spec.arguments.parameters.length, `${place} fills '${dest}', which is not there`);
    }
  }
  inventory.check(sensor, dests.includes('metadata.name'), `${place} makes a fixed name`);
  resource.spec.arguments.parameters.forEach((parameter: Manifest, index: number) => inventory.check(sensor,
    dests.includes(`spec.arguments.parameters.${index}.value`), `${place} leaves '${parameter.name}' empty`));
  return conditions;
}

import { ALERT_PORT, CONTAINER_SECURITY, EVENT_ID_PATTERN, LABEL, NO_SIDECAR, PARAMETER, POD_SECURITY, RUN_TTL, SWEEP_WEBHOOK, WEBHOOK_PORT } from '../contract/constants';
import { Dependency, EventSourceSpec, SensorSpec, SensorTrigger, TriggerParameter, WebhookEvent } from '../crd/argo-events';
import { Assembly, Delivery, Webhook } from '../private/assembly';
import { sortedBy } from '../private/canonical';
import { Loop } from '../private/loop';
import { labelName } from '../private/names';
import { callParameter } from './call-parameter';

/**
 * Most bytes of a call. A run gets the body, in base64 and once more among its parameters, in variables of its containers, of which Linux
 * and Argo Workflows take 128 KiB: the run of a larger one would be made, and its pod would never start.
 */
const LARGEST_BODY = 32 * 1024;

/**
 * Adds the axon's one EventSource and one Sensor. They only route: an event name for each thing
 * that can happen, because string filters are unanchored regular expressions; a small run for each
 * delivery and listener, named after the event; and one event more, which makes the sweep look at once.
 */
export function contributeEvents(assembly: Assembly, loop: Loop): void {
  const { name, platform } = loop.identity;
  assembly.webhooks.push({ name: SWEEP_WEBHOOK, kind: 'sweep' });
  assembly.deliveries.push({ webhook: SWEEP_WEBHOOK, entrypoint: 'sweep', part: 'sweep' });
  const webhooks = sortedBy(assembly.webhooks, (webhook) => webhook.name);
  const deliveries = sortedBy(assembly.deliveries, (delivery) => `${delivery.part} ${delivery.webhook}`);
  const source: EventSourceSpec = {
    eventBusName: platform.eventBus,
    template: pod(assembly, 'events', `${name}-events`),
    service: { ports: ports(webhooks) },
    webhook: Object.fromEntries(webhooks.map((webhook) => [webhook.name, endpoint(webhook, loop)])),
  };
  const sensor: SensorSpec = {
    eventBusName: platform.eventBus,
    template: pod(assembly, 'sensor', `${name}-sensor`),
    dependencies: webhooks.map((webhook) => dependency(webhook, name)),
    triggers: deliveries.map((delivery) => trigger(assembly, loop, delivery, webhooks.find((webhook) => webhook.name === delivery.webhook)!)),
  };
  assembly.custom('argoproj.io/v1alpha1', 'EventSource', name, 'events', source);
  assembly.custom('argoproj.io/v1alpha1', 'Sensor', name, 'sensor', sensor);
  assembly.account(`${name}-events`, 'events', []);
  assembly.account(`${name}-sensor`, 'sensor', [
    { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'patch'] },
  ]);
}

function pod(assembly: Assembly, component: string, serviceAccountName: string): EventSourceSpec['template'] {
  return {
    metadata: { labels: { ...assembly.labels(component), ...NO_SIDECAR, [LABEL.METRICS]: 'true' } },
    serviceAccountName,
    securityContext: POD_SECURITY,
    container: { securityContext: CONTAINER_SECURITY },
  };
}

function ports(webhooks: Webhook[]): EventSourceSpec['service']['ports'] {
  return [
    { name: 'http-events', port: WEBHOOK_PORT, targetPort: WEBHOOK_PORT },
    ...(webhooks.some(({ kind }) => kind === 'alert') ? [{ name: 'http-alerts', port: ALERT_PORT, targetPort: ALERT_PORT }] : []),
  ];
}

function endpoint({ name, kind }: Webhook, loop: Loop): WebhookEvent {
  const { webhookToken, alertToken } = loop.identity.platform;
  const token = kind === 'alert' ? alertToken : webhookToken;
  return {
    port: String(kind === 'alert' ? ALERT_PORT : WEBHOOK_PORT),
    endpoint: `/${name}`,
    method: 'POST',
    ...(token && { authSecret: { name: token.name, key: token.key } }),
    maxPayloadSize: LARGEST_BODY,
  };
}

function dependency({ name, kind }: Webhook, source: string): Dependency {
  return {
    name,
    eventSourceName: source,
    eventName: name,
    ...(NEEDS[kind] && { filters: { data: NEEDS[kind].map(([path, pattern]) => ({ path, type: 'string', value: [pattern], comparator: '=' })) } }),
  };
}

/**
 * What a body must hold for its run to have a name: a delivery that can have none would be tried again and again, and hold the next ones
 * back for as long. Patterns are anchored, because values of filters are regular expressions.
 */
const NEEDS: { readonly [kind in Webhook['kind']]?: readonly (readonly [path: string, pattern: string])[] } = {
  task: [['body.id', EVENT_ID_PATTERN.source]],
  alert: [['body.status', '^firing$'], ['body.alerts.0.fingerprint', '^[0-9a-f]+$'], ['body.alerts.0.startsAt', '^[0-9]']],
};

/**
 * `patch` makes the run when it is absent and changes nothing when it is there; with `create`, a
 * duplicate would be retried like an outage and hold the next event back.
 */
function trigger(assembly: Assembly, loop: Loop, delivery: Delivery, webhook: Webhook): SensorTrigger {
  const { name, namespace } = loop.identity;
  const payload = delivery.parameters ?? [];
  const named = [PARAMETER.EVENT, PARAMETER.DELIVERY, ...payload.map(([parameter]) => parameter)];
  return {
    template: {
      // Identifiers hold no two dashes in a row, so no two pairs have one name.
      name: labelName(delivery.part, '', delivery.webhook),
      conditions: delivery.webhook,
      k8s: {
        operation: 'patch',
        patchStrategy: 'application/merge-patch+json',
        source: {
          resource: {
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Workflow',
            metadata: {
              name: `${name}-${delivery.part}-`,
              namespace,
              labels: { ...assembly.labels('run'), ...(delivery.part !== 'sweep' && { [LABEL.SENSOR]: delivery.part }) },
            },
            spec: {
              entrypoint: delivery.entrypoint,
              workflowTemplateRef: { name },
              arguments: { parameters: named.map((parameter) => ({ name: parameter, value: '' })) },
              ttlStrategy: RUN_TTL,
            },
          },
        },
        parameters: [
          { src: { dependencyName: webhook.name, dataTemplate: RUN_NAME[webhook.kind] }, dest: 'metadata.name', operation: 'append' },
          // Encoded: Argo Workflows would expand what looks like a template in a body. Raw: `toJson` makes six characters of each < and >.
          { src: { dependencyName: webhook.name, dataTemplate: '{{ .Input.body | toRawJson | b64enc }}' }, dest: 'spec.arguments.parameters.0.value' },
          // With the name: one of several calls that a sensor waits for looks like another.
          { src: { dependencyName: webhook.name, contextTemplate: `${webhook.name}/{{ .Input.id }}` }, dest: 'spec.arguments.parameters.1.value' },
          ...payload.map(([parameter, fallback], index): TriggerParameter => ({
            src: { dependencyName: webhook.name, dataTemplate: callParameter(parameter, fallback), value: '' },
            dest: `spec.arguments.parameters.${index + 2}.value`,
          })),
        ],
      },
    },
    atLeastOnce: true,
    ...(webhook.kind === 'alert' && { rateLimit: ALERT_RATE }),
    retryStrategy: { steps: 6, duration: '1s', factor: 2 },
  };
}

/**
 * Alertmanager sends a group once a minute at most. What comes faster is no alert of ours, and waits in the bus: each delivery is a pod, and a
 * hundred pods at once keep a node from everything else. Not slower than this: a trigger of Argo Events that waits for its turn while its
 * connection to the bus breaks never subscribes again (fidelity/cluster/faults/deaf.mjs); the sweep then finds what fires.
 */
const ALERT_RATE = { unit: 'Minute', requestsPerUnit: 30 } as const;

/** A call without an id of its own is an event of its own; its body may be anything. */
const CALL_NAME = '{{ $id := "" }}{{ if kindIs "map" .Input.body }}{{ $id = .Input.body.id }}{{ end }}{{ $id | default uuidv4 | toString | sha256sum | trunc 10 }}';

/**
 * The last ten digits of a run's name, out of what makes the event this event and no other. Only an
 * optimisation that keeps duplicates from starting a pod: what counts is the ledger.
 */
const RUN_NAME: Readonly<Record<Webhook['kind'], string>> = {
  task: '{{ .Input.body.id | sha256sum | trunc 10 }}',
  rest: CALL_NAME,
  sweep: CALL_NAME,
  // An alert is the series it is about and when it began; Alertmanager repeats both.
  alert: '{{ $a := index .Input.body.alerts 0 }}{{ printf "%s %s" $a.fingerprint $a.startsAt | sha256sum | trunc 10 }}',
};

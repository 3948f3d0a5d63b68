import { LABEL, PARAMETER, RUN_TTL, sensorTemplate } from '../contract/constants';
import { ArgoDependency, ArgoSensorSpec, ArgoSensorTrigger, ArgoTriggerParameter } from '../crd/argo-events';
import { sortedBy } from '../loop/canonical';
import { DeliveryData, deliveriesOf, WebhookData, webhooksOf } from '../loop/events';
import { Loop } from '../loop/loop';
import { accountName, labelName } from '../loop/names';
import { callParameter } from './call-parameter';
import { eventsPod } from './event-source';
import { axonLabels } from './labels';
import { KINDS, Manifest } from './manifest';
import { Account } from './rbac';

/**
 * The axon's one Sensor. It only routes: a small run for each event and sensor of the axon, named after the
 * event, and one event more, which starts the sweep at once. It has no filters on names, because string
 * filters are unanchored regular expressions.
 */
export function sensor(loop: Loop): Manifest {
  const { name, namespace, platform } = loop;
  const spec: ArgoSensorSpec = {
    eventBusName: platform.eventBus,
    template: eventsPod(loop, 'sensor'),
    dependencies: sortedBy(webhooksOf(loop), (webhook) => webhook.name).map((webhook) => dependency(webhook, name)),
    triggers: sortedBy(deliveriesOf(loop), (delivery) => `${partOf(delivery)} ${delivery.webhook.name}`).map((delivery) => trigger(delivery, loop)),
  };
  return { kind: 'Sensor', id: name, name, namespace, labels: axonLabels(loop, 'sensor'), body: { spec } };
}

/** The account of the Sensor's pod, which creates runs. */
export function sensorAccount(loop: Loop): Account {
  return {
    name: accountName(loop.name, 'sensor'),
    labels: axonLabels(loop, 'sensor'),
    rules: [{ apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'patch'] }],
  };
}

/** The middle of the name of a run. */
function partOf({ sensor: name }: DeliveryData): string {
  return name ?? 'sweep';
}

function dependency({ name, kind }: WebhookData, source: string): ArgoDependency {
  return {
    name,
    eventSourceName: source,
    eventName: name,
    ...(NEEDS[kind] && { filters: { data: NEEDS[kind].map(([path, pattern]) => ({ path, type: 'string', value: [pattern], comparator: '=' })) } }),
  };
}

/**
 * The fields of a body that the name of its run is made of. Argo Events retries a delivery that it cannot name
 * and holds back the ones behind it. Patterns are anchored, because values of filters are regular expressions.
 */
const NEEDS: { readonly [kind in WebhookData['kind']]?: readonly (readonly [path: string, pattern: string])[] } = {
  task: [['body.id', '^[0-9a-f]{16}$']],
  alert: [['body.status', '^firing$'], ['body.alerts.0.fingerprint', '^[0-9a-f]+$'], ['body.alerts.0.startsAt', '^[0-9]']],
};

/**
 * `patch` creates the run when it is absent and changes nothing when it exists. With `create`, Argo Events
 * would retry a duplicate as it retries an outage, and hold back the next event.
 */
function trigger(delivery: DeliveryData, loop: Loop): ArgoSensorTrigger {
  const { name, namespace } = loop;
  const { webhook, parameters: payload } = delivery;
  const part = partOf(delivery);
  const parameters = [PARAMETER.EVENT, PARAMETER.DELIVERY, ...payload.map(([parameter]) => parameter)];
  return {
    template: {
      // Identifiers hold no two dashes in a row, so no two pairs have the same name.
      name: labelName(part, '', webhook.name),
      conditions: webhook.name,
      k8s: {
        operation: 'patch',
        patchStrategy: 'application/merge-patch+json',
        source: {
          resource: {
            apiVersion: KINDS.Workflow.apiVersion,
            kind: 'Workflow',
            metadata: {
              name: `${name}-${part}-`,
              namespace,
              labels: { ...axonLabels(loop, 'run'), ...(delivery.sensor !== undefined && { [LABEL.SENSOR]: part }) },
            },
            spec: {
              entrypoint: delivery.sensor === undefined ? 'sweep' : sensorTemplate(part),
              workflowTemplateRef: { name },
              arguments: { parameters: parameters.map((parameter) => ({ name: parameter, value: '' })) },
              ttlStrategy: RUN_TTL,
            },
          },
        },
        parameters: [
          { src: { dependencyName: webhook.name, dataTemplate: RUN_NAME[webhook.kind] }, dest: 'metadata.name', operation: 'append' },
          // Encoded, because Argo Workflows would expand braces in a body. Raw, because `toJson` writes each < and > as six characters.
          { src: { dependencyName: webhook.name, dataTemplate: '{{ .Input.body | toRawJson | b64enc }}' }, dest: 'spec.arguments.parameters.0.value' },
          // With the webhook's name, because two calls of different triggers can have the same body.
          { src: { dependencyName: webhook.name, contextTemplate: `${webhook.name}/{{ .Input.id }}` }, dest: 'spec.arguments.parameters.1.value' },
          ...payload.map(([parameter, fallback], index): ArgoTriggerParameter => ({
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
 * Alertmanager sends a group once a minute at most, so faster messages are no alerts of ours and wait in the bus: each
 * delivery is a pod, and a hundred pods at once starve a node. It is not slower than this, because a trigger that waits
 * for its turn while its connection to the bus breaks never subscribes again (fidelity/cluster/faults/deaf.mjs). The
 * sweep then finds the alerts that fire.
 */
const ALERT_RATE = { unit: 'Minute', requestsPerUnit: 30 } as const;

/** A call without an id is an event of its own; its body may be anything. */
const CALL_NAME = '{{ $id := "" }}{{ if kindIs "map" .Input.body }}{{ $id = .Input.body.id }}{{ end }}{{ $id | default uuidv4 | toString | sha256sum | trunc 10 }}';

/**
 * The last ten digits of a run's name: a hash of the fields that identify the event. This only saves a pod for
 * each duplicate; the ledger decides.
 */
const RUN_NAME: Readonly<Record<WebhookData['kind'], string>> = {
  task: '{{ .Input.body.id | sha256sum | trunc 10 }}',
  rest: CALL_NAME,
  sweep: CALL_NAME,
  // An alert is identified by its series and its start; Alertmanager repeats both.
  alert: '{{ $a := index .Input.body.alerts 0 }}{{ printf "%s %s" $a.fingerprint $a.startsAt | sha256sum | trunc 10 }}',
};

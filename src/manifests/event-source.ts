import { ALERT_PORT, CONTAINER_SECURITY, LABEL, NO_SIDECAR, WEBHOOK_PORT } from '../contract/constants';
import { ArgoEventSourceSpec, ArgoWebhook } from '../crd/argo-events';
import { sortedBy } from '../loop/canonical';
import { WebhookData, webhooksOf } from '../loop/events';
import { Loop } from '../loop/loop';
import { accountName } from '../loop/names';
import { axonLabels, loopLabels } from './labels';
import { Manifest } from './manifest';
import { metadataOf, placementOf, pullSecretsOf, securityOf } from './pod';
import { Account } from './rbac';
import { EVENTS_RESOURCES } from './requests';

/**
 * The largest body of a call in bytes. A run gets the body in base64, and again among its parameters, in
 * environment variables, which Linux and Argo Workflows limit to 128 KiB: the pod of a larger one would never start.
 */
const LARGEST_BODY = 32 * 1024;

/** The axon's one EventSource: a webhook for each thing that can happen. */
export function eventSource(loop: Loop): Manifest {
  const { name, namespace, platform } = loop;
  const webhooks = sortedBy(webhooksOf(loop), (webhook) => webhook.name);
  const spec: ArgoEventSourceSpec = {
    eventBusName: platform.eventBus,
    template: eventsPod(loop, 'events'),
    service: { ports: ports(webhooks) },
    webhook: Object.fromEntries(webhooks.map((webhook) => [webhook.name, endpoint(webhook, loop)])),
  };
  return { kind: 'EventSource', id: name, name, namespace, labels: axonLabels(loop, 'events'), body: { spec } };
}

/** The account of the EventSource's pod, which needs no permission. */
export function eventSourceAccount(loop: Loop): Account {
  return { name: accountName(loop.name, 'events'), labels: axonLabels(loop, 'events'), rules: [] };
}

/** The pod of an EventSource or Sensor. Argo Events has no field for its runtime class and its spread, and it needs no volumes of the user. */
export function eventsPod(loop: Loop, component: 'events' | 'sensor'): ArgoEventSourceSpec['template'] {
  const { name, stepPod: pod, platform } = loop;
  return {
    metadata: metadataOf({ shared: loop.labels, loop: { ...loopLabels(loop, component), ...NO_SIDECAR, [LABEL.METRICS]: 'true' } }, pod),
    serviceAccountName: accountName(name, component),
    ...placementOf(pod),
    imagePullSecrets: pullSecretsOf([pod], { login: platform.registryCredentials }),
    securityContext: securityOf(pod),
    container: { resources: EVENTS_RESOURCES, securityContext: CONTAINER_SECURITY },
  };
}

/** Alerts have a port of their own, so that the NetworkPolicy can limit it to Alertmanager. */
function ports(webhooks: WebhookData[]): ArgoEventSourceSpec['service']['ports'] {
  return [
    { name: 'http-events', port: WEBHOOK_PORT, targetPort: WEBHOOK_PORT },
    ...(webhooks.some(({ kind }) => kind === 'alert') ? [{ name: 'http-alerts', port: ALERT_PORT, targetPort: ALERT_PORT }] : []),
  ];
}

function endpoint({ name, kind }: WebhookData, { platform: { webhookToken, alertToken } }: Loop): ArgoWebhook {
  const token = kind === 'alert' ? alertToken : webhookToken;
  return {
    port: String(kind === 'alert' ? ALERT_PORT : WEBHOOK_PORT),
    endpoint: `/${name}`,
    method: 'POST',
    ...(token && { authSecret: { name: token.name, key: token.key } }),
    maxPayloadSize: LARGEST_BODY,
  };
}

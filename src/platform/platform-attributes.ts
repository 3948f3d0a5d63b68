import { SecretValue } from 'cdk8s-plus-27';
import { optionalSecretKey } from '../common/secret-value';
import { PlatformData } from '../loop/platform';
import { invalid, requireValid } from '../problem/error';
import { dnsLabelProblem, dnsSubdomainProblem } from '../validate/dns';
import { urlProblem } from '../validate/url';
import { ImageBuilder } from './image-builder';

/** The facts about a cluster and a namespace that the axons in it refer to. */
export interface PlatformAttributes {
  /**
   * The namespace of the event bus and of the Secrets, and so of the axons.
   * @default - the namespace of the chart. In a chart without one, an imported platform fits every namespace, and a `Platform` uses 'default'
   */
  readonly namespace?: string;

  /**
   * The EventBus of the namespace.
   * @default 'default'
   */
  readonly eventBus?: string;

  /**
   * The Istio Gateway to which the routes of axons are bound, as `name` or `namespace/name`.
   * @default 'myelin', in the namespace of the axon
   */
  readonly gateway?: string;

  /**
   * The hosts for which the gateway routes requests to models.
   * @default - every host of the gateway
   */
  readonly hosts?: string[];

  /**
   * The registry of images that are built from source: a host, with a port and a path if needed.
   * The nodes and the image builder must both resolve it.
   * @default 'registry.local:5000'
   */
  readonly registry?: string;

  /**
   * The login to that registry, in the format of `kubectl create secret docker-registry`. Nodes pull with it and build steps push with it.
   * @default - none: the registry requires no login
   */
  readonly registryCredentials?: SecretValue;

  /**
   * The builder of images that axons declare by their source.
   * @default ImageBuilder.buildkit('tcp://buildkitd.myelin-build.svc:1234')
   */
  readonly imageBuilder?: ImageBuilder;

  /**
   * The address of the Prometheus that evaluates the rules of axons. The gate queries it to confirm that an alert fires.
   * @default 'http://prometheus-operated.monitoring.svc:9090'
   */
  readonly prometheus?: string;

  /**
   * The namespace of Prometheus and Alertmanager. Only pods of this namespace can scrape metrics and send alerts.
   * @default 'monitoring'
   */
  readonly monitoringNamespace?: string;

  /**
   * The namespace of Istio's ingress gateway. Only it can call models from outside the namespace.
   * @default 'istio-system'
   */
  readonly istioNamespace?: string;

  /**
   * Labels by which your Prometheus and Alertmanager select rules, monitors and alert routing, for instance
   * `{ release: 'kube-prometheus-stack' }`.
   * @default - none: Prometheus selects all of them
   */
  readonly monitoringLabels?: Record<string, string>;

  /**
   * The address of a Pushgateway. User code gets it as `PUSHGATEWAY_URL` and `PUSHGATEWAY_PORT`.
   * @default - none: metrics that tasks push are recorded with their run only
   */
  readonly pushgateway?: string;

  /**
   * The bearer token that webhooks require. The bootstrap Job of a `Platform` creates its Secret.
   * @default - the key 'token' of the Secret 'myelin-webhook-token'
   */
  readonly webhookToken?: SecretValue;

  /**
   * The bearer token that Alertmanager sends. Create the Secret before the axon: Alertmanager's operator ignores routing that refers to a
   * missing Secret.
   * @default - none: only pods of `monitoringNamespace` reach the port for alerts, and the gate confirms each alert with Prometheus
   */
  readonly alertToken?: SecretValue;
}

/** Fills in the defaults and checks the values. @internal */
export function resolvePlatform(attributes: PlatformAttributes = {}): PlatformData {
  return {
    eventBus: label('eventBus', attributes.eventBus ?? 'default'),
    gateway: gateway(attributes.gateway ?? 'myelin'),
    hosts: hosts(attributes.hosts ?? ['*']),
    registry: registry(attributes.registry ?? 'registry.local:5000'),
    registryCredentials: optionalSecretKey('registryCredentials', attributes.registryCredentials),
    builder: (attributes.imageBuilder ?? ImageBuilder.buildkit('tcp://buildkitd.myelin-build.svc:1234')).address,
    prometheus: address('prometheus', attributes.prometheus ?? 'http://prometheus-operated.monitoring.svc:9090').href.replace(/\/$/, ''),
    monitoringNamespace: label('monitoringNamespace', attributes.monitoringNamespace ?? 'monitoring'),
    istioNamespace: label('istioNamespace', attributes.istioNamespace ?? 'istio-system'),
    monitoringLabels: { ...attributes.monitoringLabels },
    pushgateway: attributes.pushgateway === undefined ? undefined : hostAndPort(address('pushgateway', attributes.pushgateway)),
    webhookToken: optionalSecretKey('webhookToken', attributes.webhookToken) ?? { name: 'myelin-webhook-token', key: 'token' },
    alertToken: optionalSecretKey('alertToken', attributes.alertToken),
  };
}

function label(prop: string, value: string): string {
  requireValid(prop, value, dnsLabelProblem(value));
  return value;
}

function gateway(value: string): { name: string; namespace?: string } {
  const parts = value.split('/');
  if (parts.length > 2) {
    throw invalid('name-format', 'gateway', value, "must be 'name' or 'namespace/name'", 'write it with one slash at most');
  }
  const names = parts.map((part) => label('gateway', part));
  return names.length === 2 ? { namespace: names[0], name: names[1] } : { name: names[0] };
}

function hosts(names: string[]): string[] {
  if (names.length === 0) {
    throw invalid('empty', 'hosts', [], 'must hold at least one host', 'leave it out for every host of the gateway');
  }
  names.filter((host) => host !== '*').forEach((host) => requireValid('hosts', host, dnsSubdomainProblem(host.replace(/^\*\./, ''))));
  return names;
}

function registry(value: string): string {
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d+)?(\/[a-z0-9._/-]+)?$/.test(value) || value.endsWith('/')) {
    throw invalid('image-format', 'registry', value, "must be a registry's host, with port and path if any", "write it without scheme and trailing slash, as 'registry.example.org:5000/ml'");
  }
  return value;
}

function address(prop: string, value: string): URL {
  requireValid(prop, value, urlProblem(value));
  return new URL(value);
}

function hostAndPort({ hostname, port, protocol }: URL): { host: string; port: string } {
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? '443' : '80') : port };
}

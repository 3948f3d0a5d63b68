import { PlatformData } from '../loop/platform';
import { invalid, requireValid } from '../problem/error';
import { dnsLabelProblem, dnsSubdomainProblem } from '../validate/dns';
import { urlProblem } from '../validate/url';
import { ImageBuilder } from './image-builder';
import { SecretKey } from './secret-key';

/**
 * What an axon needs to know of the cluster that it will run in. Nothing here is about one
 * axon: all axons of a namespace share these, and the `Platform` construct makes the
 * objects that they name.
 */
export interface PlatformSettings {
  /**
   * The namespace that the event bus and the token lie in. An axon must lie in the same.
   * @default - the chart's; 'default' where it has none
   */
  readonly namespace?: string;

  /**
   * The EventBus of the namespace.
   * @default 'default'
   */
  readonly eventBus?: string;

  /**
   * The Istio Gateway that the axons' routes are bound to, as `name` or `namespace/name`.
   * @default 'myelin', in the axon's namespace
   */
  readonly gateway?: string;

  /**
   * Hosts that the routes answer to.
   * @default - every host of the gateway
   */
  readonly hosts?: string[];

  /**
   * Host, and path if any, of the registry that images without a host of their own belong to.
   * The nodes and the image builder must both resolve it.
   * @default 'registry.local:5000'
   */
  readonly registry?: string;

  /**
   * The login to that registry, as `kubectl create secret docker-registry` makes it: for the nodes
   * that pull and for the build steps that push. The Secret lies in the axons' namespace.
   * @default - none: the registry asks for no login
   */
  readonly registryCredentials?: SecretKey;

  /**
   * Who builds the images that axons declare by their source.
   * @default ImageBuilder.buildkit('tcp://buildkitd.myelin-build.svc:1234')
   */
  readonly imageBuilder?: ImageBuilder;

  /**
   * The Prometheus that evaluates the axons' rules; the gate asks it whether an alert is still firing.
   * @default 'http://prometheus-operated.monitoring.svc:9090'
   */
  readonly prometheus?: string;

  /**
   * The namespace of Prometheus and Alertmanager; only they may scrape and send alerts.
   * @default 'monitoring'
   */
  readonly monitoringNamespace?: string;

  /**
   * The namespace of Istio's ingress gateway; only it may call the models from outside.
   * @default 'istio-system'
   */
  readonly istioNamespace?: string;

  /**
   * Labels that the rule, monitor and alert routing objects need so that your Prometheus and
   * Alertmanager select them, for instance `{ release: 'kube-prometheus-stack' }`.
   * @default - none: a Prometheus that selects everything
   */
  readonly monitoringLabels?: Record<string, string>;

  /**
   * Address of a Pushgateway, handed to user code as `PUSHGATEWAY_URL` and `PUSHGATEWAY_PORT`.
   * @default - none: metrics that tasks push are only recorded with their run
   */
  readonly pushgateway?: string;

  /**
   * The bearer token that webhooks ask for, in a Secret that the platform's bootstrap Job makes.
   * @default SecretKey.of('myelin-webhook-token', 'token')
   */
  readonly webhookToken?: SecretKey;

  /**
   * The bearer token that Alertmanager presents. The Secret must exist before Alertmanager's
   * operator reads the routing, or the operator leaves that out.
   * @default - none: alerts come in on a port that only `monitoringNamespace` reaches, and the gate
   * believes Prometheus alone
   */
  readonly alertToken?: SecretKey;
}

/** @internal */
export function resolvePlatform(settings: PlatformSettings = {}): PlatformData {
  return {
    eventBus: label('eventBus', settings.eventBus ?? 'default'),
    gateway: gateway(settings.gateway ?? 'myelin'),
    hosts: hosts(settings.hosts ?? ['*']),
    registry: registry(settings.registry ?? 'registry.local:5000'),
    registryCredentials: settings.registryCredentials?._toData(),
    builder: (settings.imageBuilder ?? ImageBuilder.buildkit('tcp://buildkitd.myelin-build.svc:1234')).address,
    prometheus: address('prometheus', settings.prometheus ?? 'http://prometheus-operated.monitoring.svc:9090').href.replace(/\/$/, ''),
    monitoringNamespace: label('monitoringNamespace', settings.monitoringNamespace ?? 'monitoring'),
    istioNamespace: label('istioNamespace', settings.istioNamespace ?? 'istio-system'),
    monitoringLabels: { ...settings.monitoringLabels },
    pushgateway: settings.pushgateway === undefined ? undefined : hostAndPort(address('pushgateway', settings.pushgateway)),
    webhookToken: (settings.webhookToken ?? SecretKey.of('myelin-webhook-token', 'token'))._toData(),
    alertToken: settings.alertToken?._toData(),
  };
}

function label(prop: string, value: string): string {
  requireValid(prop, value, dnsLabelProblem(value));
  return value;
}

function gateway(value: string): { name: string; namespace?: string } {
  const parts = value.split('/');
  if (parts.length > 2) {
    throw invalid('name-format', 'gateway', value, "must be 'name' or 'namespace/name'", 'correct it');
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

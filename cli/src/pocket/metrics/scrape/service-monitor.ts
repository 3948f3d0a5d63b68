import { durationMs } from 'cdk8s-myelin/lib/promql/index.js';
import type { Objects } from '../../controller.js';
import { hasLabels, type KubeObject, refOf, refText } from '../../objects/kube-object.js';
import { PORTS_ANNOTATION } from '../../pods/pod.js';
import { withLabels } from '../promql/labels.js';
import { unknownFields } from '../unknown-fields.js';
import type { Target } from './target.js';

const DEFAULT_INTERVAL_MS = 30_000;
const LONGEST_TIMEOUT_MS = 10_000;

interface Endpoint {
  readonly port?: string;
  readonly targetPort?: string | number;
  readonly path?: string;
  readonly interval?: string;
  readonly scrapeTimeout?: string;
  readonly honorLabels?: boolean;
  readonly honorTimestamps?: boolean;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly scheme?: string;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: string | number;
}

const MONITOR_FIELDS = ['selector', 'endpoints', 'jobLabel', 'targetLabels', 'podTargetLabels', 'namespaceSelector'];
const ENDPOINT_FIELDS = ['port', 'targetPort', 'path', 'interval', 'scrapeTimeout', 'honorLabels', 'honorTimestamps', 'params', 'scheme'];

/** The targets of all ServiceMonitors, and why some monitors are not followed. */
export function discover(objects: Objects): { readonly targets: Target[]; readonly problems: string[] } {
  const targets: Target[] = [];
  const problems: string[] = [];
  for (const monitor of objects.list('ServiceMonitor')) {
    const unsupported = refusal(monitor);
    if (unsupported === undefined) {
      targets.push(...targetsOf(monitor, objects));
    } else {
      problems.push(unsupported);
    }
  }
  return { targets, problems };
}

function refusal(monitor: KubeObject): string | undefined {
  const name = refText(refOf(monitor));
  const { spec } = monitor;
  const endpoints: Endpoint[] = spec.endpoints ?? [];
  const field = [
    ...unknownFields('spec', spec, MONITOR_FIELDS),
    ...unknownFields('spec.selector', spec.selector ?? {}, ['matchLabels']),
    ...unknownFields('spec.namespaceSelector', spec.namespaceSelector ?? {}, ['any', 'matchNames']),
    ...endpoints.flatMap((endpoint, i) => unknownFields(`spec.endpoints[${i}]`, endpoint, ENDPOINT_FIELDS)),
  ][0];
  if (field !== undefined) return `'${name}' (${field}) is a field that the pocket cluster does not follow, remove it`;
  const https = endpoints.findIndex(({ scheme }) => scheme !== undefined && scheme.toLowerCase() !== 'http');
  if (https !== -1) return `'${name}' (spec.endpoints[${https}].scheme) must be http in the pocket cluster, remove it`;
  const times = endpoints.flatMap(({ interval, scrapeTimeout }) => [interval, scrapeTimeout]);
  const wrong = times.find((time) => time !== undefined && !((durationMs(time) ?? 0) > 0));
  return wrong === undefined ? undefined : `'${name}' (${wrong}) is no duration, write one such as 15s`;
}

function targetsOf(monitor: KubeObject, objects: Objects): Target[] {
  const { selector, endpoints = [] } = monitor.spec;
  return namespacesOf(monitor).flatMap((namespace) => {
    const services = objects.list('Service', { namespace, labels: selector?.matchLabels ?? {} });
    return services.flatMap((service) => (endpoints as Endpoint[]).flatMap((endpoint, i) => endpointTargets(monitor, i, endpoint, service, objects)));
  });
}

/** Undefined stands for all namespaces. */
function namespacesOf(monitor: KubeObject): (string | undefined)[] {
  const { any, matchNames } = monitor.spec.namespaceSelector ?? {};
  return any === true ? [undefined] : matchNames ?? [monitor.metadata.namespace ?? 'default'];
}

function endpointTargets(monitor: KubeObject, index: number, endpoint: Endpoint, service: KubeObject, objects: Objects): Target[] {
  const namespace = service.metadata.namespace ?? 'default';
  const selector: Record<string, string> | undefined = service.spec.selector;
  if (selector === undefined) return [];
  const intervalMs = durationMs(endpoint.interval ?? '') ?? DEFAULT_INTERVAL_MS;
  const asked = durationMs(endpoint.scrapeTimeout ?? '') ?? LONGEST_TIMEOUT_MS;
  const pods = objects.list('Pod', { namespace }).filter((pod) => hasLabels(pod, selector) && !['Succeeded', 'Failed'].includes(pod.status?.phase));
  return pods.flatMap((pod) => servicePorts(service, endpoint).flatMap((port) => {
    const found = hostPort(pod, port);
    return found === undefined ? [] : [{
      job: `serviceMonitor/${monitor.metadata.namespace ?? 'default'}/${monitor.metadata.name}/${index}`,
      host: '127.0.0.1',
      port: found.port,
      path: endpoint.path ?? '/metrics',
      params: endpoint.params ?? {},
      intervalMs,
      timeoutMs: Math.min(asked, intervalMs),
      honorLabels: endpoint.honorLabels ?? false,
      honorTimestamps: endpoint.honorTimestamps ?? true,
      labels: labelsOf(monitor, endpoint, service, pod, found),
    }];
  }));
}

/** The ports of a service that an endpoint means: by the name of the service's port, else by that of the container. */
function servicePorts(service: KubeObject, { port, targetPort }: Endpoint): ServicePort[] {
  const ports: ServicePort[] = service.spec.ports ?? [];
  const isMeant = (given: ServicePort) => (port === undefined ? String(given.targetPort ?? given.port) === String(targetPort) : given.name === port);
  return ports.filter(isMeant);
}

function hostPort(pod: KubeObject, { port, targetPort = port }: ServicePort): { readonly port: number; readonly container: string } | undefined {
  const containers: { name: string; ports?: { name?: string; containerPort: number }[] }[] = pod.spec?.containers ?? [];
  for (const { name, ports = [] } of containers) {
    const declared = ports.find((candidate) => (typeof targetPort === 'number' ? candidate.containerPort === targetPort : candidate.name === targetPort));
    if (declared !== undefined) {
      const real = portsOf(pod)[String(declared.containerPort)];
      return real === undefined ? undefined : { port: real, container: name };
    }
  }
  return undefined;
}

function portsOf(pod: KubeObject): Readonly<Record<string, number>> {
  try {
    return JSON.parse(pod.metadata.annotations?.[PORTS_ANNOTATION] ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}

/** The labels that the operator's relabeling gives a target. */
function labelsOf(monitor: KubeObject, endpoint: Endpoint, service: KubeObject, pod: KubeObject, real: { port: number; container: string }): Target['labels'] {
  const { jobLabel, targetLabels = [], podTargetLabels = [] } = monitor.spec;
  const copied = (names: readonly string[], from: KubeObject) => Object.fromEntries(names.map((name) => [sanitized(name), from.metadata.labels?.[name] ?? '']));
  return withLabels({}, {
    instance: `127.0.0.1:${real.port}`,
    namespace: service.metadata.namespace ?? 'default',
    service: service.metadata.name,
    pod: pod.metadata.name,
    container: real.container,
    endpoint: String(endpoint.port ?? endpoint.targetPort ?? ''),
    ...copied(targetLabels, service),
    ...copied(podTargetLabels, pod),
    job: (jobLabel === undefined ? undefined : service.metadata.labels?.[jobLabel]) || service.metadata.name,
  });
}

function sanitized(label: string): string {
  return label.replace(/[^A-Za-z0-9_]/g, '_');
}

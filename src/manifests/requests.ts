import { ResourceList } from '../crd/kube';

/** What a container of user code requests of each resource for which it sets neither a request nor a limit. */
const REQUESTS: Readonly<Record<string, string>> = { cpu: '100m', memory: '256Mi' };

/** Requests of Argo's own two containers beside each container of a run. */
export const ARGO_REQUESTS = { cpu: '10m', memory: '64Mi' } as const;

/** Resources of the containers that Argo Events and its bus run. */
export const EVENTS_RESOURCES: ResourceList = { requests: { cpu: '20m', memory: '64Mi' } };

/** The resources of a container of user code. A quota admits only pods whose containers request every resource that it limits. */
export function userResources({ requests, limits }: ResourceList = {}): ResourceList {
  const missing = Object.entries(REQUESTS).filter(([name]) => requests?.[name] === undefined && limits?.[name] === undefined);
  // Without a request, Kubernetes takes the limit.
  return missing.length === 0 ? { requests, limits } : { requests: { ...requests, ...Object.fromEntries(missing) }, limits };
}

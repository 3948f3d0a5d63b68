import { Pod, PodFields } from '../contract/documents';
import { normalPath } from '../validate/path';
import { canonicalJson } from './canonical';

/** What a user adds to pods: labels, annotations, fields of the spec and mounts, in Kubernetes' own format. */
export type PodData = Pod;

type Part = Readonly<Record<string, unknown>>;

/** How two values of a field become one. */
type Merge = (general: any, particular: any) => unknown;

/** The particular value of a key wins. */
const BY_KEY: Merge = (general: Part, particular: Part) => ({ ...general, ...particular });

const REPLACED: Merge = (_, particular) => particular;

/** A list of both, without the general items that a particular item identifies, too. */
function joined(identity: (item: any) => string): Merge {
  return (general: Part[], particular: Part[]) => {
    const kept = new Set(particular.map(identity));
    return [...general.filter((item) => !kept.has(identity(item))), ...particular];
  };
}

const BY_NAME = joined(({ name }: { name: string }) => name);

const FIELDS: { readonly [field in keyof Required<PodFields>]: Merge } = {
  nodeSelector: BY_KEY,
  affinity: REPLACED,
  tolerations: joined(canonicalJson),
  topologySpreadConstraints: REPLACED,
  priorityClassName: REPLACED,
  runtimeClassName: REPLACED,
  imagePullSecrets: BY_NAME,
  securityContext: BY_KEY,
  volumes: BY_NAME,
};

const POD: { readonly [field in keyof Required<Pod>]: Merge } = {
  labels: BY_KEY,
  annotations: BY_KEY,
  spec: (general: PodFields, particular: PodFields) => merged(general, particular, FIELDS),
  volumeMounts: joined(({ mountPath }: { mountPath: string }) => normalPath(mountPath)),
};

/**
 * Merges pod options, from the most general to the most particular. Maps merge by key, and the particular value wins. Lists are joined, and a
 * particular item replaces the general one of its name, or of its mount path. Every other field is replaced.
 */
export function mergedPods(...pods: readonly (PodData | undefined)[]): PodData | undefined {
  return pods.reduce((general, particular) => {
    if (general === undefined || particular === undefined) {
      return particular ?? general;
    }
    return merged(general, particular, POD);
  }, undefined);
}

function merged<T extends object>(general: T, particular: T, merges: { readonly [field in keyof Required<T>]: Merge }): T {
  const fields = Object.keys(merges) as (keyof T)[];
  return Object.fromEntries(fields.flatMap((field) => {
    const [a, b] = [general[field], particular[field]];
    const value = a === undefined || b === undefined ? b ?? a : merges[field](a, b);
    return value === undefined ? [] : [[field, value]];
  })) as T;
}

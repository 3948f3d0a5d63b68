// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/** A part of a pod in Kubernetes' own format. */
type Part = Readonly<Record<string, unknown>>;

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** An affinity with one more required term about the pods beside it. Kubernetes demands every required term, so those of the user hold, too. */
export function withPodAffinityTerm(affinity: Part | undefined, term: Part): Part {
  const podAffinity = affinity?.podAffinity as Part | undefined;
  const terms = (podAffinity?.[REQUIRED] ?? []) as readonly Part[];
  return { ...affinity, podAffinity: { ...podAffinity, [REQUIRED]: [...terms, term] } };
}

/** Constraints on the spread of pods. Kubernetes counts no pod for one without a label selector; it gets one for `labels`. */
export function withSpreadSelector(constraints: readonly Part[], labels: Readonly<Record<string, string>>): Part[] {
  return constraints.map((constraint) => (constraint.labelSelector === undefined ? { ...constraint, labelSelector: { matchLabels: labels } } : constraint));
}

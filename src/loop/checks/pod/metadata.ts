import { LABEL } from '../../../contract/constants';
import { detail, ProblemDetail } from '../../../problem/problem';
import { labelKeyProblem, labelValueProblem } from '../../../validate/dns';
import { Finding } from './finding';

type Texts = Readonly<Record<string, string>>;

/** Keys that the loop or an engine uses, by prefix. */
const PREFIXES = ['myelin.io/', 'workflows.argoproj.io/'];
/** Labels that the loop sets, besides those with a prefix of ours. */
const LABELS: readonly string[] = [LABEL.NAME, LABEL.PART_OF, LABEL.MANAGED_BY];
/** Labels by which Kubernetes finds the pods of a Job and of a Deployment. It rejects a Job that sets one of its own. */
const OF_CONTROLLERS = [
  'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name', 'pod-template-hash',
];
/** Annotations with the AppArmor profile of a container. */
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Whether a label has a key that the loop, Argo Workflows or a controller of Kubernetes uses. */
export function isReservedLabel(key: string): boolean {
  return LABELS.includes(key) || OF_CONTROLLERS.includes(key) || isReservedAnnotation(key);
}

function isReservedAnnotation(key: string): boolean {
  return PREFIXES.some((prefix) => key.startsWith(prefix));
}

/**
 * Checks labels of a user.
 * @param at where they are
 * @param reserved more keys that the loop sets
 */
export function labelFindings(at: string, labels: Texts = {}, reserved: readonly string[] = []): Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const problem = OF_CONTROLLERS.includes(key) ? OF_KUBERNETES
      : isReservedLabel(key) || reserved.includes(key) ? RESERVED : labelKeyProblem(key) ?? labelValueProblem(value);
    return problem === undefined ? [] : [{ at, value: `${key}: ${value}`, item: key, ...problem }];
  });
}

/** Checks annotations of a user. */
export function annotationFindings(at: string, annotations: Texts = {}): Finding[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    const problem = isReservedAnnotation(key) ? RESERVED : labelKeyProblem(key) ?? appArmorProblem(key, value);
    return problem === undefined ? [] : [{ at, value: `${key}: ${value}`, item: key, ...problem }];
  });
}

function appArmorProblem(key: string, value: string): ProblemDetail | undefined {
  return !key.startsWith(APP_ARMOR) || value === 'runtime/default' || value.startsWith('localhost/') ? undefined
    : detail('restricted', "is an AppArmor profile that Pod Security 'restricted' rejects", "remove it, or write 'runtime/default'");
}

const OF_KUBERNETES = detail('reserved', 'has a key that Kubernetes sets itself', 'use another key');
const RESERVED = detail('reserved', 'has a key that the loop sets itself', 'use another key');

import { LABEL } from '../../../contract/constants';
import { detail } from '../../../problem/problem';
import { labelKeyProblem, labelValueProblem } from '../../../validate/dns';
import { Finding } from './finding';

type Texts = Readonly<Record<string, string>>;

/** Keys that the loop or an engine uses, by prefix. */
const PREFIXES = ['myelin.io/', 'workflows.argoproj.io/'];
/** Labels that the loop sets, besides those with a prefix of ours. */
const LABELS: readonly string[] = [LABEL.NAME, LABEL.PART_OF, LABEL.MANAGED_BY];

/** Whether a label has a key that the loop or Argo Workflows uses. */
export function isReservedLabel(key: string): boolean {
  return LABELS.includes(key) || isReservedAnnotation(key);
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
    const problem = isReservedLabel(key) || reserved.includes(key) ? RESERVED : labelKeyProblem(key) ?? labelValueProblem(value);
    return problem === undefined ? [] : [{ at, value: `${key}: ${value}`, item: key, ...problem }];
  });
}

/** Checks annotations of a user. */
export function annotationFindings(at: string, annotations: Texts = {}): Finding[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    const problem = isReservedAnnotation(key) ? RESERVED : labelKeyProblem(key);
    return problem === undefined ? [] : [{ at, value: `${key}: ${value}`, item: key, ...problem }];
  });
}

const RESERVED = detail('reserved', 'has a key that the loop sets itself', 'use another key');

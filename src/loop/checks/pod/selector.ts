import { labelKeyProblem, labelValueProblem } from '../../../validate/dns';
import { Finding, found, foundBy, missing, notOneOf } from './finding';

/** A condition on one label, of pods or of nodes. */
interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** Which pods are meant. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

const OF_PODS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const OF_NODES = [...OF_PODS, 'Gt', 'Lt'];

/** Checks a map of labels that must match. */
export function matchedLabelFindings(at: string, labels: Readonly<Record<string, string>> = {}): Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => foundBy(at, `${key}: ${value}`, labelKeyProblem(key) ?? labelValueProblem(value))
    .map((finding) => ({ ...finding, item: key })));
}

/** Checks a selector of pods. */
export function selectorFindings(at: string, { matchLabels, matchExpressions = [] }: LabelSelector = {}): Finding[] {
  return [
    ...matchedLabelFindings(`${at}.matchLabels`, matchLabels),
    ...matchExpressions.flatMap((requirement, index) => requirementFindings(`${at}.matchExpressions[${index}]`, requirement, OF_PODS)),
  ];
}

/** Checks a condition on a label of nodes. */
export function nodeRequirementFindings(at: string, requirement: Requirement): Finding[] {
  return requirementFindings(at, requirement, OF_NODES);
}

/** Checks a condition on a field of nodes. Kubernetes compares one field with one value. */
export function nodeFieldFindings(at: string, { key = '', operator, values = [] }: Requirement): Finding[] {
  return [
    ...notOneOf(`${at}.key`, key, ['metadata.name']),
    ...missing(`${at}.operator`, operator, 'write one of In, NotIn'),
    ...notOneOf(`${at}.operator`, operator, ['In', 'NotIn']),
    ...(values.length === 1 ? [] : [found(`${at}.values`, values, 'wrong-type', 'must be the name of one node', "write it as ['node-1']")]),
  ];
}

function requirementFindings(at: string, { key = '', operator, values = [] }: Requirement, operators: readonly string[]): Finding[] {
  const known = [...missing(`${at}.operator`, operator, `write one of ${operators.join(', ')}`), ...notOneOf(`${at}.operator`, operator, operators)];
  return [
    ...foundBy(`${at}.key`, key, labelKeyProblem(key)),
    ...(known.length > 0 ? known : valueFindings(`${at}.values`, operator!, values)),
  ];
}

function valueFindings(at: string, operator: string, values: readonly string[]): Finding[] {
  switch (operator) {
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? [] : [found(at, values, 'unused', `must be absent beside the operator '${operator}'`, "remove it, or use the operator 'In'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^-?\d+$/.test(String(values[0])) ? []
        : [found(at, values, 'wrong-type', `must be one whole number beside the operator '${operator}'`, "write it as ['4']")];
    default:
      return values.length === 0 ? [found(at, values, 'empty', `must hold a value beside the operator '${operator}'`, "add one, or use the operator 'Exists'")]
        : values.flatMap((value, index) => foundBy(`${at}[${index}]`, value, labelValueProblem(String(value))));
  }
}

import { PodFields } from '../../../contract/documents';
import { dnsSubdomainProblem, labelKeyProblem, labelValueProblem } from '../../../validate/dns';
import { Affinity, affinityFindings, topologyFindings } from './affinity';
import { Finding, found, foundBy, missing, notOneOf } from './finding';
import { LabelSelector, matchedLabelFindings, selectorFindings } from './selector';

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

interface SpreadConstraint {
  readonly maxSkew?: number;
  readonly minDomains?: number;
  readonly topologyKey?: string;
  readonly whenUnsatisfiable?: string;
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
}

const POLICIES = ['Honor', 'Ignore'];

/** Checks where a pod may run, and the classes and pull secrets that it names. */
export function placementFindings(fields: PodFields): Finding[] {
  const { nodeSelector, affinity = {}, tolerations = [], topologySpreadConstraints = [], imagePullSecrets = [] } = fields;
  return [
    ...matchedLabelFindings('nodeSelector', nodeSelector),
    ...affinityFindings('affinity', affinity as Affinity),
    ...tolerations.flatMap((toleration, index) => tolerationFindings(`tolerations[${index}]`, toleration as Toleration)),
    ...spreadFindings(topologySpreadConstraints as readonly SpreadConstraint[]),
    ...(['priorityClassName', 'runtimeClassName'] as const).flatMap((field) => classFindings(field, fields[field])),
    ...imagePullSecrets.flatMap(({ name }, index) => foundBy(`imagePullSecrets[${index}].name`, name, dnsSubdomainProblem(name))),
  ];
}

function classFindings(at: string, name: string | undefined): Finding[] {
  return name === undefined ? [] : foundBy(at, name, dnsSubdomainProblem(name));
}

function tolerationFindings(at: string, { key = '', operator = 'Equal', value = '', effect, tolerationSeconds }: Toleration): Finding[] {
  const exists = operator === 'Exists';
  return [
    ...notOneOf(`${at}.operator`, operator, ['Exists', 'Equal']),
    ...notOneOf(`${at}.effect`, effect === '' ? undefined : effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    ...(key === '' ? [] : foundBy(`${at}.key`, key, labelKeyProblem(key))),
    ...(key === '' && operator === 'Equal'
      ? [found(`${at}.operator`, operator, 'required', "needs a 'key', because only 'Exists' tolerates taints of every key", "add the key, or write 'Exists'")] : []),
    ...(exists && value !== '' ? [found(`${at}.value`, value, 'unused', "must be absent beside the operator 'Exists'", "remove it, or write 'Equal'")] : []),
    ...(exists ? [] : foundBy(`${at}.value`, value, labelValueProblem(String(value)))),
    ...(tolerationSeconds === undefined ? [] : secondsFindings(`${at}.tolerationSeconds`, tolerationSeconds, effect)),
  ];
}

function secondsFindings(at: string, seconds: number, effect: string | undefined): Finding[] {
  if (!Number.isInteger(seconds)) {
    return [found(at, seconds, 'not-whole', 'must be whole seconds', 'round it')];
  }
  return effect === 'NoExecute' ? [] : [found(at, seconds, 'unused', "counts only beside the effect 'NoExecute'", "remove it, or write 'NoExecute'")];
}

function spreadFindings(constraints: readonly SpreadConstraint[]): Finding[] {
  return constraints.flatMap((constraint, index) => {
    const at = `topologySpreadConstraints[${index}]`;
    const { maxSkew, minDomains, topologyKey, whenUnsatisfiable, labelSelector, matchLabelKeys = [] } = constraint;
    const { nodeAffinityPolicy, nodeTaintsPolicy } = constraint;
    const twin = constraints.findIndex((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    return [
      ...atLeastOne(`${at}.maxSkew`, maxSkew),
      ...topologyFindings(`${at}.topologyKey`, topologyKey),
      ...missing(`${at}.whenUnsatisfiable`, whenUnsatisfiable, "write 'DoNotSchedule' or 'ScheduleAnyway'"),
      ...notOneOf(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']),
      ...(twin < index ? [found(`${at}.topologyKey`, topologyKey, 'duplicate',
        `is spread over with '${whenUnsatisfiable}' by 'topologySpreadConstraints[${twin}]', too`, 'remove one of them')] : []),
      ...(minDomains === undefined ? [] : atLeastOne(`${at}.minDomains`, minDomains)),
      ...(minDomains !== undefined && whenUnsatisfiable === 'ScheduleAnyway'
        ? [found(`${at}.minDomains`, minDomains, 'unused', "counts only beside 'whenUnsatisfiable: DoNotSchedule'", 'remove it')] : []),
      ...selectorFindings(`${at}.labelSelector`, labelSelector),
      ...matchLabelKeys.flatMap((key, item) => foundBy(`${at}.matchLabelKeys[${item}]`, key, labelKeyProblem(key))),
      ...notOneOf(`${at}.nodeAffinityPolicy`, nodeAffinityPolicy, POLICIES),
      ...notOneOf(`${at}.nodeTaintsPolicy`, nodeTaintsPolicy, POLICIES),
    ];
  });
}

function atLeastOne(at: string, value: number | undefined): Finding[] {
  if (Number.isInteger(value) && value! >= 1) {
    return [];
  }
  const remedy = typeof value !== 'number' ? 'set it to 1' : value < 1 ? 'raise it to 1' : 'round it';
  return [found(at, value, 'not-whole', 'must be a whole number of at least 1', remedy)];
}

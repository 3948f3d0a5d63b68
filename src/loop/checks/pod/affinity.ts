import { dnsLabelProblem, labelKeyProblem } from '../../../validate/dns';
import { Finding, found, foundBy, missing } from './finding';
import { LabelSelector, nodeFieldFindings, nodeRequirementFindings, selectorFindings } from './selector';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

type Requirement = Parameters<typeof nodeRequirementFindings>[1];

interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface PodTerm {
  readonly labelSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly topologyKey?: string;
}

interface PodAffinity {
  readonly [REQUIRED]?: readonly PodTerm[];
  readonly [PREFERRED]?: readonly { readonly weight?: number; readonly podAffinityTerm?: PodTerm }[];
}

/** An affinity in Kubernetes' own format. */
export interface Affinity {
  readonly nodeAffinity?: {
    readonly [REQUIRED]?: { readonly nodeSelectorTerms?: readonly NodeTerm[] };
    readonly [PREFERRED]?: readonly { readonly weight?: number; readonly preference?: NodeTerm }[];
  };
  readonly podAffinity?: PodAffinity;
  readonly podAntiAffinity?: PodAffinity;
}

/** Checks an affinity. */
export function affinityFindings(at: string, { nodeAffinity = {}, podAffinity = {}, podAntiAffinity = {} }: Affinity): Finding[] {
  const { [REQUIRED]: required, [PREFERRED]: preferred = [] } = nodeAffinity;
  const terms = required?.nodeSelectorTerms ?? [];
  const place = `${at}.nodeAffinity`;
  return [
    ...(required !== undefined && terms.length === 0
      ? [found(`${place}.${REQUIRED}.nodeSelectorTerms`, terms, 'empty', 'must hold a term, because without one it matches no node', 'add one')] : []),
    ...terms.flatMap((term, index) => nodeTermFindings(`${place}.${REQUIRED}.nodeSelectorTerms[${index}]`, term)),
    ...preferred.flatMap(({ weight, preference }, index) => [
      ...weightFindings(`${place}.${PREFERRED}[${index}].weight`, weight),
      ...nodeTermFindings(`${place}.${PREFERRED}[${index}].preference`, preference),
    ]),
    ...podAffinityFindings(`${at}.podAffinity`, podAffinity),
    ...podAffinityFindings(`${at}.podAntiAffinity`, podAntiAffinity),
  ];
}

function podAffinityFindings(at: string, { [REQUIRED]: required = [], [PREFERRED]: preferred = [] }: PodAffinity): Finding[] {
  return [
    ...required.flatMap((term, index) => podTermFindings(`${at}.${REQUIRED}[${index}]`, term)),
    ...preferred.flatMap(({ weight, podAffinityTerm }, index) => [
      ...weightFindings(`${at}.${PREFERRED}[${index}].weight`, weight),
      ...podTermFindings(`${at}.${PREFERRED}[${index}].podAffinityTerm`, podAffinityTerm),
    ]),
  ];
}

function nodeTermFindings(at: string, { matchExpressions = [], matchFields = [] }: NodeTerm = {}): Finding[] {
  return matchExpressions.length + matchFields.length === 0
    ? [found(at, {}, 'empty', 'has no condition, so it matches no node', "add one under 'matchExpressions'")]
    : [
      ...matchExpressions.flatMap((one, index) => nodeRequirementFindings(`${at}.matchExpressions[${index}]`, one)),
      ...matchFields.flatMap((one, index) => nodeFieldFindings(`${at}.matchFields[${index}]`, one)),
    ];
}

function podTermFindings(at: string, { labelSelector, namespaceSelector, namespaces = [], topologyKey }: PodTerm = {}): Finding[] {
  return [
    ...(labelSelector === undefined ? [found(`${at}.labelSelector`, undefined, 'required', 'is absent, so the term matches no pod', "add one, as '{ matchLabels: … }'")] : []),
    ...selectorFindings(`${at}.labelSelector`, labelSelector),
    ...selectorFindings(`${at}.namespaceSelector`, namespaceSelector),
    ...namespaces.flatMap((name, index) => foundBy(`${at}.namespaces[${index}]`, name, dnsLabelProblem(name))),
    ...topologyFindings(`${at}.topologyKey`, topologyKey),
  ];
}

/** Checks the label by whose values nodes are grouped. */
export function topologyFindings(at: string, key: string | undefined): Finding[] {
  const absent = missing(at, key, "name a label of nodes, as 'topology.kubernetes.io/zone'");
  return absent.length > 0 ? absent : foundBy(at, key, labelKeyProblem(key!));
}

function weightFindings(at: string, weight: number | undefined): Finding[] {
  return Number.isInteger(weight) && weight! >= 1 && weight! <= 100 ? []
    : [found(at, weight, 'out-of-range', 'must be a whole number from 1 to 100', 'use a number from 1 to 100')];
}

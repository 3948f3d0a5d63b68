import { error, Problem } from '../../../problem/problem';
import { PodData } from '../../pod';
import { Finding, found } from './finding';
import { annotationFindings, labelFindings } from './metadata';
import { placementFindings } from './placement';
import { SecurityContext, securityFindings } from './security';
import { mountFindings, volumeFindings } from './volumes';

const CHART = 'labels of the chart';

/** What pod options are declared for. */
export interface PodPlace {
  /** The path of the construct. */
  readonly path: string;
  /** The property that holds the options. */
  readonly prop: string;
  /** The options that these are merged over. */
  readonly general?: PodData;
  /** Labels that the loop sets in these pods, besides those that are reserved everywhere. */
  readonly labels?: readonly string[];
  /** Folders in which the loop mounts in these pods, besides those that are reserved everywhere. */
  readonly paths?: readonly string[];
}

/** Checks the pod options of one construct. */
export function podProblems(pod: PodData | undefined, { path, prop, general, labels, paths }: PodPlace): Problem[] {
  if (pod === undefined) {
    return [];
  }
  const { spec = {}, volumeMounts = [] } = pod;
  const { volumes = [], securityContext = {} } = spec;
  const braces = bracesIn({ labels: pod.labels, annotations: pod.annotations, ...spec, volumeMounts }, '');
  const findings = braces.length > 0 ? braces : [
    ...labelFindings('labels', pod.labels, labels),
    ...annotationFindings('annotations', pod.annotations),
    ...placementFindings(spec),
    ...securityFindings('securityContext', securityContext as SecurityContext),
    ...volumeFindings(volumes),
    ...mountFindings(volumeMounts, [...volumes, ...general?.spec?.volumes ?? []].map(({ name }) => name), paths),
  ];
  return findings.map((finding) => problemOf(finding, path, prop));
}

/** Labels and annotations of all objects of a construct, and the labels that it sets itself. */
export interface ObjectMetadata extends Pick<PodData, 'labels' | 'annotations'> {
  /** The keys of those labels that come from the chart. */
  readonly chartLabels?: readonly string[];
  readonly reserved: readonly string[];
}

/** Checks the labels and annotations of all objects of a construct. */
export function metadataProblems(path: string, { labels = {}, chartLabels = [], annotations, reserved }: ObjectMetadata): Problem[] {
  const labelsOf = (chart: boolean) => Object.fromEntries(Object.entries(labels).filter(([key]) => chartLabels.includes(key) === chart));
  const [own, ofChart] = [labelsOf(false), labelsOf(true)];
  const braces = bracesIn({ labels: own, [CHART]: ofChart, annotations }, '');
  const findings = braces.length > 0 ? braces
    : [...labelFindings('labels', own, reserved), ...labelFindings(CHART, ofChart, reserved), ...annotationFindings('annotations', annotations)];
  return findings.map((finding) => problemOf(finding, path));
}

function problemOf({ at, value, code, rule, remedy, item }: Finding, path: string, prop?: string): Problem {
  return error(path, code, prop === undefined ? at : `${prop}.${at}`, value, rule, remedy, item === undefined ? {} : { item });
}

/** Argo Workflows takes two braces in any text of a template for a reference of its own. */
function bracesIn(value: unknown, at: string): Finding[] {
  if (typeof value === 'string') {
    return value.includes('{{') ? [found(at, value, 'parameter-reference', "must not hold '{{', which Argo Workflows would expand", 'remove the braces')] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = Array.isArray(value) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`;
    return [...bracesIn(key, place), ...bracesIn(inner, place)];
  });
}

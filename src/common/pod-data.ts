import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { LABEL } from '../contract/constants';
import { PodFields, PodVolumeMount } from '../contract/documents';
import { isReservedLabel } from '../loop/checks/pod/metadata';
import { PodData } from '../loop/pod';
import { PodOptions } from './pod-options';

/** A part of a pod, in the structs of cdk8s-plus or in Kubernetes' own format. */
type Part = Readonly<Record<string, unknown>>;

/** Where the structs of cdk8s-plus spell a field of Kubernetes in another way: the path to the field, and how Kubernetes spells it. */
const RENAMED: readonly (readonly [path: readonly string[], wire: string])[] = [
  [['volumes', '*', 'downwardApi'], 'downwardAPI'],
  [['volumes', '*', 'projected', 'sources', '*', 'downwardApi'], 'downwardAPI'],
];

/**
 * Pod options as plain data in Kubernetes' own format. Options that are in that format already stay as they are, so a file can pass on what it
 * has read. Undefined where there are none.
 */
export function podData(options: PodOptions | undefined): PodData | undefined {
  const { labels, annotations, imagePullSecrets, nodeSelector, volumeMounts, ...parts } = options ?? {};
  const spec = present<PodFields>({
    nodeSelector: texts(nodeSelector),
    imagePullSecrets: imagePullSecrets?.map(({ name }) => ({ name })),
    ...(wire(parts, []) as Part),
  });
  return present<PodData>({
    labels: texts(labels), annotations: texts(annotations), spec, volumeMounts: wire(volumeMounts, ['volumeMounts']) as PodVolumeMount[] | undefined,
  });
}

function wire(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) {
    return value.filter(isGiven).map((item) => wire(item, [...path, '*']));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (isQuantity(value)) {
    return String(value.value);
  }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => isGiven(member)).map(([key, member]) => {
    const place = [...path, key];
    return [wireName(place) ?? key, wire(member, place)];
  }));
}

function wireName(place: readonly string[]): string | undefined {
  return RENAMED.find(([path]) => path.length === place.length && path.every((step, index) => step === place[index]))?.[1];
}

/** Whether a value is a `Quantity` or another instance of a class: of the objects of a pod, only these have a prototype below that of `Object`. */
function isQuantity(value: object): value is { readonly value: string | number } {
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null && 'value' in value;
}

/** The labels of pods of a construct. */
export interface PodLabels {
  readonly labels?: Readonly<Record<string, string>>;
  /** The keys of those labels that come from the chart. */
  readonly chartLabels?: readonly string[];
}

/**
 * The labels of pods of a construct besides those of the loop: cdk8s adds the labels of a chart to its objects, but not to the pods that
 * these make. Labels of the chart that the loop sets itself stay those of the loop.
 */
export function podLabels(construct: Construct, labels?: Readonly<Record<string, string>>): PodLabels {
  const own = texts(labels) ?? {};
  const ofChart = Object.fromEntries(Object.entries(Chart.of(construct).labels).filter(([key]) => !isReservedLabel(key) && key !== LABEL.SIDECAR));
  return present<PodLabels>({ labels: { ...ofChart, ...own }, chartLabels: Object.keys(ofChart).filter((key) => !Object.hasOwn(own, key)) }) ?? {};
}

/** Programs without types can write null for what is absent. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Files and programs may write numbers where Kubernetes has texts. */
function texts(map: Readonly<Record<string, unknown>> | undefined): Record<string, string> | undefined {
  return map && Object.fromEntries(Object.entries(map).filter(([, value]) => isGiven(value)).map(([key, value]) => [key, String(value)]));
}

/** Without what is absent or empty; undefined if nothing is left. */
function present<T extends object>(options: T): T | undefined {
  const entries = Object.entries(options).filter(([, value]) => isGiven(value) && Object.keys(value as object).length > 0);
  return entries.length === 0 ? undefined : Object.fromEntries(entries) as T;
}

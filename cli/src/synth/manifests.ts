import { App, Chart, Yaml } from 'cdk8s';
import { Axon, AxonFile, AxonFileProblem, Platform, PlatformAttributes } from 'cdk8s-myelin';
import { Input } from '../inputs.js';
import { misused, UsageError } from '../outcome.js';

/** The part of a Kubernetes object that we look at. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** A file to write. */
export interface Manifest {
  readonly file: string;
  readonly objects: KubeObject[];
  readonly text: string;
}

export interface AxonManifest extends Manifest {
  readonly name: string;
  readonly namespace: string;
  readonly podSecurityLevel: string;
}

interface ReadOptions {
  readonly namespace?: string;
  /** Whether the platform is written beside the axons. */
  readonly platform: boolean;
  readonly lenient?: boolean;
  readonly strict?: boolean;
}

/** The manifests of all axons, and the problems of the files. With an error among them there may be fewer manifests than axons. */
export function axonManifests(
  inputs: Input[], options: ReadOptions, attributes: PlatformAttributes,
): { problems: AxonFileProblem[]; axons: AxonManifest[] } {
  const problems: AxonFileProblem[] = [];
  const axons: AxonManifest[] = [];
  const { namespace, lenient, strict } = options;
  // In a chart without a namespace, so it fits the namespaces of all axons.
  const platform = Platform.fromPlatformAttributes(new Chart(new App(), 'platform'), 'platform', attributes);
  for (const { name, text } of inputs) {
    const file = new AxonFile(text, name, { namespace, lenient, strict, platform });
    for (const axonName of file.axonNames) {
      // An app of its own for each: an app validates all it holds for each of its charts.
      const chart = new Chart(new App(), 'axon');
      const axon = file.make(chart, axonName);
      if (axon !== undefined) {
        axons.push(manifestOf(axon, chart));
      }
    }
    problems.push(...file.problems);
  }
  refuseTwins(axons, options.platform);
  refuseClashes(axons);
  return { problems, axons };
}

/** What all axons of a namespace share. The name of the file tells the namespace only where there are several. */
export function platformManifests(namespaces: string[], attributes: PlatformAttributes): Manifest[] {
  return namespaces.map((namespace) => {
    const chart = new Chart(new App(), 'platform', { namespace });
    try {
      new Platform(chart, 'platform', attributes);
    } catch (e) {
      // The only thing that can be wrong here is an option.
      throw new UsageError((e as Error).message);
    }
    return { file: namespaces.length === 1 ? 'platform.yaml' : `platform-${namespace}.yaml`, ...rendered(chart) };
  });
}

function manifestOf(axon: Axon, chart: Chart): AxonManifest {
  return { file: `${axon.axonName}.yaml`, name: axon.axonName, namespace: axon.namespace, podSecurityLevel: axon.podSecurityLevel, ...rendered(chart) };
}

function rendered(chart: Chart): { objects: KubeObject[]; text: string } {
  const objects: KubeObject[] = chart.toJson();
  return { objects, text: Yaml.stringify(...objects) };
}

function refuseTwins(axons: AxonManifest[], withPlatform: boolean): void {
  const severalNamespaces = new Set(axons.map(({ namespace }) => namespace)).size > 1;
  for (const [index, { name, file }] of axons.entries()) {
    if (axons.findIndex((other) => other.name === name) !== index) {
      throw misused('axon', name, `is the name of two axons, and both would be written to ${file}`, 'write them to two folders');
    }
    if (withPlatform && (severalNamespaces ? axons.some(({ namespace }) => file === `platform-${namespace}.yaml`) : file === 'platform.yaml')) {
      throw misused('axon', name, 'would be written to the file of the platform', 'rename it, or write it with --no-platform');
    }
  }
}

/** Applied one after the other, two objects of one name would overwrite each other in silence, unless they are the same. */
function refuseClashes(axons: AxonManifest[]): void {
  const made = new Map<string, { readonly axon: string; readonly content: string }>();
  for (const { name: axon, objects } of axons) {
    for (const object of objects) {
      const key = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      const content = JSON.stringify(object);
      const other = made.get(key);
      if (other !== undefined && other.content !== content) {
        throw misused('axon', axon, `makes the object '${key}', and so does the axon '${other.axon}'`, 'rename one of the axons, or what the object is named after');
      }
      made.set(key, { axon, content });
    }
  }
}

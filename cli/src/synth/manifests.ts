import { App, Chart, Yaml } from 'cdk8s';
import { Axon, AxonFile, AxonFileProblem, Platform, PlatformAttributes } from 'cdk8s-myelin';
import { Input } from '../inputs.js';
import { UsageError } from '../outcome.js';

/** The part of a Kubernetes object that we look at. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** A file to write. */
export interface Manifest {
  readonly file: string;
  readonly namespace: string;
  readonly objects: KubeObject[];
  readonly text: string;
}

export interface AxonManifest extends Manifest {
  readonly name: string;
  readonly podSecurityLevel: string;
}

interface ReadOptions {
  readonly namespace?: string;
  readonly lenient?: boolean;
  readonly strict?: boolean;
}

/** The manifests of all axons, and the problems of the files. With an error among them there may be fewer manifests than axons. */
export function axonManifests(
  inputs: Input[], options: ReadOptions, attributes: PlatformAttributes,
): { problems: AxonFileProblem[]; axons: AxonManifest[] } {
  const { namespace, lenient, strict } = options;
  // In a chart without a namespace, so it fits the namespaces of all axons.
  const platform = Platform.fromPlatformAttributes(new Chart(new App(), 'platform'), 'platform', attributes);
  const files = inputs.map(({ name, text }) => new AxonFile(text, name, { namespace, lenient, strict, platform }));
  const axons = files.flatMap((file) => file.axonNames.flatMap((name) => {
    // An app of its own for each: an app validates all it holds for each of its charts.
    const chart = new Chart(new App(), 'axon');
    const axon = file.make(chart, name);
    return axon === undefined ? [] : [manifestOf(axon, chart)];
  }));
  return { problems: [...files.flatMap((file) => file.problems), ...AxonFile.compareNames(files)], axons };
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
    return { file: namespaces.length === 1 ? 'platform.yaml' : `platform-${namespace}.yaml`, namespace, ...rendered(chart) };
  });
}

function manifestOf(axon: Axon, chart: Chart): AxonManifest {
  return { file: `${axon.identifier}.yaml`, name: axon.identifier, namespace: axon.namespace, podSecurityLevel: axon.podSecurityLevel, ...rendered(chart) };
}

function rendered(chart: Chart): { objects: KubeObject[]; text: string } {
  const objects: KubeObject[] = chart.toJson();
  return { objects, text: Yaml.stringify(...objects) };
}

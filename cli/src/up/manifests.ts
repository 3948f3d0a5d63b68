import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformAttributes } from 'cdk8s-myelin';
import { loadAll } from 'js-yaml';
import { type Input, readInputs } from '../inputs.js';
import { misused } from '../outcome.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import { counted, isError, shownProblem } from '../problems.js';
import { axonManifests, platformManifests } from '../synth/manifests.js';
import type { Terminal } from '../terminal.js';
import { distinctObjects, type Origin } from './distinct-objects.js';

export interface Loaded {
  readonly objects: KubeObject[];
  /** Git repositories by artifact name, of the axon files: `--source` may name either. */
  readonly artifacts: Readonly<Record<string, readonly string[]>>;
}

export interface LoadOptions {
  readonly namespace?: string;
  readonly lenient?: boolean;
  readonly strict?: boolean;
}

/** The objects of axon files, or those in a folder of manifests; undefined after errors, which are printed. */
export function loadObjects(paths: readonly string[], options: LoadOptions, attributes: PlatformAttributes, terminal: Terminal): Loaded | undefined {
  const inputs = readInputs(paths.flatMap(filesOf));
  const axonFiles = inputs.filter(holdsAxons);
  const manifests = inputs.filter((input) => !axonFiles.includes(input)).map((input): Origin => ({ origin: input.name, objects: objectsOf(input) }));
  if (axonFiles.length === 0) {
    const objects = distinctObjects(manifests);
    if (objects.length === 0) {
      throw misused('file', paths.join(', '), 'holds no axon and no object', 'name an axon file, or a folder that synth wrote to');
    }
    return { objects, artifacts: {} };
  }
  const { problems, axons } = axonManifests(axonFiles, options, attributes);
  problems.forEach((problem) => terminal.err(shownProblem(problem, terminal, 'stderr')));
  if (problems.some(isError)) {
    terminal.err(`${counted(problems)}, nothing was started`);
    return undefined;
  }
  const namespaces = [...new Set(axons.map(({ namespace }) => namespace))].sort();
  // The platform first, as one would apply it.
  const synthesised = [...platformManifests(namespaces, attributes), ...axons].map(({ file, objects }): Origin => (
    { origin: `${file}, made of the axon files`, objects: structuredClone(objects) as KubeObject[] }));
  return {
    objects: distinctObjects([...synthesised, ...manifests]),
    artifacts: artifactsOf(axonFiles),
  };
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return [path];
  }
  const files = readdirSync(path).filter((file) => /\.ya?ml$/.test(file)).sort();
  if (files.length === 0) {
    throw misused('folder', path, 'holds no .yaml file', 'name the folder that synth wrote to');
  }
  return files.map((file) => join(path, file));
}

function holdsAxons({ text }: Input): boolean {
  return /^kind:\s*["']?Axon["']?\s*(#.*)?$/m.test(text);
}

function objectsOf({ name, text }: Input): KubeObject[] {
  return parsed(name, () => loadAll(text)).filter((value) => value !== null && value !== undefined).map((value) => {
    const object = value as Partial<KubeObject>;
    if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string' || typeof object.metadata?.name !== 'string') {
      throw misused('file', name, 'holds something that is neither an axon nor a Kubernetes object: it has no apiVersion, kind and metadata.name',
        'name an axon file, or a folder that synth wrote to');
    }
    return object as KubeObject;
  });
}

/** The part of an axon that is looked at here. */
interface AxonLike {
  readonly spec?: { readonly artifacts?: readonly { readonly name?: string; readonly git?: { readonly repo?: string } }[] };
}

/** Loosely: what is wrong in the files has been told by their loader. */
function artifactsOf(files: readonly Input[]): Record<string, string[]> {
  const documents = files.flatMap(({ name, text }) => parsed(name, () => loadAll(text))) as AxonLike[];
  const found: Record<string, string[]> = {};
  for (const { name, git } of documents.flatMap((document) => document?.spec?.artifacts ?? [])) {
    if (name && git?.repo) {
      found[name] = [...Object.hasOwn(found, name) ? found[name] : [], git.repo];
    }
  }
  return found;
}

function parsed<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (e) {
    throw misused('file', name, `is no YAML: ${(e as Error).message.split('\n')[0]}`, 'correct it');
  }
}

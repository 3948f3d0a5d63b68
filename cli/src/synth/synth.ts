import { App, Chart } from 'cdk8s';
import { ImageBuilder, PlatformAttributes } from 'cdk8s-myelin';
import type { SecretValue } from 'cdk8s-plus-27';
import { readInputs } from '../inputs.js';
import { Outcome } from '../outcome.js';
import { counted, isError, shownProblem } from '../problems.js';
import { Terminal } from '../terminal.js';
import { commandsLeftToImages } from './commands.js';
import { explained } from './explain.js';
import { axonManifests, Manifest, platformManifests } from './manifests.js';
import { refuseForeign, refuseOneFile } from './output.js';
import { podSecurity } from './pod-security.js';
import { writeAll } from './write.js';

export interface SynthOptions {
  readonly output: string;
  readonly namespace?: string;
  readonly registry?: string;
  readonly registryLogin?: string;
  readonly images: 'build' | 'external';
  readonly explain?: boolean;
  readonly platform: boolean;
  readonly lenient?: boolean;
  readonly strict?: boolean;
}

/** Writes the manifests of axon files, all of them or none. */
export async function synth(files: string[], options: SynthOptions, terminal: Terminal): Promise<Outcome> {
  const attributes = await platformAttributes(options);
  // First, because it says what is wrong with the options.
  platformManifests([options.namespace ?? 'default'], attributes);
  const { problems, axons } = axonManifests(readInputs(files), options, attributes);
  problems.forEach((problem) => terminal.err(shownProblem(problem, terminal, 'stderr')));
  if (problems.some(isError)) {
    terminal.err(`${counted(problems)}, nothing was written`);
    return Outcome.FOUND;
  }
  const namespaces = [...new Set(axons.map(({ namespace }) => namespace))].sort();
  const platforms = options.platform ? platformManifests(namespaces, attributes) : [];
  const manifests: Manifest[] = [...axons, ...platforms];
  refuseOneFile(axons, platforms);
  refuseForeign(options.output, manifests);
  for (const { path, changed, manifest } of writeAll(options.output, manifests)) {
    terminal.out(`${changed ? 'wrote' : 'unchanged'} ${path} (${manifest.objects.length} objects)`);
    if (options.explain) {
      explained(manifest.objects).forEach((line) => terminal.out(`  ${line}`));
    }
  }
  axons.flatMap((axon) => commandsLeftToImages(axon) ?? []).forEach((line) => terminal.out(line));
  namespaces.forEach((namespace) => terminal.out(podSecurity(namespace, axons)));
  if (problems.length > 0) {
    terminal.err(counted(problems));
  }
  return Outcome.DONE;
}

async function platformAttributes({ registry, registryLogin, images }: SynthOptions): Promise<PlatformAttributes> {
  return {
    registry,
    registryCredentials: registryLogin === undefined ? undefined : await dockerConfigOf(registryLogin),
    imageBuilder: images === 'external' ? ImageBuilder.external() : undefined,
  };
}

async function dockerConfigOf(secretName: string): Promise<SecretValue> {
  // Loading it takes longer than all other modules together.
  const { Secret } = await import('cdk8s-plus-27');
  return { secret: Secret.fromSecretName(new Chart(new App(), 'registry'), 'login', secretName), key: '.dockerconfigjson' };
}

import { filled, Placeholder } from '../contract/placeholders';
import { fingerprint } from '../loop/canonical';
import { builtInRun, ImageData } from '../loop/image';
import { containerOf, derived, Loop, modelOf, tunerOf } from '../loop/loop';
import { isRunOnce, SensorData, StepData } from '../loop/sensor';
import { sourceArtifact } from './steps/build';

/**
 * A hash of everything that decides what a run-once sensor runs: images, commands, arguments, variables and the
 * search. Resources, placement, retries and thresholds are left out: changing one of them runs nothing again.
 */
export function runFingerprint(loop: Loop, { identifier }: SensorData): string {
  return fingerprints(loop).get(identifier)!;
}

const fingerprints = derived((loop) => new Map(loop.sensors.filter(isRunOnce).map(({ identifier, stages }) => [
  identifier, fingerprint({ axon: loop.name, sensor: identifier, stages: stages.map((stage) => stage.map((step) => stepContent(loop, step))) }),
])));

function stepContent(loop: Loop, { kind, name }: StepData): unknown {
  return kind === 'task' ? containerContent(loop, name) : modelOf(loop, name)!.models.map(({ backends }) => backends.map(({ userName, trainer, server }) => [
    userName, trainer, containerContent(loop, server),
  ]));
}

function containerContent(loop: Loop, name: string): object {
  const { identifier, image, args, env, secretEnv } = containerOf(loop, name)!;
  const fill = (text: string) => filled(text, (placeholder) => parameterOf(loop, placeholder));
  const tuner = tunerOf(loop, name);
  return {
    name: identifier,
    image: imageContent(loop, image),
    args: args?.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
    secretEnv: Object.fromEntries(Object.entries(secretEnv).map(([key, secret]) => [key, `${secret.name}/${secret.key}`])),
    tuning: tuner && { ...tuner.search, seed: tuner.seed, parameters: tuner.space },
  };
}

function parameterOf({ parameters }: Loop, { scope, name }: Placeholder): string | undefined {
  return scope === 'workflow' && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

function imageContent(loop: Loop, image: ImageData): object {
  const build = builtInRun(image, loop.platform);
  return build === undefined
    ? { reference: image.reference, command: image.command }
    : { command: image.command, recipe: build.dockerfile ?? build.builder, context: build.context, source: sourceArtifact(build.source!) };
}

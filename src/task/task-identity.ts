import { ResolvedImage } from '../private/resolved';
import { TaskProps } from './task-props';

/**
 * What a task would run: its image, command, arguments and variables with the axon's
 * parameters filled in. Resources, placement, retries and thresholds are no part of it, so
 * that changing one of those never runs a run-once sensor again.
 *
 * @internal
 */
export function taskIdentity(name: string, image: ResolvedImage, props: TaskProps, parameters: Readonly<Record<string, string>>): object {
  const { args, env, secretEnv } = props;
  const fill = (text: string) => text.replace(/\{\{\s*workflow\.parameters\.([-A-Za-z0-9_]+)\s*\}\}/g, (all, key: string) => (Object.hasOwn(parameters, key) ? parameters[key] : all));
  return {
    name,
    image: imageIdentity(image),
    args: args?.map(fill),
    env: Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, fill(value)])),
    secretEnv: Object.fromEntries(Object.entries(secretEnv ?? {}).map(([key, secret]) => [key, `${secret.name}/${secret.key}`])),
  };
}

function imageIdentity({ build, command, reference }: ResolvedImage): object {
  return build === undefined
    ? { reference, command }
    : { command, recipe: build.dockerfile ?? build.builder, context: build.context, source: build.source._toArtifact() };
}

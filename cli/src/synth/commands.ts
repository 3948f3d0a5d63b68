import type { AxonManifest, KubeObject } from './manifests.js';

interface Templates extends KubeObject {
  readonly spec: { readonly templates: { readonly name: string; readonly container?: { readonly command?: string[] } }[] };
}

/** Tells which tasks leave their command to the image: Argo Workflows must reach the image's registry then, to ask for it. */
export function commandsLeftToImages({ name, objects }: AxonManifest): string | undefined {
  const tasks = objects.filter(({ kind }) => kind === 'WorkflowTemplate')
    .flatMap((object) => (object as Templates).spec.templates)
    .filter(({ container }) => container !== undefined && container.command === undefined)
    .map((template) => template.name.replace(/^task-/, ''));
  return tasks.length === 0 ? undefined
    : `axon ${name}: ${tasks.join(', ')} name${tasks.length === 1 ? 's' : ''} no command, so Argo Workflows asks the registry of the image for it`;
}

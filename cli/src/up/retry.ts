import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Objects } from '../pocket/controller.js';
import { type KubeObject, refOf } from '../pocket/objects/kube-object.js';

/**
 * First runs that failed the last time run again, under their name: their user has corrected something, or there would be
 * nothing to start again. What they left half made goes first. Returns them.
 *
 * @param storeOf folder of an axon in its store
 */
export function retryFirstRuns(objects: Objects, storeOf: (run: KubeObject) => string): KubeObject[] {
  const failed = objects.list('Workflow').filter(isFailedFirstRun);
  for (const run of failed) {
    const { name, namespace } = run.metadata;
    for (const kind of ['Pod', 'Job']) {
      objects.list(kind, { namespace }).filter((made) => madeBy(made, run)).forEach((made) => objects.remove(refOf(made)));
    }
    const axon = storeOf(run);
    tasksOf(run).forEach((task) => rmSync(join(axon, task, name), { recursive: true, force: true }));
    // The gate answers the same run the same.
    objects.update(refOf(run), ({ status: _, ...rest }) => rest);
  }
  return failed;
}

/** Run-once Workflows are declared, not made from an event. */
function isFailedFirstRun({ status, spec }: KubeObject): boolean {
  const event = spec.arguments?.parameters?.find(({ name }: { name: string }) => name === 'event')?.value ?? '';
  return (status?.phase === 'Failed' || status?.phase === 'Error') && /"kind":\s*"once"/.test(event);
}

function madeBy({ metadata }: KubeObject, { metadata: { uid, name } }: KubeObject): boolean {
  return metadata.labels?.['workflows.argoproj.io/workflow'] === name || metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}

function tasksOf({ status }: KubeObject): string[] {
  const names = Object.values((status.nodes ?? {}) as Record<string, { displayName: string }>).map(({ displayName }) => /^task-([a-z0-9-]+)/.exec(displayName)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ClusterLog, Controller, Objects } from '../controller.js';
import { withCondition, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue } from '../workqueue.js';

/** Gives each PersistentVolumeClaim a folder: `volumes/<namespace>/<claim>/`, or the one that its PersistentVolume names. Folders outlive the claims. */
export class ClaimController implements Controller {
  readonly name = 'claims';
  private readonly queue: WorkQueue;
  private readonly ends: (() => void)[] = [];

  constructor(private readonly objects: Objects, private readonly stateDir: string, private readonly log: ClusterLog) {
    this.queue = new WorkQueue((key) => this.reconcile(key), log);
  }

  async start(): Promise<void> {
    this.ends.push(
      this.objects.watch('PersistentVolumeClaim', ({ type, object }) => {
        if (type !== 'deleted') this.queue.add(`${object.metadata.namespace}/${object.metadata.name}`);
      }),
      this.objects.watch('PersistentVolume', () => {
        for (const { metadata } of this.objects.list('PersistentVolumeClaim')) this.queue.add(`${metadata.namespace}/${metadata.name}`);
      }),
    );
  }

  async stop(): Promise<void> {
    for (const end of this.ends) end();
    await this.queue.stop();
  }

  private async reconcile(key: string): Promise<void> {
    const [namespace, name] = key.split('/') as [string, string];
    this.objects.update({ kind: 'PersistentVolumeClaim', namespace, name }, (claim) => {
      const place = claimFolder(this.objects, this.stateDir, claim);
      const now = new Date().toISOString();
      if ('refused' in place) {
        if (claim.status?.conditions?.[0]?.message !== place.refused) this.log.warn('a claim has no folder', { claim: key, reason: place.refused });
        const problem = { type: 'Unbound', status: 'True', reason: 'NoFolder', message: place.refused } as const;
        return { ...claim, status: { ...claim.status, phase: 'Pending', conditions: withCondition(claim.status?.conditions, problem, now) } };
      }
      const { spec } = claim;
      return { ...claim, status: { phase: 'Bound', accessModes: spec?.accessModes, capacity: spec?.resources?.requests } };
    });
  }
}

/** Where a claim's content lies on this machine, the folder being made; or why there can be none. */
export function claimFolder(objects: Objects, stateDir: string, claim: KubeObject): { readonly folder: string } | { readonly refused: string } {
  const { namespace = 'default', name } = claim.metadata;
  const volumeName: string | undefined = claim.spec?.volumeName;
  if (!volumeName) return usable(join(stateDir, 'volumes', namespace, name), `'PersistentVolumeClaim ${namespace}/${name}'`);
  const volume = objects.get({ kind: 'PersistentVolume', namespace: 'default', name: volumeName });
  if (volume === undefined) return { refused: `'spec.volumeName' (${volumeName}) of claim '${namespace}/${name}' names no PersistentVolume, apply it too` };
  const path: string | undefined = volume.spec?.local?.path ?? volume.spec?.hostPath?.path;
  if (path !== undefined) return usable(path, `'PersistentVolume ${volumeName}'`);
  return { refused: `'PersistentVolume ${volumeName}' is neither 'local' nor 'hostPath', the laptop's cluster has no others, leave 'spec.volumeName' out here` };
}

function usable(folder: string, what: string): { folder: string } | { refused: string } {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return { folder };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const remedy = code === 'ENOSPC' ? 'make room on the disk' : 'make it and let yourself write into it, or name another folder';
    return { refused: `${what} (${folder}) cannot be used on this machine (${code}), ${remedy}` };
  }
}

/** As `mkdir -p`. Node's own never returns where the system says ENOENT for a folder whose parent is there, as /proc does. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

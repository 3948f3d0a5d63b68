import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { misused } from '../outcome.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import { readLog } from '../pocket/pods/container-log.js';
import { PodFolder } from '../pocket/pods/pod-folder.js';
import { StateFolder } from '../up/state-folder.js';

/** What a cluster that does not run has left in its folder: why the last run failed is asked when it has ended. */
export class StoppedCluster {
  /** Throws when no cluster has ever run there. */
  public static of(state: string): StoppedCluster {
    const { path } = new StateFolder(state);
    try {
      readdirSync(join(path, 'objects'));
    } catch {
      throw misused('state', path, 'has no cluster', "start one with 'myelin up', or name its folder with --state");
    }
    return new StoppedCluster(path);
  }

  private constructor(private readonly path: string) {}

  public pods(): KubeObject[] {
    const folder = join(this.path, 'objects', 'Pod');
    try {
      return readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).object);
    } catch {
      // None was ever made.
      return [];
    }
  }

  /** What a container has printed. */
  public log(pod: KubeObject, container: string): AsyncIterable<Uint8Array> {
    return readLog(PodFolder.of(this.path, pod).log(container));
  }
}

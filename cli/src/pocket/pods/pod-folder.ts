import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../objects/kube-object.js';

/** What a pod has on this machine: `pods/<namespace>/<pod>-<first 8 digits of its uid>/`. It goes with the Pod object. */
export class PodFolder {
  static of(stateDir: string, { metadata }: KubeObject): PodFolder {
    return new PodFolder(join(stateDir, 'pods', metadata.namespace ?? 'default', podId(metadata.name, metadata.uid!)));
  }

  /** The one of that name among `podFolders()`. */
  static at(stateDir: string, name: string): PodFolder {
    return new PodFolder(join(stateDir, 'pods', name));
  }

  private constructor(readonly path: string) {}

  volume(name: string): string {
    return join(this.path, 'volumes', name);
  }

  log(container: string): string {
    return join(this.path, `${container}.log`);
  }

  record(container: string): string {
    return join(this.path, `${container}.pid.json`);
  }

  /** What the container writes to its terminationMessagePath. */
  message(container: string): string {
    return join(this.path, `${container}.message`);
  }

  /** The container's own copy of its image. */
  root(container: string): string {
    return join(this.path, 'roots', container);
  }

  home(): string {
    return join(this.path, 'home');
  }

  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** `<namespace>/<pod>-<uid8>` of each pod that has a folder. */
export function podFolders(stateDir: string): string[] {
  const pods = join(stateDir, 'pods');
  return folders(pods).flatMap((namespace) => folders(join(pods, namespace)).map((pod) => `${namespace}/${pod}`));
}

/** The last part of a pod's folder: two pods of one name, one after the other, must not meet. */
export function podId(name: string, uid: string): string {
  return `${name}-${uid.slice(0, 8)}`;
}

function folders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/**
 * Where paths of the container lie on this machine. In a pod they lie where they say; the laptop's cluster starts the
 * same programs as plain processes and says in MYELIN_MOUNTS which folder stands for which mount path.
 */
export class Mounts {
  /** The mounts that MYELIN_MOUNTS names, a JSON object of folders by mount path; none when it is not set. */
  static of(env: NodeJS.ProcessEnv): Mounts {
    return new Mounts(env.MYELIN_MOUNTS === undefined ? {} : JSON.parse(env.MYELIN_MOUNTS));
  }

  /** Longest mount path first, so that a mount inside a mount wins. */
  private readonly folders: readonly (readonly [mount: string, folder: string])[];

  constructor(folders: Readonly<Record<string, string>> = {}) {
    this.folders = Object.entries(folders).sort(([a], [b]) => b.length - a.length);
  }

  /** The path on this machine of a path of the container. */
  host(path: string): string {
    const found = this.folders.find(([mount]) => path === mount || path.startsWith(`${mount}/`));
    return found === undefined ? path : found[1] + path.slice(found[0].length);
  }
}

/** What stands for what: paths of the container and folders of this machine. */
export interface PathRewriting {
  /** Folders by mount path. */
  readonly mounts: Readonly<Record<string, string>>;
  /** The folder that stands for `/` of the image. */
  readonly root?: string;
  /** Whether there is something at a path of this machine. */
  readonly exists: (path: string) => boolean;
}

/**
 * An absolute path in a text. What precedes it must not belong to it: `$HOME/src`, `host:80/src`, `$(pwd)/src` and `a/src` are no absolute paths;
 * `--data=/src` and `file:///src` hold one.
 */
const ABSOLUTE = /(?<=^|file:\/\/|[^\w./$)}\]*?~%-])\/[\w.@%+-]+(?:\/[\w.@%+-]+)*/g;

/**
 * The text with paths of the container put where they lie on this machine: first what is mounted, the longest mount path first; then what the
 * image itself has, or could get in a folder that it has. Paths that neither knows are the machine's own.
 */
export function rewritten(text: string, { mounts, root, exists }: PathRewriting): string {
  const mountPaths = Object.keys(mounts).sort((a, b) => b.length - a.length);
  return text.replace(ABSOLUTE, (path) => {
    const mount = mountPaths.find((each) => path === each || path.startsWith(`${each}/`));
    if (mount !== undefined) return mounts[mount]! + path.slice(mount.length);
    if (root === undefined || root === '/') return path;
    if (exists(root + path)) return root + path;
    const parent = path.slice(0, path.lastIndexOf('/'));
    return parent !== '' && !exists(path) && exists(root + parent) ? root + path : path;
  });
}

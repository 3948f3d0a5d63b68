import { constants } from 'node:fs';
import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** An image with more than this is not copied for each container: its containers share it, and see what the others write into it. */
const MOST_FILES = 2000;
const MOST_BYTES = 128 * 1024 * 1024;

/** Gives containers file systems of their own: a copy of the image's, which they may write into. */
export class ImageCopies {
  /** Whether it is small enough, by root; the content of an image never changes. */
  private readonly small = new Map<string, Promise<boolean>>();

  /** The folder for a container to run in: a new copy at `place`, or the image's own root if that is too large to copy. */
  async copy(root: string, place: string): Promise<string> {
    // A root that holds the place itself is no image but the machine.
    if (place.startsWith(join(root, sep)) || !await this.isSmall(root)) return root;
    await rm(place, { recursive: true, force: true });
    await cp(root, place, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    return place;
  }

  private async isSmall(root: string): Promise<boolean> {
    let known = this.small.get(root);
    if (known === undefined) {
      known = isSmall(root);
      this.small.set(root, known);
      known.catch(() => this.small.delete(root));
    }
    return known;
  }
}

async function isSmall(root: string): Promise<boolean> {
  let files = 0;
  let bytes = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (++files > MOST_FILES) return false;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) bytes += (await stat(path)).size;
      if (bytes > MOST_BYTES) return false;
    }
  }
  return true;
}

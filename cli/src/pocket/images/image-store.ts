import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, ownName } from './build-lock.js';
import { FileTree, fileEntry, isExecutable } from './file-tree.js';
import { Install } from './python/requirements.js';

/** What is kept of an image beside its files. */
export interface ImageRecord {
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folders of the image that come before PATH. */
  readonly path: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly user?: string;
  /** The version of Python that its base has. */
  readonly python?: string;
  readonly installs: readonly RecordedInstall[];
}

export interface RecordedInstall extends Install {
  readonly localDigest?: string;
}

/** An image that is there. */
export interface StoredImage {
  /** As `sha256:…`, over all that it is: the same inputs have the same. */
  readonly digest: string;
  readonly root: string;
  readonly record: ImageRecord;
}

const DRAFT = '.draft-';
const FORM = 1;

/** The images below `images/`: a folder by digest, each whole from the moment it is there, and a file for each name that one has. */
export class ImageStore {
  constructor(private readonly folder: string) {}

  /** Digest of an image that is or is not there yet. */
  public digestOf(record: ImageRecord, tree: FileTree): string {
    return `sha256:${createHash('sha256').update(JSON.stringify([FORM, record, tree.digest('/')])).digest('hex')}`;
  }

  /** By digest. */
  public async get(digest: string): Promise<StoredImage | undefined> {
    const folder = this.folderOf(digest);
    const text = await readFile(join(folder, 'image.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : { digest, root: join(folder, 'root'), record: JSON.parse(text) };
  }

  /** By a reference: a name with a tag, or with the digest that a build has told. */
  public async find(reference: string): Promise<StoredImage | undefined> {
    const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(reference) ?? [];
    const found = digest ?? await readFile(this.tagFile(reference), 'utf8').catch(() => undefined);
    return found === undefined ? undefined : this.get(found.trim());
  }

  /** Keeps an image, unless it is there. */
  public async put(record: ImageRecord, tree: FileTree): Promise<StoredImage> {
    const digest = this.digestOf(record, tree);
    const there = await this.get(digest);
    if (there !== undefined) return there;
    await this.sweep();
    const draft = join(this.folder, ownName(DRAFT));
    try {
      await tree.write(join(draft, 'root'));
      await writeFile(join(draft, 'image.json'), `${JSON.stringify(record, undefined, 2)}\n`);
      await rename(draft, this.folderOf(digest));
    } catch (e) {
      await rm(draft, { recursive: true, force: true });
      // Another build of the same was quicker.
      if (!/ENOTEMPTY|EEXIST/.test((e as NodeJS.ErrnoException).code ?? '')) throw e;
    }
    return { digest, root: join(this.folderOf(digest), 'root'), record };
  }

  /** Gives an image a name, which another one may have had. */
  public async tag(reference: string, digest: string): Promise<void> {
    const file = this.tagFile(reference);
    const draft = `${file}.${randomUUID().slice(0, 8)}`;
    await mkdir(join(this.folder, 'tags'), { recursive: true });
    await writeFile(draft, digest);
    await rename(draft, file);
  }

  /** The names that images have. */
  public async tags(): Promise<string[]> {
    const names: string[] = await readdir(join(this.folder, 'tags')).catch(() => []);
    return names.map(decodeURIComponent).sort();
  }

  private folderOf(digest: string): string {
    return join(this.folder, digest.replace(/^sha256:/, ''));
  }

  private tagFile(reference: string): string {
    return join(this.folder, 'tags', encodeURIComponent(/:[^/]*$/.test(reference) ? reference : `${reference}:latest`));
  }

  private async sweep(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      if (isAbandoned(name, DRAFT)) await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/** The files of an image that is there, as a base for another. */
export async function treeOf(root: string): Promise<FileTree> {
  const tree = new FileTree();
  const walk = async (path: string): Promise<void> => {
    for (const name of (await readdir(join(root, path))).sort()) {
      const below = `${path}/${name}`;
      const found = await lstat(join(root, below));
      if (found.isSymbolicLink()) tree.put(below, { kind: 'link', target: await readlink(join(root, below)) });
      else if (found.isFile()) tree.put(below, await fileEntry(join(root, below), isExecutable(found.mode)));
      else tree.put(below, { kind: 'folder' });
      if (found.isDirectory()) await walk(below);
    }
  };
  await walk('');
  return tree;
}

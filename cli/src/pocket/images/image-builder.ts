import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { BuildContext } from './build-context.js';
import { BuildError } from './build-error.js';
import { IMAGE_PATH, Recipe, recipeOf } from './dockerfile/recipe.js';
import { ImageRecord, ImageStore, RecordedInstall, StoredImage, treeOf } from './image-store.js';
import { Pythons, versionNotice } from './python/interpreter.js';
import { Venv, VenvOptions, Venvs, copyRoot } from './python/venvs.js';

export interface BuildRequest {
  readonly context: string;
  /** The Dockerfile, which need not lie in the context. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What the image is called, with its tag. */
  readonly names: readonly string[];
}

/** Builds images out of Dockerfiles, and keeps them with their environments in the state folder of the pocket cluster. */
export class ImageBuilder {
  public readonly store: ImageStore;
  private readonly pythons: Pythons;
  private readonly venvs: Venvs;

  constructor(private readonly state: string, env: NodeJS.ProcessEnv) {
    this.store = new ImageStore(resolve(state, 'images'));
    this.pythons = new Pythons(env);
    this.venvs = new Venvs(resolve(state, 'envs'), env);
  }

  /** Builds an image, or finds that it is there: what is built from is all that counts. */
  public async build(request: BuildRequest, options: VenvOptions = {}): Promise<StoredImage> {
    const file = nameOf(request);
    const source = await readFile(request.dockerfile, 'utf8').catch((cause: unknown) => {
      throw new BuildError(`'${file}' (not there) must be the Dockerfile to build, add it or correct its path`, { cause });
    });
    const context = await BuildContext.open(request.context, { dockerfile: request.dockerfile, state: this.state });
    const { target, buildArgs } = request;
    const recipe = await recipeOf(source, { context, file, target, buildArgs, bases: async (name) => this.base(name) });
    recipe.warnings.forEach((warning) => options.onLine?.(`warning: ${warning}`));
    const record = recordOf(recipe);
    const digest = this.store.digestOf(record, recipe.tree);
    const writers = recipe.installs.map(({ tree }) => async (folder: string) => tree.write(folder));
    await this.environment(record, writers, options);
    const image = await this.store.get(digest) ?? await this.store.put(record, recipe.tree);
    for (const name of request.names) await this.store.tag(name, digest);
    return image;
  }

  /** The environment of an image that is there; made again if somebody has removed it. */
  public async environmentOf({ record, root }: Pick<StoredImage, 'record' | 'root'>, options: VenvOptions = {}): Promise<Venv> {
    return this.environment(record, record.installs.map(() => async (folder: string) => copyRoot(root, folder)), options);
  }

  private async environment(record: ImageRecord, writers: readonly ((folder: string) => Promise<void>)[], options: VenvOptions): Promise<Venv> {
    const python = await this.pythons.find(record.python);
    const notice = versionNotice(record.python, python);
    if (notice !== undefined) options.onLine?.(`notice: ${notice}`);
    const installs = record.installs.map((install, index) => ({ ...install, write: writers[index] }))
      .filter(({ requirements }) => requirements.length > 0);
    return this.venvs.ensure({ python, wanted: record.python, installs }, options);
  }

  private async base(reference: string): Promise<Recipe | undefined> {
    const image = await this.store.find(reference);
    if (image === undefined) return undefined;
    const { record, root } = image;
    const tree = await treeOf(root);
    return {
      ...record,
      user: record.user,
      python: record.python,
      tree,
      warnings: [],
      installs: record.installs.map((install) => ({ ...install, tree })),
      env: { ...record.env, PATH: [...record.path, IMAGE_PATH].join(':') },
    };
  }
}

/** Where a Dockerfile is, for messages: as the user knows it if it lies in the context. */
function nameOf({ context, dockerfile }: BuildRequest): string {
  const path = relative(context, dockerfile);
  return path.startsWith('..') ? dockerfile.split('/').at(-1)! : path;
}

function recordOf({ tree, workdir, env, entrypoint, cmd, user, python, installs }: Recipe): ImageRecord {
  const { PATH = '', ...rest } = env;
  const path = PATH.split(':').filter((folder) => !IMAGE_PATH.split(':').includes(folder) && tree.isFolder(folder));
  const recorded = installs.map(({ requirements, options, constraints, local, client, tree: files }): RecordedInstall => ({
    requirements,
    options,
    constraints,
    local,
    client,
    ...(local.length > 0 && { localDigest: local.map((each) => files.digest(each)).join(' ') }),
  }));
  const sorted = Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  const known = { ...(user !== undefined && { user }), ...(python !== undefined && { python }) };
  return { workdir, env: sorted, path, entrypoint, cmd, ...known, installs: recorded };
}

/** The folder of the pocket cluster that holds nothing, for images without files of their own. */
export function emptyRoot(state: string): string {
  return join(resolve(state), 'images', 'empty');
}

import { randomUUID } from 'node:crypto';
import { mkdir, readlink, rename, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterLog } from '../controller.js';
import { BuildError } from './build-error.js';
import { pythonOf } from './dockerfile/recipe.js';
import { ImageBuilder, emptyRoot } from './image-builder.js';
import { StoredImage } from './image-store.js';

/** What a container of an image is run from on this machine. */
export interface ResolvedImage {
  /** The folder that stands for `/` of the image: what its build copied into it. */
  readonly root: string;
  /** Of the image, absolute: a container starts in `root` + `workdir`. */
  readonly workdir: string;
  /** What the image sets; values may name absolute paths of the image. */
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Folders of this machine that come before PATH. */
  readonly path: readonly string[];
  /** The image of our own programs: `myelin-runtime` in a command stands for its entrypoint. */
  readonly runtime?: boolean;
}

/** Where images come from. */
export interface Images {
  /** Fails, with what to do, if the image was not built here and is none that this machine can stand in for. */
  resolve(image: string): Promise<ResolvedImage>;
}

export interface LaptopImagesProps {
  /** The state folder of the pocket cluster. */
  readonly stateDir: string;
  readonly log: ClusterLog;
  /** Which images are our own programs. */
  readonly runtimeImage?: RegExp;
  /** The sources of the package that user code imports of ours. */
  readonly clientFolder?: string;
  /** Where PATH, MYELIN_PYTHON and the settings of pip are looked for. */
  readonly env?: NodeJS.ProcessEnv;
}

const RUNTIME_IMAGE = /^(.*\/)?cdk8s-myelin\/runtime([:@].*)?$/;
const BUILDKIT_IMAGE = /^(.*\/)?moby\/buildkit([:@].*)?$/;

/** What the builder in a step needs of the user's settings, which a container would not get. */
const BUILD_SETTINGS = /^(PIP_|UV_|PYENV_|XDG_(CONFIG|CACHE)_HOME$|MYELIN_PYTHON$|NODE_EXTRA_CA_CERTS$)/;

/** The images of a laptop: those that runs have built here, the builder itself, our own programs, and plain Pythons. */
export class LaptopImages implements Images {
  private readonly builder: ImageBuilder;
  private readonly state: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly props: LaptopImagesProps) {
    this.state = resolve(props.stateDir);
    this.env = props.env ?? process.env;
    this.builder = new ImageBuilder(this.state, this.env);
  }

  public async resolve(image: string): Promise<ResolvedImage> {
    if ((this.props.runtimeImage ?? RUNTIME_IMAGE).test(image)) {
      return { ...await this.plain(), entrypoint: [process.execPath, runtimeBinary()], runtime: true };
    }
    if (BUILDKIT_IMAGE.test(image)) return this.buildkit();
    const stored = await this.builder.store.find(image);
    if (stored !== undefined) return this.stored(stored);
    const python = pythonOf(image);
    if (python !== undefined) {
      const plain = await this.plain();
      return this.stored({ root: plain.root, record: { workdir: '/', env: {}, path: [], entrypoint: [], cmd: ['python3'], python, installs: [] } });
    }
    throw new BuildError(`'${image}' (not built here) must be an image that a run of this cluster builds: on a laptop nothing is pulled from registries, `
      + "give the task an 'imageBuild' and its code with --source");
  }

  private async stored({ root, record }: Pick<StoredImage, 'root' | 'record'>): Promise<ResolvedImage> {
    const venv = await this.builder.environmentOf({ root, record }, { onLine: (line) => this.props.log.info('environment of an image is made', { line }) });
    const client = record.installs.some((install) => install.client) ? this.props.clientFolder ?? CLIENT_FOLDER : undefined;
    const pythonPath = [record.env.PYTHONPATH, client].filter((path) => path !== undefined && path !== '').join(':');
    return {
      root,
      workdir: record.workdir,
      entrypoint: record.entrypoint,
      cmd: record.cmd,
      // An image is not written to by what runs from it.
      env: { PYTHONDONTWRITEBYTECODE: '1', ...record.env, ...(pythonPath !== '' && { PYTHONPATH: pythonPath }) },
      path: [...record.path.map((folder) => join(root, folder)), venv.bin],
    };
  }

  /** A shell with the builder in it, under the name that BuildKit's client has. */
  private async buildkit(): Promise<ResolvedImage> {
    const tools = join(this.state, 'tools');
    await mkdir(tools, { recursive: true });
    const node = join(tools, 'node');
    if (await readlink(node).catch(() => undefined) !== process.execPath) {
      // The builder is a script for `node`, which need not be on PATH.
      const draft = `${node}.${randomUUID().slice(0, 8)}`;
      await symlink(process.execPath, draft);
      await rename(draft, node);
    }
    const settings = Object.entries(this.env).filter(([name, value]) => value !== undefined && BUILD_SETTINGS.test(name)) as [string, string][];
    return { ...await this.plain(), env: { ...Object.fromEntries(settings), MYELIN_POCKET_STATE: this.state }, path: [TOOLS_FOLDER, tools] };
  }

  private async plain(): Promise<ResolvedImage> {
    const root = emptyRoot(this.state);
    await mkdir(root, { recursive: true });
    return { root, workdir: '/', env: {}, entrypoint: [], cmd: [], path: [] };
  }
}

const TOOLS_FOLDER = fileURLToPath(new URL('../../../bin/pocket-tools', import.meta.url));
const CLIENT_FOLDER = fileURLToPath(new URL('../../../../python/src', import.meta.url));

/** The program `myelin-runtime` of the runtime package, to be started with this process's Node. */
export function runtimeBinary(): string {
  return fileURLToPath(new URL('../bin/myelin-runtime.js', import.meta.resolve('@cdk8s-myelin/runtime')));
}

import { fingerprint } from '../loop/canonical';
import { ImageData } from '../loop/image';
import { AxonData } from '../loop/loop';
import { identifier } from '../loop/names';
import { SourceData } from '../loop/source';
import { invalid, requireValid } from '../problem/error';
import { Source } from '../source/source';
import { imageProblem } from '../validate/image';
import { relativePathProblem } from '../validate/path';

/** Options of a ready image. */
export interface ImageOptions {
  /**
   * The command to run in it.
   * @default - the command of the image. Argo Workflows then reads it from the registry
   */
  readonly command?: string[];
}

/** Options of an image that is built. */
export interface BuiltImageOptions {
  /**
   * The name of the image in the registry, without host and tag.
   * @default - the names of the axon and the task, joined by a dash
   */
  readonly repository?: string;

  /**
   * The code to build from.
   * @default - the axon's `source`
   */
  readonly source?: Source;

  /**
   * The folder of the build context, inside the source.
   * @default '.'
   */
  readonly context?: string;

  /**
   * The command to run in it.
   * @default - the command of the image. Argo Workflows then reads it from the registry
   */
  readonly command?: string[];
}

/** Options of an image that is built from a folder without a Dockerfile. */
export interface SourceImageOptions extends BuiltImageOptions {
  /**
   * The base image.
   * @default 'python:3.11.9-slim-bookworm'
   */
  readonly builder?: string;
}

/** The image of a container: one in a registry, or one that is built from source. */
export abstract class Image {
  /**
   * An image that exists already.
   * @param reference the image by tag or digest, for instance `registry.example.org/ml/train:1.4`
   */
  public static fromRegistry(reference: string, options: ImageOptions = {}): Image {
    return new ReadyImage(reference, options);
  }

  /**
   * An image built from a Dockerfile.
   * @param path the Dockerfile, relative to the build context
   */
  public static fromDockerfile(path: string, options: BuiltImageOptions = {}): Image {
    return new BuiltImage({ dockerfile: relative('path', path) }, options);
  }

  /**
   * An image built from a folder of Python code: the build installs its `requirements.txt` and sets the variables of its
   * `.s2i/environment`, as source-to-image builders do.
   * @param folder the folder, inside the source
   */
  public static fromSource(folder: string, options: SourceImageOptions = {}): Image {
    return new BuiltImage({ builder: options.builder ?? 'python:3.11.9-slim-bookworm' }, { ...options, context: joined(options.context, folder) });
  }

  protected constructor() {}

  /** @internal */
  public abstract _toData(axon: AxonData, task: string): ImageData;
}

class ReadyImage extends Image {
  constructor(private readonly reference: string, private readonly options: ImageOptions) {
    super();
    requireValid('image', reference, imageProblem(reference));
  }

  public _toData(): ImageData {
    return { reference: this.reference, command: this.options.command };
  }
}

class BuiltImage extends Image {
  private readonly context: string;

  constructor(private readonly recipe: { dockerfile?: string; builder?: string }, private readonly options: BuiltImageOptions) {
    super();
    this.context = relative('context', options.context ?? '.');
    if (options.repository !== undefined && !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(options.repository)) {
      throw invalid('image-format', 'repository', options.repository, 'must be the name of an image, without host and tag, in lower case',
        "write it as 'team/model'");
    }
  }

  public _toData(axon: AxonData, task: string): ImageData {
    const source = this.options.source?._toData() ?? axon.source;
    return {
      reference: `${axon.platform.registry}/${this.options.repository ?? `${axon.name}-${task}`}${source ? `:${tagOf(source)}` : ''}`,
      command: this.options.command,
      recipe: { source, context: joined(source?.path, this.context), ...this.recipe },
    };
  }
}

/** A branch can contain a slash, a tag cannot. A name that is changed gets a hash, so that different branches get different tags. */
function tagOf(source: SourceData): string {
  const tag = source.revision.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[.-]+/, '').slice(0, 100);
  return tag === source.revision ? tag : `${identifier(tag)}-${fingerprint(source.revision, 7)}`;
}

function relative(name: string, path: string): string {
  requireValid(name, path, relativePathProblem(path));
  return path.replace(/\/+$/, '').replace(/^(\.\/)+/, '') || '.';
}

function joined(base: string | undefined, path: string): string {
  return base === undefined || base === '.' ? path : path === '.' ? base : `${base}/${path}`;
}

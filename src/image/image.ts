import { fingerprint } from '../loop/canonical';
import { ImageData } from '../loop/image';
import { AxonData } from '../loop/loop';
import { identifier } from '../loop/names';
import { SourceData } from '../loop/source';
import { invalid, requireValid } from '../problem/error';
import { Source } from '../source/source';
import { imageProblem } from '../validate/image';
import { relativePathProblem } from '../validate/path';

/** Settings of a ready image. */
export interface ImageProps {
  /**
   * The command to run in it.
   * @default - that of the image; Argo Workflows then asks the registry for it
   */
  readonly command?: string[];
}

/** Settings of an image that is built. */
export interface BuiltImageProps {
  /**
   * The image's name in the registry, without host and tag.
   * @default - the axon's name and the task's, joined by a dash
   */
  readonly repository?: string;

  /**
   * The code to build from.
   * @default - the axon's `source`
   */
  readonly source?: Source;

  /**
   * The folder, inside the source, that the build sees.
   * @default '.'
   */
  readonly context?: string;

  /**
   * The command to run in it.
   * @default - that of the image; Argo Workflows then asks the registry for it
   */
  readonly command?: string[];
}

/** Settings of an image that is built from a folder without Dockerfile. */
export interface SourceImageProps extends BuiltImageProps {
  /**
   * The image to build upon.
   * @default 'python:3.11.9-slim-bookworm'
   */
  readonly builder?: string;
}

/** What a container runs: an image by name, or the source that one is built from. */
export abstract class Image {
  /** A ready image. */
  public static of(reference: string, props: ImageProps = {}): Image {
    return new ReadyImage(reference, props);
  }

  /**
   * An image built from a Dockerfile.
   * @param path the Dockerfile, relative to the build's context
   */
  public static fromDockerfile(path: string, props: BuiltImageProps = {}): Image {
    return new BuiltImage({ dockerfile: relative('path', path) }, props);
  }

  /**
   * An image built from a folder of Python code: its `requirements.txt` is installed and the
   * variables of its `.s2i/environment` are set, as source-to-image builders do.
   * @param folder the folder, inside the source
   */
  public static fromSource(folder: string, props: SourceImageProps = {}): Image {
    return new BuiltImage({ builder: props.builder ?? 'python:3.11.9-slim-bookworm' }, { ...props, context: joined(props.context, folder) });
  }

  protected constructor() {}

  /** @internal */
  public abstract _toData(axon: AxonData, task: string): ImageData;
}

class ReadyImage extends Image {
  constructor(private readonly reference: string, private readonly props: ImageProps) {
    super();
    requireValid('image', reference, imageProblem(reference));
  }

  public _toData(): ImageData {
    return { reference: this.reference, command: this.props.command };
  }
}

class BuiltImage extends Image {
  private readonly context: string;

  constructor(private readonly recipe: { dockerfile?: string; builder?: string }, private readonly props: BuiltImageProps) {
    super();
    this.context = relative('context', props.context ?? '.');
    if (props.repository !== undefined && !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(props.repository)) {
      throw invalid('image-format', 'repository', props.repository, 'must be the name of an image, without host and tag, in lower case', 'correct it');
    }
  }

  public _toData(axon: AxonData, task: string): ImageData {
    const source = this.props.source?._toData() ?? axon.source;
    return {
      reference: `${axon.platform.registry}/${this.props.repository ?? `${axon.name}-${task}`}${source ? `:${tagOf(source)}` : ''}`,
      command: this.props.command,
      recipe: { source, context: joined(source?.path, this.context), ...this.recipe },
    };
  }
}

/** A tag may not hold a slash, a branch may: a name that had to be changed gets a hash, so that two stay two. */
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

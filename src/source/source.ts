import { SecretValue } from 'cdk8s-plus-27';
import { optionalSecretKey } from '../common/secret-value';
import { SourceData } from '../loop/source';
import { invalid, requireValid } from '../problem/error';
import { mountPathProblem, normalPath } from '../validate/path';
import { gitUrlProblem } from '../validate/url';

/** Where code lies in a git repository. */
export interface GitSourceProps {
  /** The repository: `https://…`, `ssh://…` or `git@host:path`. */
  readonly repository: string;

  /**
   * Branch, tag or commit. Pin a commit in anything that must be reproducible: the tag
   * of an image that is built from a branch says nothing about its content.
   * @default - the default branch
   */
  readonly revision?: string;

  /**
   * Where the build step mounts it.
   * @default '/src'
   */
  readonly path?: string;

  /**
   * The private key for repositories that are read by ssh.
   * @default - none
   */
  readonly sshKey?: SecretValue;
}

/** Where code lies in an S3 bucket. */
export interface S3SourceProps {
  /** Host, and port if any, of the S3 service. */
  readonly endpoint: string;
  /** The bucket. */
  readonly bucket: string;
  /** The object's key; an archive is unpacked. */
  readonly key: string;

  /**
   * Where the build step mounts it.
   * @default '/src'
   */
  readonly path?: string;

  /**
   * The access key.
   * @default - the ambient credentials of the pod
   */
  readonly accessKey?: SecretValue;

  /**
   * The secret key.
   * @default - the ambient credentials of the pod
   */
  readonly secretKey?: SecretValue;
}

/** Code that images are built from. */
export class Source {
  /** A git repository. */
  public static git(props: GitSourceProps): Source {
    requireValid('repository', props.repository, gitUrlProblem(props.repository));
    if (props.revision !== undefined && !/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(props.revision)) {
      throw invalid('name-format', 'revision', props.revision, 'must be a branch, tag or commit', 'correct it');
    }
    const revision = props.revision ?? 'HEAD';
    const path = mountPath(props.path);
    return new Source(path, revision, /^[0-9a-f]{7,64}$/.test(revision), {
      git: { repository: props.repository, revision: props.revision, sshKey: optionalSecretKey('sshKey', props.sshKey) },
    });
  }

  /** An object or archive in an S3 bucket. */
  public static s3(props: S3SourceProps): Source {
    for (const [prop, value] of Object.entries({ endpoint: props.endpoint, bucket: props.bucket, key: props.key })) {
      if (value.trim() === '') {
        throw invalid('empty', prop, value, 'must not be empty', 'name it');
      }
    }
    const path = mountPath(props.path);
    return new Source(path, props.key, false, {
      s3: {
        endpoint: props.endpoint,
        bucket: props.bucket,
        key: props.key,
        accessKey: optionalSecretKey('accessKey', props.accessKey),
        secretKey: optionalSecretKey('secretKey', props.secretKey),
      },
    });
  }

  private constructor(
    /** Where the build step mounts it. */
    public readonly path: string,
    /** Branch, tag, commit or key. */
    public readonly revision: string,
    /** Whether the revision is a commit, and so names the same content for ever. */
    public readonly pinned: boolean,
    private readonly origin: Pick<SourceData, 'git' | 's3'>,
  ) {}

  /** @internal */
  public _toData(): SourceData {
    return { path: this.path, revision: this.revision, pinned: this.pinned, ...this.origin };
  }
}

function mountPath(path: string = '/src'): string {
  requireValid('path', path, mountPathProblem(path));
  return normalPath(path);
}

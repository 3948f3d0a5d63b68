import { SecretValue } from 'cdk8s-plus-27';
import { optionalSecretKey } from '../common/secret-value';
import { SourceData } from '../loop/source';
import { invalid, requireValid } from '../problem/error';
import { mountPathProblem, normalPath } from '../validate/path';
import { gitUrlProblem } from '../validate/url';

/** Options of a source in a git repository. */
export interface GitSourceOptions {
  /** The address of the repository: `https://…`, `ssh://…` or `git@host:path`. */
  readonly repository: string;

  /**
   * The branch, tag or commit. Pin a commit where builds must be reproducible: the content of a branch changes.
   * @default - the default branch
   */
  readonly revision?: string;

  /**
   * The folder in which the build step mounts it.
   * @default '/src'
   */
  readonly path?: string;

  /**
   * The private key for a repository that is read by SSH.
   * @default - none
   */
  readonly sshKey?: SecretValue;
}

/** Options of a source in an S3 bucket. */
export interface S3SourceOptions {
  /** The host of the S3 service, with its port if it has one. */
  readonly endpoint: string;

  /** The bucket. */
  readonly bucket: string;

  /** The key of the object. An archive is unpacked. */
  readonly key: string;

  /**
   * The folder in which the build step mounts it.
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

/** The code that images are built from. */
export class Source {
  /** A git repository. */
  public static git(options: GitSourceOptions): Source {
    requireValid('repository', options.repository, gitUrlProblem(options.repository));
    if (options.revision !== undefined && !/^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(options.revision)) {
      throw invalid('name-format', 'revision', options.revision, 'must be a branch, tag or commit', "write it as 'main', 'v1.2' or '4f1c2d0'");
    }
    const revision = options.revision ?? 'HEAD';
    const path = mountPath(options.path);
    return new Source(path, revision, /^[0-9a-f]{7,64}$/.test(revision), {
      git: { repository: options.repository, revision: options.revision, sshKey: optionalSecretKey('sshKey', options.sshKey) },
    });
  }

  /** An object or archive in an S3 bucket. */
  public static s3(options: S3SourceOptions): Source {
    for (const [prop, value] of Object.entries({ endpoint: options.endpoint, bucket: options.bucket, key: options.key })) {
      if (value.trim() === '') {
        throw invalid('empty', prop, value, 'must not be empty', `name the ${prop}`);
      }
    }
    const path = mountPath(options.path);
    return new Source(path, options.key, false, {
      s3: {
        endpoint: options.endpoint,
        bucket: options.bucket,
        key: options.key,
        accessKey: optionalSecretKey('accessKey', options.accessKey),
        secretKey: optionalSecretKey('secretKey', options.secretKey),
      },
    });
  }

  private constructor(
    /** The folder in which the build step mounts it. */
    public readonly path: string,
    /** The branch, tag, commit or key. */
    public readonly revision: string,
    /** Whether the revision is a commit, whose content never changes. */
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

import { SecretKeyRef } from './secret-key';

/** The code that an image is built from, and the folder of the build step that it is mounted in. */
export interface SourceData {
  readonly path: string;
  /** Branch, tag, commit or object key. */
  readonly revision: string;
  /** Whether the revision always names the same content. */
  readonly pinned: boolean;
  readonly git?: GitData;
  readonly s3?: S3Data;
}

/** A git repository. */
export interface GitData {
  readonly repository: string;
  readonly revision?: string;
  readonly sshKey?: SecretKeyRef;
}

/** An archive in a bucket. */
export interface S3Data {
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  readonly accessKey?: SecretKeyRef;
  readonly secretKey?: SecretKeyRef;
}

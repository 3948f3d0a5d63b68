import { detail, ProblemDetail } from '../problem/problem';

/** The parts of an image reference. */
export interface ImageParts {
  /** Registry host with port, if written. */
  readonly registry?: string;
  /** Path without registry. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const HOST = /^(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Takes a reference apart; what comes out is only meaningful if `imageProblem` has none. */
export function imageParts(reference: string): ImageParts {
  const [named, digest] = splitAt(reference, reference.indexOf('@'));
  const colon = named.lastIndexOf(':');
  // A colon before a slash belongs to the registry's port.
  const [path, tag] = splitAt(named, colon > named.lastIndexOf('/') ? colon : -1);
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const registry = /[.:]/.test(first) || first === 'localhost' || /[A-Z]/.test(first) ? first : undefined;
  return {
    ...(registry !== undefined && { registry }),
    repository: registry === undefined ? path : path.slice(slash + 1),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** The grammar that container runtimes read references by. */
export function imageProblem(reference: string): ProblemDetail | undefined {
  if (reference === '' || /\s/.test(reference)) {
    return detail('image-format', 'must be an image reference without spaces', "write it as 'registry/path:tag' or 'registry/path@sha256:…'");
  }
  if (/^[a-z]+:\/\//.test(reference)) {
    return detail('image-format', 'must not begin with a scheme', `write '${reference.replace(/^[a-z]+:\/\//, '')}'`);
  }
  const { registry, repository, tag, digest } = imageParts(reference);
  if (registry !== undefined && !HOST.test(registry)) {
    return detail('image-format', `has '${registry}' for a registry, which is no host`, 'write host or host:port');
  }
  if (/[A-Z]/.test(repository)) {
    return detail('image-format', 'must be in lower case', `write '${reference.replace(repository, repository.toLowerCase())}'`);
  }
  const wrong = repository.split('/').find((component) => !COMPONENT.test(component));
  if (wrong !== undefined) {
    return detail('image-format', `has '${wrong}' in its path, which must be letters a-z and digits with single '.', '_', '__' or '-' between them`, "use a path such as 'team/image'");
  }
  if ((registry?.length ?? 0) + repository.length > 254) {
    return detail('too-long', 'has a name of more than 255 characters', 'shorten it');
  }
  if (registry === undefined && /^[0-9a-f]{64}$/.test(repository)) {
    return detail('image-format', 'is an image id, not a reference', "write it as 'path@sha256:…'");
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return detail('image-format', `has the tag '${tag}', which must be at most 128 letters, digits, '_', '.' and '-'`, 'use another tag');
  }
  return digest === undefined ? undefined : digestProblem(digest);
}

/** Flags a reference that means another image tomorrow: no digest, and the tag `latest` or none. */
export function mutableImageProblem(reference: string): ProblemDetail | undefined {
  const { tag, digest } = imageParts(reference);
  if (digest !== undefined || (tag !== undefined && tag !== 'latest')) {
    return undefined;
  }
  return detail('image-mutable', tag === undefined ? "has no tag, which means ':latest', another image any day" : "is tagged ':latest', another image any day", 'pin a version or a digest');
}

function digestProblem(digest: string): ProblemDetail | undefined {
  const [algorithm, hex = ''] = digest.split(':');
  const length = DIGEST_LENGTHS[algorithm];
  if (length === undefined) {
    return detail('image-format', `has a digest by '${algorithm}', which is unknown`, "write '@sha256:' and 64 hex digits");
  }
  return hex.length === length && /^[0-9a-f]+$/.test(hex) && digest.split(':').length === 2
    ? undefined
    : detail('image-format', `has a digest of ${hex.length} characters`, `${algorithm} takes ${length} hex digits in lower case`);
}

function splitAt(text: string, index: number): [string, string | undefined] {
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

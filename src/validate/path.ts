import { detail, ProblemDetail } from '../problem/problem';

/** A path from the root, as a mount point or a folder of a source. */
export function absolutePathProblem(path: string): ProblemDetail | undefined {
  return path.startsWith('/') ? segmentsProblem(path) : detail('path-format', 'must be an absolute path', `write '/${path.replace(/^(?:\.\/)+/, '')}'`);
}

/** A path within a folder, as a Dockerfile or a build context; `.` is the folder itself. */
export function relativePathProblem(path: string): ProblemDetail | undefined {
  if (path.startsWith('/')) {
    return detail('path-format', 'must be a relative path', `write it from the folder it lies in, '${path.replace(/^\/+/, '') || '.'}'`);
  }
  return segmentsProblem(path);
}

/** A mount point inside a container: absolute, not the root, and without the colon that separates volumes. */
export function mountPathProblem(path: string): ProblemDetail | undefined {
  const problem = absolutePathProblem(path);
  if (problem !== undefined) {
    return problem;
  }
  if (normalPath(path) === '/') {
    return detail('path-format', 'would hide the whole image', 'mount at a folder such as /data');
  }
  return path.includes(':') ? detail('path-format', "must not contain ':', which Kubernetes refuses in a mount path", 'rename the folder') : undefined;
}

/** One way to write a path: no trailing or doubled slash, no `.` in between. The empty relative path is `.`. */
export function normalPath(path: string): string {
  const kept = path.split('/').filter((segment) => segment !== '' && segment !== '.').join('/');
  return path.startsWith('/') ? `/${kept}` : kept || '.';
}

function segmentsProblem(path: string): ProblemDetail | undefined {
  if (path === '' || path.trim() !== path) {
    return detail('path-format', 'must not be empty or begin or end with a space', "write '.' for the folder itself");
  }
  if (/[\0-\x1f\x7f]/.test(path)) {
    return detail('path-format', 'must not contain control characters', 'remove them');
  }
  if (path.includes('\\')) {
    return detail('path-format', "must not contain '\\'", "separate folders by '/'");
  }
  return path.split('/').includes('..') ? detail('path-format', "must not leave its folder with '..'", 'write the path without it') : undefined;
}

import { Fault, fault } from './fault';

/** A path from the root, as a mount point or a folder of a source. */
export function absolutePathProblem(path: string): Fault | undefined {
  return path.startsWith('/') ? segmentsProblem(path) : fault('must be an absolute path', `write '/${path.replace(/^(?:\.\/)+/, '')}'`);
}

/** A path within a folder, as a Dockerfile or a build context; `.` is the folder itself. */
export function relativePathProblem(path: string): Fault | undefined {
  if (path.startsWith('/')) {
    return fault('must be a relative path', `write it from the folder it lies in, '${path.replace(/^\/+/, '') || '.'}'`);
  }
  return segmentsProblem(path);
}

/** A mount point inside a container: absolute, not the root, and without the colon that separates volumes. */
export function mountPathProblem(path: string): Fault | undefined {
  const problem = absolutePathProblem(path);
  if (problem !== undefined) {
    return problem;
  }
  if (normalPath(path) === '/') {
    return fault('would hide the whole image', 'mount at a folder such as /data');
  }
  return path.includes(':') ? fault("must not contain ':', which Kubernetes refuses in a mount path", 'rename the folder') : undefined;
}

/** One way to write a path: no trailing or doubled slash, no `.` in between. The empty relative path is `.`. */
export function normalPath(path: string): string {
  const kept = path.split('/').filter((segment) => segment !== '' && segment !== '.').join('/');
  return path.startsWith('/') ? `/${kept}` : kept || '.';
}

function segmentsProblem(path: string): Fault | undefined {
  if (path === '' || path.trim() !== path) {
    return fault('must not be empty or begin or end with a space', "write '.' for the folder itself");
  }
  if (/[\0-\x1f\x7f]/.test(path)) {
    return fault('must not contain control characters', 'remove them');
  }
  if (path.includes('\\')) {
    return fault("must not contain '\\'", "separate folders by '/'");
  }
  return path.split('/').includes('..') ? fault("must not leave its folder with '..'", 'write the path without it') : undefined;
}

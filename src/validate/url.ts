import { detail, ProblemDetail } from '../problem/problem';

/** The address of a service: a scheme out of those given, a host, and no password. */
export function urlProblem(url: string, schemes: readonly string[] = ['http', 'https']): ProblemDetail | undefined {
  const listed = schemes.map((s) => `${s}://`).join(' or ');
  if (/\s/.test(url)) {
    return detail('url-format', 'must not contain a space', 'remove it or write %20');
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1].toLowerCase();
  if (scheme === undefined) {
    return detail('url-format', `must be a URL that begins with ${listed}`, `write '${schemes[0]}://${url.replace(/^[/:]+/, '')}'`);
  }
  if (!schemes.includes(scheme)) {
    return detail('url-format', `must begin with ${listed}`, `change '${scheme}://'`);
  }
  return hostProblem(url);
}

/**
 * The address of a git repository: https, ssh:// or the short form `git@host:path`.
 * Plain http and git:// are refused since anybody on the way could put other code in.
 */
export function gitUrlProblem(url: string): ProblemDetail | undefined {
  if (/\s/.test(url)) {
    return detail('url-format', 'must not contain a space', 'remove it or write %20');
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1].toLowerCase();
  if (scheme === 'http' || scheme === 'git') {
    return detail('unprotected', `must not fetch code by unprotected ${scheme}://`, `write '${url.replace(/^[^:]+/, 'https')}'`);
  }
  if (scheme === 'https' || scheme === 'ssh') {
    const problem = hostProblem(url, scheme === 'ssh');
    if (problem !== undefined) {
      return problem;
    }
    return new URL(url).pathname.replace(/^\/+/, '') === '' ? detail('url-format', 'names no repository', 'add its path behind the host') : undefined;
  }
  if (scheme === undefined && /^(?:[\w.-]+@)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:(?!\/\/)\S+$/.test(url)) {
    return undefined;
  }
  return detail('url-format', 'must be the address of a git repository', "write it as 'https://host/path.git', 'ssh://git@host/path.git' or 'git@host:path.git'");
}

function hostProblem(url: string, user = false): ProblemDetail | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return detail('url-format', 'is no valid URL', 'check its host and port');
  }
  if (parsed.hostname === '') {
    return detail('url-format', 'has no host', "write it behind '://'");
  }
  if (parsed.password !== '' || (parsed.username !== '' && !user)) {
    return detail('secret-in-clear', 'must not carry a user or password, which would be readable in every manifest', 'name a Secret instead');
  }
  return undefined;
}

import { Fault, fault } from './fault';

/** The address of a service: a scheme out of those given, a host, and no password. */
export function urlProblem(url: string, schemes: readonly string[] = ['http', 'https']): Fault | undefined {
  const listed = schemes.map((s) => `${s}://`).join(' or ');
  if (/\s/.test(url)) {
    return fault('must not contain a space', 'remove it or write %20');
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1].toLowerCase();
  if (scheme === undefined) {
    return fault(`must be a URL that begins with ${listed}`, `write '${schemes[0]}://${url.replace(/^[/:]+/, '')}'`);
  }
  if (!schemes.includes(scheme)) {
    return fault(`must begin with ${listed}`, `change '${scheme}://'`);
  }
  return hostProblem(url);
}

/**
 * The address of a git repository: https, ssh:// or the short form `git@host:path`.
 * Plain http and git:// are refused since anybody on the way could put other code in.
 */
export function gitUrlProblem(url: string): Fault | undefined {
  if (/\s/.test(url)) {
    return fault('must not contain a space', 'remove it or write %20');
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1].toLowerCase();
  if (scheme === 'http' || scheme === 'git') {
    return fault(`must not fetch code by unprotected ${scheme}://`, `write '${url.replace(/^[^:]+/, 'https')}'`);
  }
  if (scheme === 'https' || scheme === 'ssh') {
    const problem = hostProblem(url, scheme === 'ssh');
    if (problem !== undefined) {
      return problem;
    }
    return new URL(url).pathname.replace(/^\/+/, '') === '' ? fault('names no repository', 'add its path behind the host') : undefined;
  }
  if (scheme === undefined && /^(?:[\w.-]+@)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:(?!\/\/)\S+$/.test(url)) {
    return undefined;
  }
  return fault('must be the address of a git repository', "write it as 'https://host/path.git', 'ssh://git@host/path.git' or 'git@host:path.git'");
}

/** A URL as it may be shown: without what stands before the `@`, which may be a password or a token. */
export function withoutCredentials(url: string): string {
  return url.replace(/(:\/\/)[^/@\s]+@/g, '$1***@');
}

function hostProblem(url: string, user = false): Fault | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return fault('is no valid URL', 'check its host and port');
  }
  if (parsed.hostname === '') {
    return fault('has no host', "write it behind '://'");
  }
  if (parsed.password !== '' || (parsed.username !== '' && !user)) {
    return fault('must not carry a user or password, which would be readable in every manifest', 'name a Secret instead');
  }
  return undefined;
}

import { randomBytes } from 'node:crypto';
import type { Caller } from './rbac.js';

/** The bearer tokens of one run of the cluster: one of the owner, one for each ServiceAccount. They end with it. */
export class Tokens {
  private readonly callers = new Map<string, Caller>();
  private readonly issued = new Map<string, string>();

  /** @param admin the owner's token, which may do everything; a new one when absent */
  constructor(readonly admin = newToken()) {
    this.callers.set(admin, { kind: 'admin' });
  }

  /** The token of a ServiceAccount, always the same. */
  issue(namespace: string, account: string): string {
    const key = `${namespace}/${account}`;
    let token = this.issued.get(key);
    if (token === undefined) {
      token = newToken();
      this.issued.set(key, token);
      this.callers.set(token, { kind: 'account', namespace, account });
    }
    return token;
  }

  /** Who sent an Authorization header; undefined for a token that is none. Who brings no token is nobody, and may what nobody in particular may. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
    return token === undefined ? { kind: 'anonymous' } : this.callers.get(token);
  }
}

/** 32 random bytes: found by nobody who compares or times. */
function newToken(): string {
  return randomBytes(32).toString('base64url');
}

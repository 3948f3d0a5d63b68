import { OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { Connections } from './forward.js';
import { Address } from './services.js';

/** A request as a copy of it goes out. */
export interface MirroredRequest {
  readonly address: Address;
  readonly connections: Connections;
  readonly method: string | undefined;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly authority: string;
  readonly content: Buffer;
}

const AT_ONCE = 64;
const TIMEOUT_MS = 30_000;

/** Sends copies whose answers nobody gets. Copies that pile up, as those to a slow server, are left out: they must not slow down what counts. */
export class Mirrors {
  private underWay = 0;

  /** Whether it is sent. */
  public send({ address, connections, method, path, headers, authority, content }: MirroredRequest): boolean {
    if (this.underWay >= AT_ONCE) return false;
    this.underWay += 1;
    const { 'transfer-encoding': _, ...rest } = headers;
    // As Envoy marks them, so that a server can tell.
    const own = { ...rest, 'host': `${authority.replace(/:\d+$/, '')}-shadow`, 'content-length': content.length };
    const copy = httpRequest({ ...address, method, path, agent: connections.use, timeout: TIMEOUT_MS, headers: own });
    copy.once('close', () => {
      this.underWay -= 1;
    });
    copy.once('timeout', () => copy.destroy());
    copy.once('response', (answer) => answer.resume());
    copy.on('error', () => undefined);
    copy.end(content);
    return true;
  }
}

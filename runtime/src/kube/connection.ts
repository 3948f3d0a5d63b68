import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { MyelinError } from '../shared/errors.js';
import { Mounts } from '../shared/mounts.js';

/** Where Kubernetes mounts a pod's credentials. */
const CREDENTIALS = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Longest time from a request to the last byte of its answer, in milliseconds. An idle connection is closed after the same time. */
const TIMEOUT = 30_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How requests reach the API server: its address, the credentials, and connections that are used again. */
export class Connection {
  /**
   * That of the laptop's cluster (MYELIN_KUBE_API, MYELIN_KUBE_TOKEN), else of the cluster that this pod runs in.
   * @param timeout of a request, in milliseconds
   */
  static of(env: NodeJS.ProcessEnv, timeout = TIMEOUT): Connection {
    const { MYELIN_KUBE_API: api, MYELIN_KUBE_TOKEN: token, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
    if (api !== undefined) return new Connection(new URL(api), async () => token, async () => undefined, timeout);
    if (host === undefined) throw new MyelinError('MYELIN_KUBE_UNCONFIGURED', {});
    const folder = Mounts.of(env).host(CREDENTIALS);
    return new Connection(
      new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
      // Read for each request: the kubelet replaces it long before it runs out.
      async () => (await readFile(`${folder}/token`, 'utf8')).trim(),
      () => readFile(`${folder}/ca.crt`, 'utf8'),
      timeout,
    );
  }

  private agent?: Promise<HttpAgent>;

  private constructor(
    private readonly server: URL,
    private readonly token: () => Promise<string | undefined>,
    private readonly authority: () => Promise<string | undefined>,
    private readonly timeout: number,
  ) {}

  /** The server's address, for messages. */
  get address(): string {
    return this.server.host;
  }

  /** Makes one request, once. Throws when no whole answer came in time. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = await this.token();
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const agent = await (this.agent ??= this.openAgent());
    // One deadline for all of it: a socket's timeout starts anew with each byte.
    const signal = AbortSignal.timeout(this.timeout);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = this.server.protocol === 'https:' ? httpsRequest : httpRequest;
      send(new URL(path, this.server), {
        method,
        agent,
        signal,
        headers: {
          'accept': 'application/json',
          'user-agent': 'myelin-runtime',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(content !== undefined && { 'content-type': 'application/json', 'content-length': content.length }),
        },
      }, resolve).on('error', reject).end(content);
    });
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    return { status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') };
  }

  private async openAgent(): Promise<HttpAgent> {
    // Idle connections do not keep a process alive.
    const options = { keepAlive: true, maxSockets: 8, timeout: TIMEOUT };
    return this.server.protocol === 'https:' ? new HttpsAgent({ ...options, ca: await this.authority() }) : new HttpAgent(options);
  }
}

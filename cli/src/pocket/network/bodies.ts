import { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

/** As much of a body as Envoy keeps to send it again or to another. */
export const KEPT_BYTES = 1024 * 1024;

/** Hands over a copy of the body when it has all come through, if it is small enough to keep. Who else reads it must have begun in the same turn. */
export function teeBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const side = new PassThrough();
  request.pipe(side);
  side.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= KEPT_BYTES) chunks.push(chunk);
  });
  side.once('end', () => {
    if (size <= KEPT_BYTES) done(Buffer.concat(chunks));
  });
}

/** The whole body; undefined, and nothing read, when it says that it is too large to keep or does not say how large it is. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const length = request.headers['content-length'];
  const none = length === undefined && request.headers['transfer-encoding'] === undefined;
  if (!none && (length === undefined || Number(length) > KEPT_BYTES)) return undefined;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The client has left; forwarding finds that out itself.
    return undefined;
  }
  return Buffer.concat(chunks);
}

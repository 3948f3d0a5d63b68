import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { MyelinError, shown } from '../../shared/errors.js';

/** A message as it came: its JSON text and what that says. */
export interface ReceivedMessage {
  readonly text: string | Buffer;
  readonly value: unknown;
}

/**
 * The message of a request: the body, or the field `json` of a form or of the query. The declared type is not believed where the body
 * is plainly an object: `curl -d` calls JSON a form. Throws MYELIN_REQUEST_NOT_JSON.
 */
export async function receivedMessage(request: FastifyRequest): Promise<ReceivedMessage> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (body.length === 0) return parsed(queryField(request));
  if (looksLikeObject(body)) return parsed(body);
  const type = request.headers['content-type'] ?? '';
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return parsed(await formField(body, type));
  return parsed(body);
}

function queryField(request: FastifyRequest): string | undefined {
  const field = (request.query as Record<string, unknown>).json;
  return typeof field === 'string' ? field : undefined;
}

async function formField(body: Buffer, type: string): Promise<string | undefined> {
  try {
    const field = (await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()).get('json');
    return typeof field === 'string' || field === null ? field ?? undefined : await field.text();
  } catch {
    throw new MyelinError('MYELIN_REQUEST_NOT_JSON', { got: 'a form that cannot be read' });
  }
}

function looksLikeObject(body: Buffer): boolean {
  const first = body.subarray(0, 64).toString('latin1').trimStart()[0];
  return first === '{';
}

function parsed(text: string | Buffer | undefined): ReceivedMessage {
  if (text === undefined) throw new MyelinError('MYELIN_REQUEST_NOT_JSON', { got: 'absent' });
  if (typeof text !== 'string' && !isUtf8(text)) throw new MyelinError('MYELIN_REQUEST_NOT_JSON', { got: 'not UTF-8' });
  const source = text.toString();
  try {
    return { text, value: JSON.parse(source) };
  } catch (cause) {
    throw new MyelinError('MYELIN_REQUEST_NOT_JSON', { got: shown(source) }, { cause });
  }
}

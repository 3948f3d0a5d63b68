import { SERVER_PORT } from '../contract/constants.js';
import type { ServerDocument } from '../contract/documents.js';
import { serverName } from '../release/plan/names.js';
import type { Log } from '../shared/log.js';
import { sha256 } from '../shared/sha256.js';
import type { FeedbackReply } from './feedback-desk.js';
import { FORWARDED_HEADER } from './protocol/model-server.js';

/** Another version is in the same cluster: it answers soon or not at all. */
const TIMEOUT_MS = 5000;

/**
 * Passes feedback to the version that made the prediction, whose server has a name of the same rule. Undefined when it does not take it:
 * it is retired, starts just now, or never had this backend.
 */
export async function forwardFeedback(
  server: ServerDocument, version: string, body: unknown, context: { readonly fetch: typeof fetch; readonly log: Log },
): Promise<FeedbackReply | undefined> {
  const url = `http://${serverName(server.axon, version, server, sha256)}.${server.namespace}.svc:${SERVER_PORT}/send-feedback`;
  try {
    const response = await context.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [FORWARDED_HEADER]: server.version },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 404 || response.status >= 500) {
      context.log.info({ version, status: response.status }, 'feedback was not taken by its version');
      return undefined;
    }
    return { status: response.status, body: JSON.parse(text) };
  } catch (error) {
    context.log.info({ version, err: error }, 'feedback did not reach its version');
    return undefined;
  }
}

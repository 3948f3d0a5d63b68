import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MyelinError } from '../../shared/errors.js';
import type { Log } from '../../shared/log.js';
import type { FeedbackDesk } from '../feedback-desk.js';
import type { Predictions } from '../predictions.js';
import type { InFlight } from './in-flight.js';
import { receivedMessage } from './message-text.js';

export interface ModelServerOptions {
  readonly version: string;
  readonly predictions: Predictions;
  readonly feedback: FeedbackDesk;
  /** Why no prediction can be answered; undefined when they can. */
  readonly unready: () => string | undefined;
  /** Whether clients should go elsewhere with their next request. */
  readonly draining: () => boolean;
  readonly inFlight: InFlight;
  readonly maxBodyBytes: number;
  readonly log: Log;
}

/** A client must have sent its request by then, or a drain would wait for it. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Set on feedback that one version passes to another, which does not pass it on. */
export const FORWARDED_HEADER = 'x-myelin-forwarded';

/** The HTTP side of a server: predictions, feedback and health. Not listening yet. */
export function modelServer(options: ModelServerOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.maxBodyBytes,
    exposeHeadRoutes: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', (_request, reply, done) => {
    options.inFlight.add(reply.raw);
    reply.header('x-myelin-version', options.version);
    if (options.draining()) reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler((error: Error, request, reply) => replyError(coded(error, request, options), reply));
  app.setNotFoundHandler((request, reply) => replyError(new MyelinError('MYELIN_ROUTE_UNKNOWN', { route: `${request.method} ${path(request)}` }), reply));

  app.route({ method: ['GET', 'POST'], url: '/predict', handler: (request, reply) => predict(options, request, reply) });
  app.post('/send-feedback', async (request, reply) => {
    const message = await receivedMessage(request);
    const { status, body } = await options.feedback.take(message.value, request.headers[FORWARDED_HEADER] !== undefined);
    return reply.code(status).send(body);
  });
  app.get('/health', (_request, reply) => {
    const reason = options.unready();
    return reply.code(reason === undefined ? 200 : 503).send(reason === undefined ? { status: 'ready' } : { status: 'unavailable', reason });
  });
  return app;
}

async function predict(options: ModelServerOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  reply.raw.once('close', leave);
  try {
    const { id, body } = await options.predictions.make(() => receivedMessage(request), gone.signal);
    return await reply.header('x-myelin-prediction-id', id).header('content-type', 'application/json; charset=utf-8').send(body);
  } finally {
    reply.raw.off('close', leave);
  }
}

function replyError(error: MyelinError, reply: FastifyReply): FastifyReply {
  if (error.status === 503) reply.header('retry-after', '1');
  return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
}

/** An error as the caller may see it: one of the table. What is not in it is a mistake of ours, for the log alone. */
function coded(error: Error, request: FastifyRequest, { log, maxBodyBytes }: ModelServerOptions): MyelinError {
  if (error instanceof MyelinError) return error;
  const { statusCode = 500, code } = error as FastifyError;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new MyelinError('MYELIN_REQUEST_TOO_LARGE', { bytes: maxBodyBytes });
  if (statusCode < 500) return new MyelinError('MYELIN_REQUEST_REFUSED', { problem: error.message });
  log.error({ err: error, route: path(request) }, 'request failed');
  return new MyelinError('MYELIN_SERVER_FAILED', { route: path(request) });
}

function path(request: FastifyRequest): string {
  return request.url.split('?', 1)[0];
}

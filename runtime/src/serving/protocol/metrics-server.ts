import { fastify, type FastifyInstance } from 'fastify';
import type { ServerMetrics } from '../metrics.js';

/** Serves the metrics, on a port of their own that no route of the model reaches. */
export function metricsServer(metrics: ServerMetrics): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) => reply.header('content-type', metrics.contentType).send(await metrics.text()));
  return app;
}

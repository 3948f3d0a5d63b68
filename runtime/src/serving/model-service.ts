import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { METRICS_PORT, SERVER_PORT } from '../contract/constants.js';
import type { ServerDocument } from '../contract/documents.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { CaptureWriter } from './capture/capture-writer.js';
import type { CapturedLine } from './capture/captured-line.js';
import { SiblingSegments } from './capture/sibling-segments.js';
import { withoutFields } from './dataplane/dropped-fields.js';
import { isSampled } from './dataplane/prediction-id.js';
import { PredictionIndex } from './dataplane/prediction-index.js';
import { FeedbackDesk } from './feedback-desk.js';
import { forwardFeedback } from './forwarding.js';
import { ServerMetrics } from './metrics.js';
import { Predictions } from './predictions.js';
import { InFlight } from './protocol/in-flight.js';
import { metricsServer } from './protocol/metrics-server.js';
import { modelServer } from './protocol/model-server.js';
import { listenAddress, serverSettings, type ServerSettings } from './settings.js';
import { WorkerPool } from './worker/worker-pool.js';
import { listenForWorkers, type WorkerSocket } from './worker/worker-socket.js';

/** Requests that wait for a worker may hold so much, in bytes. */
const QUEUE_BYTES = 64 * 1024 * 1024;
/** A worker that crashed is back by then, or it does not load. */
const LOST_SECONDS = 15;
const INDEX_COUNT = 200_000;
/** How long predictions are remembered where no capture says it, in seconds. */
const MEMORY_SECONDS = 7 * 24 * 3600;

/** A running server of one backend of one release: HTTP in front, workers behind, capture aside. */
export class ModelService {
  /** Starts it: it listens when this resolves, and is ready when a worker has loaded the class. Fails when document or environment are wrong or a port is taken. */
  static async start(context: ProgramContext): Promise<ModelService> {
    const service = new ModelService(context, await context.document('server', 'server'), serverSettings(context));
    try {
      await service.listen();
    } catch (error) {
      await service.close();
      throw error;
    }
    return service;
  }

  private readonly metrics: ServerMetrics;
  private readonly pool: WorkerPool;
  private readonly capture: CaptureWriter | undefined;
  private readonly app: FastifyInstance;
  private readonly metricsApp: FastifyInstance;
  private readonly inFlight = new InFlight();
  private socket: WorkerSocket | undefined;
  private draining = false;

  private constructor(private readonly context: ProgramContext, private readonly server: ServerDocument, private readonly settings: ServerSettings) {
    const { log, clock } = context;
    const now = () => clock.now();
    const { axon, model, version } = server;
    this.metrics = new ServerMetrics({ axon, model, version });
    this.pool = new WorkerPool({
      log, timeoutSeconds: settings.timeoutSeconds, queueLength: settings.queueLength, queueBytes: QUEUE_BYTES, lostSeconds: LOST_SECONDS,
    });
    this.capture = this.captureWriter();
    const bounds = { count: INDEX_COUNT, bytes: settings.feedbackBytes, age: (server.capture?.retentionSeconds ?? MEMORY_SECONDS) * 1000 };
    const index = new PredictionIndex(bounds);
    const isCaptured = (id: string) => server.capture !== undefined && isSampled(id, server.capture.rate, sha256);
    const keep = (record: CapturedLine) => this.keep(record, isCaptured);
    const siblings = this.capture && new SiblingSegments({
      folder: this.capture.folder, own: this.capture.own, bounds, requests: () => this.pool.model?.learns ?? false, log, now,
    });
    this.metricsApp = metricsServer(this.metrics);
    this.app = modelServer({
      version,
      predictions: new Predictions({ version, pool: this.pool, index, metrics: this.metrics, capture: keep, now }),
      feedback: new FeedbackDesk({
        server,
        index,
        siblings,
        metrics: this.metrics,
        pool: this.pool,
        capture: keep,
        isCaptured,
        log,
        now,
        forward: (other, body) => forwardFeedback(server, other, body, context),
        sleep: (milliseconds) => clock.sleep(milliseconds),
      }),
      unready: () => this.unready(),
      draining: () => this.draining,
      inFlight: this.inFlight,
      maxBodyBytes: settings.maxBodyBytes,
      log,
    });
  }

  /** The port that predictions are served on. */
  get port(): number {
    return (this.app.server.address() as AddressInfo).port;
  }

  get metricsPort(): number {
    return (this.metricsApp.server.address() as AddressInfo).port;
  }

  /**
   * Serves until the context's signal, and then on for the time of the drain, unready, while those who send requests learn of it. Resolves when
   * the last request is answered, the capture is written and the workers are gone.
   */
  async run(): Promise<void> {
    const { signal, clock, log } = this.context;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.draining = true;
    log.info({ seconds: this.settings.drainSeconds }, 'server drains');
    await clock.sleep(this.settings.drainSeconds * 1000);
    await this.close();
    log.info('server has stopped');
  }

  /** Stops taking requests, answers those that it has, writes the capture, lets the workers go. */
  async close(): Promise<void> {
    this.draining = true;
    await this.inFlight.finish(this.app.server);
    await this.app.close();
    this.socket?.close();
    this.pool.close();
    await this.capture?.close();
    await this.metricsApp.close();
  }

  private async listen(): Promise<void> {
    const { context, settings, server } = this;
    this.socket = await listenForWorkers(context.mounts.host(settings.socket), (connected) => this.pool.attach(connected));
    await this.metricsApp.listen(listenAddress(context, METRICS_PORT));
    await this.app.listen(listenAddress(context, SERVER_PORT));
    const { axon, model, version, node, backend } = server;
    context.log.info({ axon, model, version, node, backend, port: this.port, metricsPort: this.metricsPort }, 'server listens');
  }

  private unready(): string | undefined {
    if (this.draining) return 'the server is stopping';
    const { ready, reason } = this.pool.health;
    return ready ? undefined : reason;
  }

  private captureWriter(): CaptureWriter | undefined {
    const { capture, version } = this.server;
    return capture && new CaptureWriter({
      folder: this.context.mounts.host(capture.path),
      version,
      retentionSeconds: capture.retentionSeconds,
      log: this.context.log,
      now: () => this.context.clock.now(),
      kept: (records) => this.metrics.captured.inc(records),
      dropped: (reason, records) => this.metrics.dropped(reason, records),
    });
  }

  private keep(record: CapturedLine, isCaptured: (id: string) => boolean): void {
    if (!isCaptured(record.id)) return;
    const { dropFields = [] } = this.server.capture ?? {};
    this.capture?.write(record.request === undefined ? record : { ...record, request: withoutFields(record.request, dropFields) });
  }
}

import { join } from 'node:path';
import type { ClusterLog } from '../../controller.js';
import type { PostedAlert } from '../alertmanager/alert.js';
import { Alertmanager } from '../alertmanager/alertmanager.js';
import type { AlertmanagerConfiguration } from '../alertmanager/configuration.js';
import { NotificationLog } from '../alertmanager/notification-log.js';
import type { Clock } from '../clock.js';
import { type Listening, listen, type Request, type Response } from '../http/listen.js';
import { deliver, type Services } from '../service-address.js';
import type { AlertingEngine } from './monitoring.js';

export interface EmbeddedAlertmanagerOptions {
  readonly clock: Clock;
  readonly log: ClusterLog;
  readonly services: Services;
  /** Where it remembers whom it told. */
  readonly stateDir: string;
}

/** Alertmanager within this process; takes alerts by call, and from a real Prometheus by HTTP. */
export class EmbeddedAlertmanager implements AlertingEngine {
  static async start(options: EmbeddedAlertmanagerOptions): Promise<EmbeddedAlertmanager> {
    const notified = new NotificationLog(join(options.stateDir, 'alertmanager', 'notified.json'));
    await notified.load();
    const engine = new EmbeddedAlertmanager(options, notified);
    engine.server = await listen((request) => engine.receive(request));
    return engine;
  }

  readonly kind = 'embedded';
  private readonly alertmanager: Alertmanager;
  private server!: Listening;
  private configured = '';

  private constructor(options: EmbeddedAlertmanagerOptions, notified: NotificationLog) {
    this.alertmanager = new Alertmanager({
      clock: options.clock,
      log: options.log,
      notified,
      externalUrl: 'http://alertmanager-operated:9093',
      deliver: async (webhook, body, signal) => deliver(options.services, webhook.url, body, webhook.authorization, signal),
    });
  }

  /** `127.0.0.1:port`, where a Prometheus may send alerts. */
  get address(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  send(alerts: readonly PostedAlert[]): void {
    this.alertmanager.put(alerts);
  }

  async configure(configuration: AlertmanagerConfiguration): Promise<void> {
    // The same again would begin the waits of all groups anew.
    const text = JSON.stringify(configuration);
    if (text === this.configured) return;
    this.configured = text;
    await this.alertmanager.configure(configuration);
  }

  async stop(): Promise<void> {
    await this.alertmanager.stop();
    await this.server.close();
  }

  private receive({ method, url, body, headers }: Request): Response {
    if (url.pathname === '/-/ready' || url.pathname === '/-/healthy') return { status: 200, body: 'OK' };
    if (method !== 'POST' || url.pathname !== '/api/v2/alerts') return { status: 404, body: 'not found' };
    // Only what a page of a browser cannot send without asking.
    if (!(headers['content-type'] ?? '').startsWith('application/json')) return { status: 415, body: 'the body must be application/json' };
    try {
      this.alertmanager.put((JSON.parse(body) as WireAlert[]).map(posted));
    } catch (error) {
      return { status: 400, body: (error as Error).message };
    }
    return { status: 200, body: '' };
  }
}

interface WireAlert {
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

function posted({ labels, annotations, startsAt, endsAt, generatorURL }: WireAlert): PostedAlert {
  return { labels, annotations, generatorURL, startsAt: time(startsAt), endsAt: time(endsAt) };
}

/** Go's zero time says that there is none. */
function time(text: string | undefined): number | undefined {
  const ms = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}

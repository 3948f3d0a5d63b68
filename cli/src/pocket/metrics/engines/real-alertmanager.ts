import { join } from 'node:path';
import type { ClusterLog } from '../../controller.js';
import type { AlertmanagerConfiguration, Webhook } from '../alertmanager/configuration.js';
import { alertmanagerFile } from '../alertmanager/file.js';
import { type Listening, listen, type Request, type Response } from '../http/listen.js';
import { writePrivate } from '../private-file.js';
import { deliver, type Services } from '../service-address.js';
import { Child } from './child.js';
import type { AlertingEngine } from './monitoring.js';

export interface RealAlertmanagerOptions {
  readonly binary: string;
  readonly log: ClusterLog;
  readonly services: Services;
  readonly stateDir: string;
}

/**
 * A real Alertmanager as a child process. It calls webhooks at a forwarder of ours, which finds services of the cluster
 * when the message comes, and adds the credentials, so that no file holds them.
 */
export class RealAlertmanager implements AlertingEngine {
  static async start(options: RealAlertmanagerOptions): Promise<RealAlertmanager> {
    const folder = join(options.stateDir, 'alertmanager');
    const engine = new RealAlertmanager(options, join(folder, 'alertmanager.yml'));
    engine.forwarder = await listen(async (request) => engine.forward(request));
    try {
      engine.text = alertmanagerFile({ route: { receiver: 'null', matchers: [], continue: false, routes: [] }, receivers: [{ name: 'null', webhooks: [] }] }, String);
      await writePrivate(engine.file, engine.text);
      engine.child = await Child.start({
        binary: options.binary,
        arguments: (port) => [
          `--config.file=${engine.file}`, `--storage.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`,
          '--web.external-url=http://alertmanager-operated:9093', '--web.route-prefix=/', '--cluster.listen-address=',
        ],
        pidFile: join(folder, 'pid.json'),
        logFile: join(folder, 'alertmanager.log'),
        log: options.log,
      });
    } catch (error) {
      await engine.forwarder.close();
      throw error;
    }
    return engine;
  }

  readonly kind = 'alertmanager';
  private readonly webhooks = new Map<string, Webhook>();
  private text = '';
  private forwarder!: Listening;
  private child!: Child;

  private constructor(private readonly options: RealAlertmanagerOptions, private readonly file: string) {}

  /** `127.0.0.1:port`, where a Prometheus sends alerts. */
  get address(): string {
    return `127.0.0.1:${this.child.port}`;
  }

  async configure(configuration: AlertmanagerConfiguration): Promise<void> {
    this.webhooks.clear();
    const text = alertmanagerFile(configuration, (webhook) => {
      const path = `/${this.webhooks.size}`;
      this.webhooks.set(path, webhook);
      return `${this.forwarder.url}${path}`;
    });
    if (text === this.text) return;
    await writePrivate(this.file, text);
    const response = await fetch(`${this.child.url}/-/reload`, { method: 'POST' });
    if (!response.ok) throw new Error(`alertmanager refused its configuration: ${await response.text()}`);
    await response.body?.cancel();
    this.text = text;
  }

  async stop(): Promise<void> {
    await this.child.stop();
    await this.forwarder.close();
  }

  private async forward({ url, body }: Request): Promise<Response> {
    const webhook = this.webhooks.get(url.pathname);
    if (webhook === undefined) return { status: 404, body: 'unknown webhook' };
    const { status, error } = await deliver(this.options.services, webhook.url, body, webhook.authorization);
    if (status === 0) this.options.log.warn('alert not delivered', { url: webhook.url, error, retries: true });
    return status === 0 ? { status: 502, body: error } : { status, body: '' };
  }
}

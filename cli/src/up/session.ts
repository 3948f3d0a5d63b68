import { join } from 'node:path';
import { LABEL } from '@cdk8s-myelin/runtime';
import { type AxonState, axonStates } from '../client/axon-state.js';
import type { Clients } from '../demo/clients.js';
import { PocketCluster } from '../pocket/cluster.js';
import type { AlertView } from '../pocket/metrics/engines/monitoring.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import type { Streams } from '../terminal.js';
import { shownNumber } from '../view/happening.js';
import { LoopView } from '../view/loop-view.js';
import { applyAll } from './applied.js';
import type { Loaded } from './manifests.js';
import type { UpOptions } from './options.js';
import { retryRuns } from './retry.js';
import { sourcesOf } from './sources.js';
import { StateFolder } from './state-folder.js';

/** A cluster that runs some manifests, and somebody who looks on. */
export class Session {
  /** Starts the cluster over its state folder and applies the objects. Throws when another cluster has the folder. */
  public static async open(loaded: Loaded, files: readonly string[], options: UpOptions, streams: Streams): Promise<Session> {
    const sources = sourcesOf(options.source, loaded.artifacts);
    const folder = new StateFolder(options.state);
    folder.take();
    const session = new Session(loaded.objects, folder, streams, new PocketCluster({
      stateDir: folder.path,
      files,
      sources,
      artifacts: loaded.artifacts,
      port: options.port,
      lastPort: folder.lastPort(),
      metrics: options.metrics,
      declared: loaded.objects,
      onWarning: (message, keys) => session.warn(message, keys),
      onAlert: (alert) => session.alerted(alert),
    }));
    try {
      await session.start();
    } catch (e) {
      await session.close();
      throw e;
    }
    return session;
  }

  /** Clients that are played, whose answers the footer shows. */
  public clients?: Clients;
  public readonly view: LoopView;
  private readonly firings = new Map<string, number>();

  private constructor(
    public readonly declared: readonly KubeObject[], private readonly folder: StateFolder, streams: Streams, public readonly cluster: PocketCluster,
  ) {
    this.view = new LoopView({ objects: cluster.objects, streams, footer: () => this.footer() });
  }

  public async close(): Promise<void> {
    await this.cluster.stop();
    this.view.stop();
    this.folder.leave();
  }

  public axons(): AxonState[] {
    const { objects, gateway } = this.cluster;
    return axonStates(objects.list('ConfigMap'), objects.list('Workflow'), gateway);
  }

  /** Folder of an axon in its store: one for each task, in it one for each run. */
  public storeOf(axon: string): string {
    const claim = this.cluster.objects.list('PersistentVolumeClaim', { labels: { [LABEL.AXON]: axon, [LABEL.COMPONENT]: 'store' } })[0];
    return join(this.cluster.folderOf(claim), axon);
  }

  /** Resolves with the time at which an alert on that version began to fire, in milliseconds since 1970. */
  public async firing(version: string, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const at = this.firings.get(version);
        if (at === undefined && !signal.aborted) {
          return;
        }
        clearInterval(timer);
        signal.removeEventListener('abort', look);
        if (at === undefined) {
          reject(signal.reason as Error);
        } else {
          resolve(at);
        }
      };
      const timer = setInterval(look, 100);
      signal.addEventListener('abort', look);
      look();
    });
  }

  private async start(): Promise<void> {
    const { cluster, folder, view, declared } = this;
    await cluster.start();
    const resumed = cluster.objects.list('Workflow').length > 0;
    view.start();
    folder.rememberPort(cluster.gateway);
    const changed = applyAll(cluster.objects, declared, folder);
    const retried = retryRuns(cluster.objects, (axon) => this.storeOf(axon));
    folder.announce({
      pid: process.pid,
      startedAt: new Date().toISOString(),
      url: cluster.api.url,
      token: cluster.api.token,
      gateway: cluster.gateway,
      services: cluster.serviceProxy,
      prometheus: cluster.prometheus,
    });
    view.tell('plain', resumed ? `goes on where it was; ${changed} objects changed` : `${declared.length} objects applied`);
    for (const { run: { metadata: { name, uid = '' } }, why } of retried) {
      view.forget(uid);
      view.tell('plain', `run ${name} ${why} the last time and runs again`);
    }
  }

  private warn(message: string, keys: Readonly<Record<string, unknown>>): void {
    const details = Object.entries(keys).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');
    this.view.tell('odd', details === '' ? message : `${message}: ${details}`);
  }

  private alerted({ name, state, labels, value }: AlertView): void {
    const subject = labels.version === undefined ? '' : ` on version ${labels.version}`;
    this.view.tell(state === 'resolved' ? 'plain' : 'odd', `alert ${name}${subject} is ${state}${state === 'resolved' ? '' : `, at ${shownNumber(value)}`}`);
    if (state === 'firing' && labels.version !== undefined && !this.firings.has(labels.version)) {
      this.firings.set(labels.version, Date.now());
    }
  }

  private footer(): string[] {
    const tallies = [...(this.clients?.tallies ?? [])].filter(([, { answered }]) => answered > 0);
    return tallies.map(([version, { answered, correct }]) => `         version ${version}  ${answered} answers, accuracy ${(correct / answered).toFixed(2)}`);
  }
}

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DOCUMENT_KEY } from '@cdk8s-myelin/runtime';
import { API_KINDS } from './api/kinds.js';
import { forbidden, isAllowed } from './api/rbac.js';
import { ApiServer } from './api/server.js';
import { Tokens } from './api/tokens.js';
import { FileLog } from './cluster-log.js';
import type { Controller, Objects } from './controller.js';
import { EventBus } from './events/event-bus.js';
import { EventSourceController } from './events/event-source-controller.js';
import type { Access } from './events/k8s-trigger.js';
import type { Nastiness } from './events/nastiness.js';
import { SensorController } from './events/sensor-controller.js';
import { LaptopImages } from './images/images.js';
import { LaptopSources } from './images/sources.js';
import type { AlertView } from './metrics/engines/monitoring.js';
import { PocketMetrics } from './metrics/pocket-metrics.js';
import { Gateway } from './network/gateway.js';
import { ServiceProxy } from './network/service-proxy.js';
import { ServiceTable } from './network/services.js';
import type { KubeObject } from './objects/kube-object.js';
import { ObjectStore } from './objects/store.js';
import { ClaimController, claimFolder } from './pods/claims.js';
import { PodController } from './pods/pod-controller.js';
import { CronController } from './workflow/cron-controller.js';
import { WorkflowController } from './workflow/workflow-controller.js';
import { DeploymentController } from './workloads/deployment-controller.js';
import { JobController } from './workloads/job-controller.js';

export interface PocketClusterOptions {
  /** The folder with everything of the cluster; one cluster a folder. */
  readonly stateDir: string;
  /** Axon files: code of a repository that one lies in is taken from there. */
  readonly files: readonly string[];
  /** Folders of code by the name of an artifact or its repository. */
  readonly sources: Readonly<Record<string, string>>;
  /** Repositories by the names of artifacts. */
  readonly artifacts: Readonly<Record<string, readonly string[]>>;
  /** The objects that will be applied: they say where Prometheus is expected. */
  readonly declared: readonly KubeObject[];
  /** The port under which models answer; a free one when absent. */
  readonly port?: number;
  /** The port under which they answered before, which is taken again if it is free and no other is asked for. */
  readonly lastPort?: number;
  readonly metrics: 'auto' | 'embedded';
  /** How unkind the event bus is; as kind as it can be when absent. */
  readonly nastiness?: Nastiness;
  readonly onWarning: (message: string, keys: Readonly<Record<string, unknown>>) => void;
  readonly onAlert?: (alert: AlertView) => void;
}

/** Where synthesis expects Prometheus unless the axon says otherwise. */
const PROMETHEUS = { namespace: 'monitoring', name: 'prometheus-operated', port: 9090 };

/** The laptop's cluster: the store of objects, its API, and a controller for each kind that we synthesise. */
export class PocketCluster {
  public readonly objects: Objects;
  private readonly tokens = new Tokens();
  private readonly store: ObjectStore;
  private readonly log: FileLog;
  private readonly proxy: ServiceProxy;
  private readonly ingress: Gateway;
  private readonly pods: PodController;
  private readonly metrics: PocketMetrics;
  /** In the order in which they start; they end in the opposite one. */
  private readonly controllers: readonly Pick<Controller, 'start' | 'stop'>[];
  private readonly started: Pick<Controller, 'stop'>[] = [];
  private server?: ApiServer;

  constructor(private readonly options: PocketClusterOptions) {
    const stateDir = resolve(options.stateDir);
    mkdirSync(stateDir, { recursive: true });
    const log = this.log = new FileLog(join(stateDir, 'cluster.log'), options.onWarning);
    const objects = this.store = ObjectStore.open(join(stateDir, 'objects'), log);
    this.objects = objects;
    const services = new ServiceTable(objects);
    this.proxy = new ServiceProxy(services);
    this.ingress = new Gateway({ objects, services, log, port: options.port, lastPort: options.lastPort });
    this.pods = new PodController(objects, {
      stateDir,
      log,
      images: new LaptopImages({ stateDir, log }),
      kubeApi: () => ({ url: this.api.url, token: (namespace, account) => this.tokens.issue(namespace, account) }),
      serviceProxy: () => this.proxy.url,
    });
    this.metrics = new PocketMetrics({
      objects, services, log, stateDir: join(stateDir, 'metrics'), prefer: options.metrics, prometheusHost: prometheusOf(options.declared), onAlert: options.onAlert,
    });
    const bus = new EventBus(options.nastiness);
    const sources = new LaptopSources({
      stateDir,
      log,
      projectDirs: options.files.filter((file) => file !== '-').map((file) => dirname(resolve(file))),
      folders: options.sources,
      artifacts: options.artifacts,
    });
    this.controllers = [
      services, this.proxy, this.ingress,
      new ClaimController(objects, stateDir, log), this.pods, new JobController(objects, log), new DeploymentController(objects, log),
      this.metrics,
      new SensorController({ objects, log, bus, permits: (access) => this.refusal(access) }),
      new EventSourceController({ objects, log, bus, register: (...service) => services.register(...service) }),
      new WorkflowController({ objects, log, sources, hostPath: (pod, path) => this.pods.hostPath(pod, path) }), new CronController({ objects, log }),
    ];
  }

  /** The API, once it has started: its address, and the token that may do everything. */
  public get api(): { readonly url: string; readonly token: string } {
    if (this.server === undefined) {
      throw new Error('the cluster has not started, call start first');
    }
    return { url: this.server.url, token: this.tokens.admin };
  }

  /** Where models answer. */
  public get gateway(): string {
    return this.ingress.url;
  }

  /** Where Services answer, by the host in x-forwarded-host. */
  public get serviceProxy(): string {
    return this.proxy.url;
  }

  public get prometheus(): string {
    return this.metrics.url;
  }

  /** The folder of a claim on this machine. Throws when it can have none. */
  public folderOf(claim: KubeObject): string {
    const place = claimFolder(this.objects, resolve(this.options.stateDir), claim);
    if ('refused' in place) {
      throw new Error(place.refused);
    }
    return place.folder;
  }

  public async start(): Promise<void> {
    this.server = await ApiServer.start({ objects: this.store, tokens: this.tokens, log: this.log, logs: this.pods });
    for (const controller of this.controllers) {
      await controller.start();
      this.started.unshift(controller);
    }
  }

  /** Ends what was started, whatever fails on the way. */
  public async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const controller of this.started.splice(0)) {
      await controller.stop().catch((e: unknown) => failures.push(e));
    }
    await this.server?.stop().catch((e: unknown) => failures.push(e));
    if (failures.length > 0) {
      throw new AggregateError(failures, 'the cluster did not end cleanly');
    }
  }

  /** Why a Sensor's account may not do what its trigger does: what the API server would answer it. */
  private refusal({ verb, namespace, serviceAccount: account, apiVersion, kind, name }: Access): string | undefined {
    const caller = { kind: 'account', namespace, account } as const;
    const apiGroup = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const known = API_KINDS.find((each) => each.kind === kind && each.group === apiGroup);
    const request = { verb, apiGroup, resource: known?.plural ?? kind, namespace, ...(verb !== 'create' && { name }) };
    return isAllowed(this.objects, caller, request) ? undefined : forbidden(caller, request);
  }
}

/** The Service that the axons' documents name. */
function prometheusOf(declared: readonly KubeObject[]): typeof PROMETHEUS {
  const texts: string[] = declared.filter(({ kind, data }) => kind === 'ConfigMap' && data?.[DOCUMENT_KEY.AXON] !== undefined).map(({ data }) => data[DOCUMENT_KEY.AXON]);
  for (const text of texts) {
    const url: string | undefined = JSON.parse(text).prometheus?.url;
    const [, name, namespace, port] = /^https?:\/\/([^./:]+)\.([^./:]+)\.svc[^/:]*(?::(\d+))?/.exec(url ?? '') ?? [];
    if (name !== undefined) {
      return { name, namespace, port: Number(port ?? 80) };
    }
  }
  return PROMETHEUS;
}

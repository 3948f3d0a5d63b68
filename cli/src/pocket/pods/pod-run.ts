import { resolve } from 'node:path';
import type { ClusterLog, Objects } from '../controller.js';
import type { Images, ResolvedImage } from '../images/images.js';
import type { Condition } from '../objects/kube-object.js';
import type { Launch } from './container-process.js';
import { ContainerRun, ImageRefused, type ContainerHost } from './container-run.js';
import type { ImageCopies } from './image-copy.js';
import { launchOf, type KubeApi } from './launch.js';
import { refusedPod } from './pod-fields.js';
import { PodFolder } from './pod-folder.js';
import { podStatus, type PodEnd } from './pod-status.js';
import type { Container, Pod, PodStatus } from './pod.js';
import { freePorts, type PodPorts } from './ports.js';
import type { ShortPaths } from './short-paths.js';
import { NotReadyYet, volumeFolders } from './volumes.js';

/** What all pods of a cluster share. */
export interface PodWorld {
  readonly objects: Objects;
  readonly stateDir: string;
  readonly images: Images;
  readonly copies: ImageCopies;
  readonly paths: ShortPaths;
  readonly kubeApi: () => KubeApi;
  readonly serviceProxy: () => string;
  readonly log: ClusterLog;
  readonly graceCapSeconds: number;
  readonly machine: NodeJS.ProcessEnv;
}

/** As long as Kubernetes gives a pod that says nothing. */
const GRACE_SECONDS = 30;
/** setTimeout takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A pod from its first process to its last. It says what is; its controller writes that down. */
export class PodRun implements ContainerHost {
  readonly folder: PodFolder;
  readonly graceMilliseconds: number;
  ports: PodPorts = {};
  private readonly ending = new AbortController();
  private readonly init: ContainerRun[];
  private readonly containers: ContainerRun[];
  private readonly startTime: string;
  private readonly finished: Promise<void>;
  private over = false;
  private end?: PodEnd;

  constructor(readonly pod: Pod, private readonly world: PodWorld, readonly changed: () => void) {
    const { spec, status } = pod;
    this.folder = PodFolder.of(world.stateDir, pod);
    this.graceMilliseconds = Math.min(spec.terminationGracePeriodSeconds ?? GRACE_SECONDS, world.graceCapSeconds) * 1000;
    // A pod that is run again after a restart of the cluster has begun when it began.
    this.startTime = status?.startTime ?? new Date().toISOString();
    const first = spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
    this.init = (spec.initContainers ?? []).map((container) => new ContainerRun(container, this, 'PodInitializing'));
    this.containers = (spec.containers ?? []).map((container) => new ContainerRun(container, this, first));
    this.finished = this.run();
  }

  /** Whether nothing of it runs and nothing will. */
  get isOver(): boolean {
    return this.over;
  }

  /** Ends all that runs; with an end, the pod has failed for that reason. Resolves when its processes are gone. */
  async terminate(end?: PodEnd): Promise<void> {
    if (!this.over) this.end ??= end;
    this.ending.abort();
    await Promise.all([...this.init, ...this.containers].map(async (container) => container.stop()));
    await this.finished;
  }

  status(before: readonly Condition[] | undefined): PodStatus {
    return podStatus({
      startTime: this.startTime,
      init: this.init.map((container) => container.status()),
      containers: this.containers.map((container) => container.status()),
      over: this.over,
      end: this.end,
    }, before, new Date().toISOString());
  }

  /** Brings mounted ConfigMaps and Secrets to their newest content. */
  refresh(): void {
    if (this.over) return;
    try {
      this.volumes();
    } catch (error) {
      this.world.log.warn('mounted content could not be renewed', { pod: this.pod.metadata.name, error: String(error) });
    }
  }

  async launch(container: Container): Promise<Launch> {
    const { objects, stateDir, paths, kubeApi, serviceProxy, machine, copies } = this.world;
    const { pod, folder, ports } = this;
    this.needAccount();
    const volumes = this.volumes();
    const image = await this.image(container);
    const root = image.runtime ? image.root : await copies.copy(image.root, folder.root(container.name));
    return launchOf({
      pod,
      container,
      image,
      root,
      volumes,
      folder,
      ports,
      objects,
      paths,
      machine,
      stateDir: resolve(stateDir),
      kubeApi: kubeApi(),
      serviceProxy: serviceProxy(),
    });
  }

  private async run(): Promise<void> {
    let deadline: NodeJS.Timeout | undefined;
    try {
      // Nothing of it may reach its controller before the constructor has returned.
      await Promise.resolve();
      const refused = refusedPod(this.pod.spec, this.pod);
      if (refused !== undefined) {
        this.end ??= { reason: 'Unsupported', message: refused };
        return;
      }
      deadline = this.deadline();
      this.folder.make();
      this.ports = await freePorts(this.pod);
      await this.runContainers();
    } catch (error) {
      this.end ??= { reason: 'CreateContainerError', message: (error as Error).message };
    } finally {
      clearTimeout(deadline);
      this.over = true;
      this.changed();
    }
  }

  private async runContainers(): Promise<void> {
    const { restartPolicy } = this.pod.spec;
    const { signal } = this.ending;
    for (const container of this.init) {
      const end = await container.run(restartPolicy === 'Never' ? 'Never' : 'OnFailure', signal);
      if (end?.exitCode !== 0) return;
    }
    if (signal.aborted) return;
    await Promise.all(this.containers.map(async (container) => container.run(restartPolicy, signal)));
  }

  private deadline(): NodeJS.Timeout | undefined {
    const { activeDeadlineSeconds } = this.pod.spec;
    if (activeDeadlineSeconds === undefined) return undefined;
    const left = Date.parse(this.startTime) + activeDeadlineSeconds * 1000 - Date.now();
    const message = 'Pod was active on the node longer than the specified deadline';
    return setTimeout(() => {
      void this.terminate({ reason: 'DeadlineExceeded', message });
    }, Math.min(Math.max(left, 0), LONGEST_TIMER));
  }

  private volumes(): Record<string, string> {
    return volumeFolders(this.pod, this.folder, this.world.objects, this.world.stateDir);
  }

  private async image({ image }: Container): Promise<ResolvedImage> {
    try {
      return await this.world.images.resolve(image);
    } catch (error) {
      throw new ImageRefused((error as Error).message, { cause: error });
    }
  }

  /** As in a cluster, a pod waits for its account. */
  private needAccount(): void {
    const { serviceAccountName: name = 'default' } = this.pod.spec;
    const { namespace = 'default' } = this.pod.metadata;
    if (name !== 'default' && this.world.objects.get({ kind: 'ServiceAccount', namespace, name }) === undefined) {
      throw new NotReadyYet(`ServiceAccount '${name}' not found`);
    }
  }
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClusterLog, Controller, Objects } from '../controller.js';
import type { Images } from '../images/images.js';
import { refOf, type KubeObject } from '../objects/kube-object.js';
import { WorkQueue } from '../workqueue.js';
import { claimFolder } from './claims.js';
import { readLog, type LogOptions } from './container-log.js';
import { ImageCopies } from './image-copy.js';
import type { KubeApi } from './launch.js';
import { endOrphans } from './orphans.js';
import { PodFolder, podFolders, podId } from './pod-folder.js';
import { PodRun, type PodWorld } from './pod-run.js';
import type { PodEnd } from './pod-status.js';
import { isFinished, PORTS_ANNOTATION, type Pod, type PodStatus } from './pod.js';
import { ShortPaths } from './short-paths.js';
import { mountFolders, shownObjects } from './volumes.js';

export interface PodOptions {
  /** The `.myelin` folder. Only one cluster at a time may run over it: its start ends what another left. */
  readonly stateDir: string;
  readonly images: Images;
  /** The API that containers talk to; asked when a container starts. */
  readonly kubeApi: () => KubeApi;
  /** Address that answers for every Service by the name in the Host header; asked when a container starts. */
  readonly serviceProxy: () => string;
  readonly log: ClusterLog;
  /** Longest time that a container has to end, in seconds, whatever its pod says; 10 when absent. */
  readonly graceCapSeconds?: number;
  /** The environment that containers get a part of; this process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
}

const LOST: PodEnd = { reason: 'NodeLost', message: 'the laptop\'s cluster was stopped while the pod ran', disrupted: true };

/** Runs Pod objects as processes of this machine. */
export class PodController implements Controller {
  readonly name = 'pods';
  private readonly stateDir: string;
  private readonly runs = new Map<string, PodRun>();
  /** Pods whose objects are gone and whose processes end. */
  private readonly leaving = new Set<Promise<void>>();
  private readonly published: WorkQueue;
  private readonly ends: (() => void)[] = [];
  private world?: PodWorld;
  private stopping = false;

  constructor(private readonly objects: Objects, private readonly options: PodOptions) {
    this.stateDir = resolve(options.stateDir);
    this.published = new WorkQueue(async (uid) => this.publish(uid), options.log);
  }

  async start(): Promise<void> {
    const { images, kubeApi, serviceProxy, log, graceCapSeconds = 10, env = process.env } = this.options;
    const ended = await endOrphans(this.stateDir, log);
    if (ended > 0) log.info('ended what a killed cluster left running', { processes: ended });
    this.markLost();
    this.removeFolders();
    const paths = new ShortPaths(this.stateDir);
    const { objects, stateDir } = this;
    this.world = { objects, stateDir, images, copies: new ImageCopies(), paths, kubeApi, serviceProxy, log, graceCapSeconds, machine: env };
    this.ends.push(
      this.objects.watch('Pod', ({ type, object }) => (type === 'deleted' ? this.leave(object) : this.begin(object as Pod))),
      this.objects.watch('ConfigMap', ({ type, object }) => type === 'modified' && this.refresh(object)),
      this.objects.watch('Secret', ({ type, object }) => type === 'modified' && this.refresh(object)),
    );
  }

  /** Ends all containers. What ran is marked as lost with the node, so that its owners start it anew when the cluster is back. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const end of this.ends) end();
    await Promise.all([...this.runs.values()].map(async (run) => run.terminate(isRunAgain(run.pod) ? undefined : LOST)));
    await Promise.all(this.leaving);
    await this.published.stop();
    for (const [uid, run] of this.runs) this.publishLast(uid, run);
    this.world?.paths.close();
  }

  /** Where a path of a container lies on this machine. Without a container's name, of the first one. */
  hostPath(pod: KubeObject, containerPath: string, containerName?: string): string {
    const { spec } = pod as Pod;
    const folder = PodFolder.of(this.stateDir, pod);
    const container = [...spec.containers, ...spec.initContainers ?? []].find(({ name }) => containerName === undefined || name === containerName);
    if (container === undefined) throw new Error(`pod '${pod.metadata.name}' has no container '${containerName}'`);
    const volumes = Object.fromEntries((spec.volumes ?? []).map((volume) => [volume.name, volume.hostPath?.path
      ?? this.claimPath(pod, volume.persistentVolumeClaim?.claimName) ?? folder.volume(volume.name)]));
    const mounts = Object.entries(mountFolders(container, volumes, false)).sort(([a], [b]) => b.length - a.length);
    const mount = mounts.find(([path]) => containerPath === path || containerPath.startsWith(`${path}/`));
    return mount === undefined ? folder.root(container.name) + containerPath : mount[1] + containerPath.slice(mount[0].length);
  }

  /** The output of a container, oldest first; `follow` goes on until the pod is finished or gone. Without a container's name, of the first one. */
  readLog(pod: KubeObject, containerName?: string, options: Omit<LogOptions, 'follow'> & { readonly follow?: boolean } = {}): AsyncGenerator<Buffer> {
    const { follow, ...rest } = options;
    const container = containerName ?? (pod as Pod).spec.containers[0]!.name;
    const ended = () => {
      const now = this.objects.get(refOf(pod));
      return this.stopping || now === undefined || now.metadata.uid !== pod.metadata.uid || isFinished(now);
    };
    return readLog(PodFolder.of(this.stateDir, pod).log(container), { ...rest, ...follow ? { follow: ended } : {} });
  }

  private claimPath(pod: KubeObject, claimName: string | undefined): string | undefined {
    if (claimName === undefined) return undefined;
    const claim = this.objects.get({ kind: 'PersistentVolumeClaim', namespace: pod.metadata.namespace ?? 'default', name: claimName });
    const place = claim === undefined ? undefined : claimFolder(this.objects, this.stateDir, claim);
    return place !== undefined && 'folder' in place ? place.folder : undefined;
  }

  private begin(pod: Pod): void {
    const uid = pod.metadata.uid!;
    if (this.stopping || this.runs.has(uid) || isFinished(pod)) return;
    this.runs.set(uid, new PodRun(pod, this.world!, () => this.published.add(uid)));
  }

  private leave({ metadata }: KubeObject): void {
    const run = this.runs.get(metadata.uid!);
    this.runs.delete(metadata.uid!);
    const left = this.end(run, metadata).finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  private async end(run: PodRun | undefined, metadata: KubeObject['metadata']): Promise<void> {
    await run?.terminate();
    try {
      PodFolder.of(this.stateDir, { apiVersion: 'v1', kind: 'Pod', metadata }).remove();
    } catch (error) {
      this.options.log.warn('the folder of a pod could not be removed, the next start does', { pod: metadata.name, error: String(error) });
    }
  }

  private refresh({ kind, metadata }: KubeObject): void {
    for (const run of this.runs.values()) {
      const shown = shownObjects(run.pod).some((each) => each.kind === kind && each.name === metadata.name);
      if (shown && (run.pod.metadata.namespace ?? 'default') === metadata.namespace) run.refresh();
    }
  }

  private publish(uid: string): void {
    const run = this.runs.get(uid);
    if (run === undefined || (this.stopping && isRunAgain(run.pod))) return;
    this.objects.update(refOf(run.pod), (pod) => {
      if (pod.metadata.uid !== uid) return undefined;
      const ports: Record<string, string> = Object.keys(run.ports).length === 0 ? {} : { [PORTS_ANNOTATION]: JSON.stringify(run.ports) };
      const metadata = { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...ports } };
      return { ...pod, metadata, status: run.status(pod.status?.conditions) };
    });
  }

  private publishLast(uid: string, { pod }: PodRun): void {
    try {
      if (isRunAgain(pod)) this.objects.update(refOf(pod), unbegun);
      else this.publish(uid);
    } catch (error) {
      // The next start finds the pod unfinished and marks it then.
      this.options.log.warn('the last status of a pod could not be written', { error: String(error) });
    }
  }

  /** Pods of a killed cluster have lost their node. */
  private markLost(): void {
    for (const pod of this.objects.list('Pod') as Pod[]) {
      // The folder is made before the first process: one without a status may have been killed in between.
      const began = pod.status !== undefined || existsSync(PodFolder.of(this.stateDir, pod).path);
      if (isFinished(pod) || !began || isRunAgain(pod)) continue;
      const { conditions = [], ...status }: Partial<PodStatus> = pod.status ?? {};
      const at = new Date().toISOString();
      const lost = { type: 'DisruptionTarget', status: 'True', reason: LOST.reason, message: LOST.message, lastTransitionTime: at } as const;
      const unready = conditions.filter(({ type }) => type !== 'DisruptionTarget')
        .map((each) => (/Ready$/.test(each.type) ? { ...each, status: 'False' as const } : each));
      const containerStatuses = status.containerStatuses?.map((each) => ({ ...each, ready: false, started: false }));
      const told = { phase: 'Failed', reason: LOST.reason, message: LOST.message, conditions: [...unready, lost], containerStatuses };
      this.objects.replace({ ...pod, status: { ...status, ...told } });
    }
  }

  private removeFolders(): void {
    const known = new Set(this.objects.list('Pod').map(({ metadata }) => `${metadata.namespace}/${podId(metadata.name, metadata.uid!)}`));
    for (const name of podFolders(this.stateDir)) if (!known.has(name)) PodFolder.at(this.stateDir, name).remove();
  }
}

/** The pod as if it had never run, unless it has come to its end. */
function unbegun(pod: KubeObject): KubeObject | undefined {
  const { status: _, ...rest } = pod;
  return isFinished(pod) ? undefined : rest as KubeObject;
}

/** Whether nobody would make a new pod in its place: then it is itself run again. */
function isRunAgain({ metadata, spec }: Pod): boolean {
  return !metadata.ownerReferences?.length && spec.restartPolicy !== 'Never';
}

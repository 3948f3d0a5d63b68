import { misused, UsageError } from '../outcome.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import { type ClusterInfo, StateFolder } from '../up/state-folder.js';

/** Where objects of a kind are, as the API names them. */
const PATHS: Readonly<Record<string, readonly [group: string, plural: string]>> = {
  ConfigMap: ['/api/v1', 'configmaps'],
  Pod: ['/api/v1', 'pods'],
  Secret: ['/api/v1', 'secrets'],
  EventSource: ['/apis/argoproj.io/v1alpha1', 'eventsources'],
  Workflow: ['/apis/argoproj.io/v1alpha1', 'workflows'],
};

/** Time for an answer, in milliseconds; the cluster is on this machine. */
const TIMEOUT = 10_000;

/** The running cluster, seen from another terminal. */
export class ClusterClient {
  /** The cluster of a state folder; throws when none runs there. */
  public static of(state: string): ClusterClient {
    const client = ClusterClient.find(state);
    if (client === undefined) {
      throw misused('state', new StateFolder(state).path, 'has no running cluster', "start one with 'myelin up', or name its folder with --state");
    }
    return client;
  }

  /** The cluster of a state folder; undefined when none runs there. */
  public static find(state: string): ClusterClient | undefined {
    const info = new StateFolder(state).running();
    return info === undefined ? undefined : new ClusterClient(info);
  }

  private constructor(public readonly info: ClusterInfo) {}

  /** All objects of a kind, of every namespace. */
  public async list(kind: string): Promise<KubeObject[]> {
    const [group, plural] = PATHS[kind];
    const answer = await this.get(`${group}/${plural}`);
    return ((await answer.json()) as { items: KubeObject[] }).items;
  }

  /** What a container has printed; with `follow` its end comes when the container ends, or the signal. */
  public async log(pod: KubeObject, container: string, options: { follow?: boolean; signal?: AbortSignal } = {}): Promise<AsyncIterable<Uint8Array>> {
    const { follow = false, signal } = options;
    const { name, namespace = 'default' } = pod.metadata;
    const query = `container=${container}${follow ? '&follow=true' : ''}`;
    const { body } = await this.get(`/api/v1/namespaces/${namespace}/pods/${name}/log?${query}`, signal ?? (follow ? new AbortController().signal : AbortSignal.timeout(TIMEOUT)));
    return (body ?? []) as AsyncIterable<Uint8Array>;
  }

  private async get(path: string, signal: AbortSignal = AbortSignal.timeout(TIMEOUT)): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(`${this.info.url}${path}`, { headers: { authorization: `Bearer ${this.info.token}` }, signal });
    } catch (e) {
      throw new UsageError(`the cluster (process ${this.info.pid}) does not answer: ${(e as Error).message}; stop it with 'myelin down' and start it anew`);
    }
    if (!answer.ok) {
      throw new UsageError(`the cluster refused ${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer;
  }
}

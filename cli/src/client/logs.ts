import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { LABEL, taskStep } from '@cdk8s-myelin/runtime';
import { misused, Outcome } from '../outcome.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import type { Terminal } from '../terminal.js';
import { ClusterClient } from './cluster-client.js';
import { StoppedCluster } from './stopped-cluster.js';

export interface LogsOptions {
  readonly state: string;
  readonly follow?: boolean;
  /** Ends following. */
  readonly signal?: AbortSignal;
}

/** `myelin logs`: what the containers of a run, a version, a task, a trial or a pod have printed; also when the cluster has ended. */
export async function logs(name: string, options: LogsOptions, terminal: Terminal): Promise<Outcome> {
  const running = ClusterClient.find(options.state);
  const cluster = running ?? StoppedCluster.of(options.state);
  const all = running === undefined ? (cluster as StoppedCluster).pods() : await running.list('Pod');
  const pods = podsOf(name, all);
  if (pods.length === 0) {
    const runs = [...new Set(all.flatMap(({ metadata }) => metadata.labels?.['workflows.argoproj.io/workflow'] ?? []))];
    throw misused('name', name, 'is no run, version, task or pod with a log', runs.length === 0 ? 'nothing has run yet' : `name one of ${runs.join(', ')}`);
  }
  const containers = pods.flatMap((pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
    .map((container: { name: string }) => ({ pod, container: container.name })));
  const prefixed = containers.length > 1;
  const print = async ({ pod, container }: (typeof containers)[number]) => {
    const prefix = prefixed ? `[${stepOf(pod)}${container === 'main' || container === 'trial' ? '' : `/${container}`}] ` : '';
    for await (const line of createInterface({ input: Readable.from(await cluster.log(pod, container, options)), crlfDelay: Infinity })) {
      terminal.out(prefix + line);
    }
  };
  if (options.follow) {
    await Promise.all(containers.map(print)).catch((e: Error) => {
      if (!options.signal?.aborted) {
        throw e;
      }
    });
  } else {
    for (const container of containers) {
      await print(container);
    }
  }
  return Outcome.DONE;
}

/** The pods that a name means, in the order in which they were made. */
export function podsOf(name: string, pods: readonly KubeObject[]): KubeObject[] {
  const meanings: ((pod: KubeObject) => boolean)[] = [
    ({ metadata }) => metadata.name === name,
    ({ metadata }) => metadata.labels?.['workflows.argoproj.io/workflow'] === name || metadata.labels?.[LABEL.RUN] === name,
    ({ metadata }) => metadata.labels?.['job-name'] === name,
    ({ metadata }) => metadata.labels?.[LABEL.VERSION] === name,
    (pod) => [name, taskStep(name)].includes(stepOf(pod).replace(/\(\d+\)$/, '')),
  ];
  const found = meanings.map((means) => pods.filter(means)).find((some) => some.length > 0) ?? [];
  return [...found].sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''));
}

/** The step of a run, by Argo's annotation `<workflow>.<step>(<attempt>)`, or the trial; the pod itself elsewhere. */
function stepOf({ metadata }: KubeObject): string {
  const { [LABEL.CONFIG]: trial, [LABEL.RUNG]: rung } = metadata.labels ?? {};
  return trial !== undefined ? `trial ${trial} rung ${rung}` : metadata.annotations?.['workflows.argoproj.io/node-name']?.split('.').at(-1)?.replace(/\(0\)$/, '') ?? metadata.name;
}

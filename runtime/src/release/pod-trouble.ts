import type { KubeObject } from '../kube/client.js';
import { lastLine } from '../shared/last-line.js';

/** What a pod tells of itself, as far as it says why it is not ready. */
export interface PodObject extends KubeObject {
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  state?: { waiting?: Waiting; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
}

interface Waiting {
  reason?: string;
  message?: string;
}

interface Terminated {
  exitCode?: number;
  reason?: string;
  message?: string;
}

/** Starts after which a container is not waited for any longer. */
const MOST_RESTARTS = 3;

/** Characters that a reason quotes of what a container said. */
const QUOTED = 300;

/** Waiting reasons that mean that an image will not come. The first failed pull is none: registries have bad moments. */
const NO_IMAGE = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

/** Why none of these pods will ever become ready; undefined while they may. */
export function hopeless(pods: readonly PodObject[]): string | undefined {
  for (const { pod, container } of containers(pods)) {
    const { waiting } = container.state ?? {};
    if (waiting?.reason !== undefined && NO_IMAGE.has(waiting.reason)) {
      return `the image of container ${container.name} of pod ${pod} cannot be pulled${told(waiting.message)}`;
    }
    if ((container.restartCount ?? 0) >= MOST_RESTARTS && !container.ready) return crash(pod, container);
  }
  return undefined;
}

/** The best that can be said of pods that are not ready yet. */
export function unready(pods: readonly PodObject[]): string {
  for (const { pod, container } of containers(pods)) {
    if ((container.restartCount ?? 0) > 0 && !container.ready) return crash(pod, container);
    const { waiting } = container.state ?? {};
    if (waiting?.reason !== undefined && waiting.reason !== 'PodInitializing' && waiting.reason !== 'ContainerCreating') {
      return `container ${container.name} of pod ${pod} waits: ${waiting.reason}${told(waiting.message)}`;
    }
  }
  for (const { metadata, status } of pods) {
    const unscheduled = status?.conditions?.find(({ type, status: holds }) => type === 'PodScheduled' && holds === 'False');
    if (unscheduled !== undefined) return `no node takes pod ${metadata.name}${told(unscheduled.message)}`;
  }
  for (const { pod, container } of containers(pods)) {
    if (!container.ready) return `container ${container.name} of pod ${pod} ${container.state?.waiting === undefined ? 'runs but is not ready' : 'is still being made'}`;
  }
  return pods.length === 0 ? 'it has no pods' : 'its pods are not ready';
}

function containers(pods: readonly PodObject[]): { readonly pod: string; readonly container: ContainerStatus }[] {
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).flatMap(({ metadata, status }) => {
    const inits = (status?.initContainerStatuses ?? []).filter(({ state }) => state?.terminated?.exitCode !== 0);
    return [...inits, ...status?.containerStatuses ?? []].map((container) => ({ pod: metadata.name, container }));
  });
}

function crash(pod: string, { name, restartCount = 0, state, lastState }: ContainerStatus): string {
  const { exitCode, reason, message } = state?.terminated ?? lastState?.terminated ?? {};
  const how = reason === 'OOMKilled' ? 'it used more memory than its limit' : `exit code ${exitCode ?? 'unknown'}`;
  return `container ${name} of pod ${pod} ended ${restartCount + (state?.terminated === undefined ? 0 : 1)} times, ${how}${told(message)}`;
}

function told(message = ''): string {
  const text = lastLine(message, QUOTED);
  return text === '' ? '' : `: ${text}`;
}

import { KINDS, type KubeClient, type KubeObject } from '../kube/client.js';
import type { Clock } from '../shared/clock.js';
import { hasCode, MyelinError } from '../shared/errors.js';
import { hopeless, unready, type PodObject } from './pod-trouble.js';

/** Time between two looks, in milliseconds. */
const INTERVAL = 500;

interface DeploymentObject extends KubeObject {
  metadata: KubeObject['metadata'] & { generation?: number };
  spec?: { replicas?: number };
  status?: {
    observedGeneration?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export interface Waiting {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Names of the Deployments. */
  readonly deployments: readonly string[];
  /** Labels of their pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Longest wait, in seconds. */
  readonly seconds: number;
  /** Asked at each look: whether the release is still to become live. */
  readonly wanted: () => Promise<boolean>;
}

/** How a wait ended. `interrupted` when the signal was aborted; `hopeless` with the reason when it did not, or will not, become ready in time. */
export type Readiness = { readonly end: 'ready' | 'unwanted' | 'interrupted' } | { readonly end: 'hopeless'; readonly reason: string };

/**
 * Waits until all pods of some Deployments are up. Ends early when the release is no longer wanted, and when a pod shows that it never will be.
 * Throws when a Deployment is gone.
 */
export async function untilReady(waiting: Waiting): Promise<Readiness> {
  const { kube, clock, signal, deployments, seconds, wanted } = waiting;
  const deadline = clock.now() + seconds * 1000;
  for (;;) {
    if (signal.aborted) return { end: 'interrupted' };
    const looked = await Promise.all(deployments.map((name) => kube.get<DeploymentObject>(KINDS.Deployment, name)));
    // After the look: whoever took the Deployments away has first said that they are not wanted.
    if (!await wanted()) return { end: 'unwanted' };
    const found = looked.map((object, index) => object ?? gone(deployments[index]!));
    if (found.every(isReady)) return { end: 'ready' };
    const pods = await podsOf(kube, waiting.labels);
    const reason = hopeless(pods);
    if (reason !== undefined) return { end: 'hopeless', reason };
    if (clock.now() >= deadline) return { end: 'hopeless', reason: `${refusal(found) ?? unready(pods)} (after ${seconds} s)` };
    await clock.sleep(INTERVAL, signal);
  }
}

function gone(name: string): never {
  throw new MyelinError('MYELIN_RELEASE_OBJECT_GONE', { object: `Deployment ${name}` });
}

/** Whether a Deployment's controller has seen its spec and all pods of it are available. */
function isReady({ metadata, spec, status = {} }: DeploymentObject): boolean {
  const replicas = spec?.replicas ?? 1;
  return (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
    && (status.updatedReplicas ?? replicas) >= replicas && (status.availableReplicas ?? 0) >= replicas;
}

/** Why no pods can be made, as a quota or Pod Security says it; undefined when they can. */
function refusal(deployments: readonly DeploymentObject[]): string | undefined {
  const conditions = deployments.flatMap(({ status }) => status?.conditions ?? []);
  return conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')?.message;
}

async function podsOf(kube: KubeClient, labels: Readonly<Record<string, string>>): Promise<PodObject[]> {
  try {
    return await kube.list<PodObject>(KINDS.Pod, labels);
  } catch (error) {
    // Pods only tell why: without the right to see them a release can still become ready.
    if (hasCode(error, 'MYELIN_KUBE_FORBIDDEN')) return [];
    throw error;
  }
}

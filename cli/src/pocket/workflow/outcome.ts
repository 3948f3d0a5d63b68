import { readFileSync } from 'node:fs';
import type { KubeObject } from '../objects/kube-object.js';
import type { NodePhase, Outputs, Parameter, Template } from './types.js';

/** Where a path of a container lies on this machine. */
export type HostPath = (pod: KubeObject, containerPath: string) => string;

export interface Outcome {
  readonly phase: NodePhase;
  readonly message?: string;
  readonly outputs?: Outputs;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  };
}

/** What a Pod says about its node. Its outputs are read when it has ended, since its volumes go with it. */
export function outcomeOf(pod: KubeObject, template: Template | undefined, hostPath: HostPath): Outcome {
  const { phase = 'Pending', containerStatuses = [] } = (pod.status ?? {}) as { phase?: string; containerStatuses?: ContainerStatus[] };
  const exitCode = containerStatuses.find(({ name }) => name === 'main')?.state?.terminated?.exitCode;
  const declared = template?.outputs?.parameters ?? [];
  switch (phase) {
    case 'Pending': {
      const waiting = containerStatuses.find(({ state }) => state?.waiting !== undefined)?.state!.waiting;
      return { phase: 'Pending', message: waiting && [waiting.reason, waiting.message].filter(Boolean).join(': ') };
    }
    case 'Running':
      return { phase: 'Running' };
    case 'Succeeded': {
      const { parameters, missing } = read(pod, declared, hostPath);
      const outputs = outputsOf(parameters, exitCode ?? 0);
      return missing === undefined ? { phase: 'Succeeded', outputs } : { phase: 'Error', message: missing, outputs };
    }
    case 'Failed':
      return { ...failure(pod, containerStatuses), outputs: outputsOf(read(pod, declared, hostPath).parameters, exitCode) };
    default:
      return { phase: 'Error', message: `Unexpected pod phase for ${pod.metadata.name}: ${phase}` };
  }
}

/** As Argo infers it: a message of the pod itself comes first; a container that never ran, or a node that was lost, is an error and no failure. */
function failure(pod: KubeObject, statuses: readonly ContainerStatus[]): Outcome {
  const { reason, message } = pod.status as { reason?: string; message?: string };
  if (reason === 'NodeLost') return { phase: 'Error', message: message ?? 'pod deleted' };
  // What a Pod here says of its containers is for people; a kubelet's own reason is the Pod's.
  if (reason && message) return { phase: 'Failed', message };
  if (statuses.length === 0) return { phase: 'Failed', message: `can't find failed message for pod ${pod.metadata.name} namespace ${pod.metadata.namespace}` };
  for (const { name, state } of statuses) {
    if (state?.waiting !== undefined) {
      return { phase: 'Error', message: `Pod failed before ${name} container starts due to ${state.waiting.reason}: ${state.waiting.message ?? ''}` };
    }
    const ended = state?.terminated;
    if (ended !== undefined && ended.exitCode !== 0) {
      const text = `${name}: ${ended.reason ?? 'Error'} (exit code ${ended.exitCode})`;
      return { phase: 'Failed', message: ended.message ? `${text}: ${ended.message}` : text };
    }
  }
  return { phase: 'Failed', message: 'pod failed: main container did not complete successfully' };
}

function read(pod: KubeObject, declared: readonly Parameter[], hostPath: HostPath): { parameters: Parameter[]; missing?: string } {
  const parameters: Parameter[] = [];
  let missing: string | undefined;
  for (const parameter of declared) {
    const { path, default: fallback } = parameter.valueFrom ?? {};
    if (path === undefined) continue;
    let value: string | undefined;
    try {
      value = readFileSync(hostPath(pod, path), 'utf8');
    } catch (error) {
      if (fallback === undefined) missing ??= `output parameter '${parameter.name}' was not written to ${path}: ${why(error)}`;
      else value = String(fallback);
    }
    // One newline is what echo leaves.
    parameters.push(value === undefined ? parameter : { ...parameter, value: value.replace(/\n$/, '') });
  }
  return missing === undefined ? { parameters } : { parameters, missing };
}

function why(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message;
}

function outputsOf(parameters: Parameter[], exitCode: number | undefined): Outputs {
  return { ...(parameters.length > 0 && { parameters }), ...(exitCode !== undefined && { exitCode: String(exitCode) }) };
}

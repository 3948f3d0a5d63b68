// How pods and their processes are ended, without a warning.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kubectl } from './kubectl.mjs';

const run = promisify(execFile);
const SOCKET = process.env.SOCK ?? '/run/cluster/containerd.sock';

/** The pod is gone for the API at once; its node ends the processes when it hears of it. */
export const deletePod = (namespace, name) => kubectl(['-n', namespace, 'delete', 'pod', name, '--grace-period=0', '--force', '--ignore-not-found']);

/** The state of a container: `running`, `terminated` or `waiting`, with what Kubernetes knows of it. */
export function stateOf(pod, container) {
  const [[state, details] = []] = Object.entries(pod.status.containerStatuses?.find(({ name }) => name === container)?.state ?? {});
  return { state, ...details };
}

/** The first process of a container, by its id on this machine, which is the node; undefined when it has ended. */
export async function processOf(pod, container) {
  const id = pod.status.containerStatuses?.find(({ name }) => name === container)?.containerID?.replace('containerd://', '');
  const { stdout } = await run('ctr', ['-a', SOCKET, '-n', 'k8s.io', 'tasks', 'ls']);
  const [, pid, status] = stdout.split('\n').map((line) => line.trim().split(/\s+/)).find(([task]) => task === id) ?? [];
  return status === 'RUNNING' ? Number(pid) : undefined;
}

/** Sends a signal to a process; false when there is none. */
export function signal(pid, name) {
  try {
    return pid !== undefined && process.kill(pid, name);
  } catch {
    return false;
  }
}

export const killProcess = async (pod, container) => signal(await processOf(pod, container), 'SIGKILL');

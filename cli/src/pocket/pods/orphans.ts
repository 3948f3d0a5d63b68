import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterLog } from '../controller.js';
import { STATE_VARIABLE } from './launch.js';
import { podFolders } from './pod-folder.js';
import { identityOf, isAlive, processesWith, signalGroup, type ProcessIdentity } from './process-identity.js';

const GONE_MILLISECONDS = 5000;

/**
 * Ends what a killed cluster left running: the processes that its pods' records name, and, where the system tells the environment of processes, all
 * that carry the name of the state folder. Resolves with how many there were, when they are gone.
 */
export async function endOrphans(stateDir: string, log: ClusterLog): Promise<number> {
  const left = new Map<number, ProcessIdentity>();
  for (const identity of recorded(stateDir)) if (isAlive(identity)) left.set(identity.pid, identity);
  for (const pid of processesWith(`${STATE_VARIABLE}=${resolve(stateDir)}`)) {
    const identity = identityOf(pid);
    if (identity !== undefined) left.set(pid, identity);
  }
  for (const { pid } of left.values()) if (!signalGroup(pid, 'SIGKILL')) end(pid);
  for (let waited = 0; [...left.values()].some(isAlive); waited += 20) {
    if (waited > GONE_MILLISECONDS) {
      log.warn('processes of a killed cluster do not end', { pids: [...left.values()].filter(isAlive).map(({ pid }) => pid) });
      break;
    }
    await delay(20);
  }
  return left.size;
}

function recorded(stateDir: string): ProcessIdentity[] {
  return podFolders(stateDir).flatMap((pod) => {
    const folder = join(stateDir, 'pods', pod);
    return readdirSync(folder).filter((file) => file.endsWith('.pid.json')).flatMap((file) => {
      try {
        const { pid, startedAt } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
        return [{ pid: Number(pid), startedAt: String(startedAt) }];
      } catch {
        // Written in part: the process is found by its environment.
        return [];
      }
    });
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by when it was started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot on Linux, else a date; only to be compared. */
  readonly startedAt: string;
}

/** The identity of a running process; undefined when there is none of that number. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/** Sends a signal to a process group, named by its first process; whether there was one. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Processes that were started with `entry` (`NAME=value`) in their environment; none where the system does not tell. This one is never among them. */
export function processesWith(entry: string): number[] {
  if (process.platform !== 'linux') return [];
  const ownLine = ancestors();
  return readdirSync('/proc').map(Number).filter((pid) => {
    if (!Number.isInteger(pid) || ownLine.has(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(Buffer.from(entry).toString('latin1'));
    } catch {
      return false;
    }
  });
}

function ancestors(): Set<number> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); pid = Number(statFields(pid)?.[1] ?? 0)) line.add(pid);
  return line;
}

function startOnLinux(pid: number): string | undefined {
  const fields = statFields(pid);
  // A zombie has ended; only its parent has not looked yet.
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** What follows the name in /proc/PID/stat: state, parent and so on; a name may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

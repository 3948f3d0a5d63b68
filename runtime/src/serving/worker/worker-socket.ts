import { chmod, mkdir, mkdtemp, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Longest path that the address of a Unix socket holds on every system, in bytes. */
const LONGEST_PATH = 100;

/** A listening Unix socket. */
export interface WorkerSocket {
  /** Stops listening and removes the file; connections stay. */
  close(): void;
}

/** Listens at a path for workers, which may run as any user. Replaces what a killed server left there. */
export async function listenForWorkers(path: string, connected: (socket: Socket) => void): Promise<WorkerSocket> {
  await mkdir(dirname(path), { recursive: true });
  await unlink(path).catch(ignoreAbsent);
  const server = createServer(connected);
  if (Buffer.byteLength(path) <= LONGEST_PATH) await listen(server, path);
  else await listenThroughLink(server, path);
  await chmod(path, 0o666);
  return {
    close: () => {
      server.close();
      // libuv removes the file under the name that it was bound by, which is gone when that was a link.
      unlink(path).catch(ignoreAbsent);
    },
  };
}

/** Binds a long path under a short one: the address holds the name that was used, the file lies where that leads. */
async function listenThroughLink(server: Server, path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir().length > 60 ? '/tmp' : tmpdir(), 'myelin-'));
  const link = join(folder, 'd');
  try {
    await symlink(dirname(path), link);
    await listen(server, join(link, basename(path)));
  } finally {
    await rm(link, { force: true });
    await rmdir(folder);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

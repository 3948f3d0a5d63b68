import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MyelinError } from '../shared/errors.js';
import type { Program } from '../shared/program.js';

/** Where the package of the runtime begins, seen from src/serving and dist/serving alike. */
const RUNTIME = fileURLToPath(new URL('../..', import.meta.url));

/** Copies the Python worker into the folder `--to`, whose `__main__.py` is there when everything is. Files of an earlier copy go. */
export const installWorker: Program = async (context) => {
  const to = context.mounts.host(context.arg('to'));
  const source = await workerSource(context.variable('MYELIN_WORKER_SOURCE'));
  // A mount point cannot be renamed, and a read-only root has no other place: the parts are moved within it.
  const parts = join(to, `.worker-${process.pid}`);
  try {
    await mkdir(to, { recursive: true });
    await rm(join(to, '__main__.py'), { force: true });
    await cp(source, parts, { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
    const names = await readdir(parts);
    // The entry comes last: who finds it finds the rest.
    for (const name of names.sort((a, b) => Number(a === '__main__.py') - Number(b === '__main__.py'))) {
      await rename(join(parts, name), join(to, name));
    }
    context.log.info({ to, files: names.length }, 'worker is installed');
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
};

/** The folder of the worker: where MYELIN_WORKER_SOURCE says, else in the image, else in the repository. */
async function workerSource(given: string | undefined): Promise<string> {
  const candidates = given === undefined ? [join(RUNTIME, 'python/myelin_worker'), join(dirname(RUNTIME), 'python/src/myelin_worker')] : [given];
  for (const folder of candidates) {
    if (await stat(join(folder, '__main__.py')).then(() => true, () => false)) return folder;
  }
  throw new MyelinError('MYELIN_WORKER_SOURCE_MISSING', { folder: candidates.at(-1)! });
}

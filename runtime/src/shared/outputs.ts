import { OUT_PATH } from '../contract/constants.js';
import { writeWhole } from './files.js';
import type { Mounts } from './mounts.js';

/** Leaves an output of the step: a file of that name where the engine looks for it. */
export async function writeOutput(mounts: Mounts, name: string, content: string): Promise<void> {
  await writeWhole(mounts.host(`${OUT_PATH}/${name}`), content);
}

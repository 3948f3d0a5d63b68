import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialResultDocument } from '../../contract/documents.js';
import { readDocument } from '../../contract/read.js';
import { writeWhole } from '../../shared/files.js';
import type { Mounts } from '../../shared/mounts.js';
import { trialKey, type Outcome } from '../algorithms/algorithm.js';
import { LOOP_FOLDER, type StudyFolder } from './study-folder.js';

/**
 * The results of trials: a file each on the store, and what of it is known here. The files are the only state of a search.
 * A record is written once and never changed.
 */
export class TrialRecords {
  /** How the recorded trials ended, by trial key. */
  readonly outcomes = new Map<string, Outcome>();
  private readonly documents = new Map<string, TrialResultDocument>();

  constructor(private readonly folder: StudyFolder, private readonly mounts: Mounts) {}

  /**
   * Reads what was recorded so far. Fails if a record is damaged.
   *
   * It asks folders for what they hold rather than for files that may not be there: over NFS an absence that was looked at is remembered
   * for a while, even after another machine has written the file.
   */
  async load(): Promise<void> {
    for (const config of (await names(this.mounts.host(this.folder.configurations))).filter((name) => /^\d+_\d+_\d+$/.test(name))) {
      const rungs = await names(join(this.mounts.host(this.folder.configuration(config)), LOOP_FOLDER));
      for (const rung of rungs.filter((name) => /^\d+$/.test(name)).map(Number)) {
        const place = this.folder.result(config, rung);
        if (!(await names(this.mounts.host(this.folder.trial(config, rung)))).includes('result.json')) continue;
        this.remember(rung, readDocument('trial-result', await readFile(this.mounts.host(place), 'utf8'), place));
      }
    }
  }

  result(config: string, rung: number): TrialResultDocument | undefined {
    return this.documents.get(trialKey(config, rung));
  }

  /** Records how a trial ended, whole or not at all. */
  async write(rung: number, document: TrialResultDocument): Promise<void> {
    await writeWhole(this.mounts.host(this.folder.result(document.config, rung)), `${JSON.stringify(document)}\n`);
    this.remember(rung, document);
  }

  private remember(rung: number, document: TrialResultDocument): void {
    const key = trialKey(document.config, rung);
    this.documents.set(key, document);
    this.outcomes.set(key, document.status === 'succeeded' ? { loss: document.loss } : 'failed');
  }
}

/** Names of what a folder holds; none when there is no such folder. */
async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

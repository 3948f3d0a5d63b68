import { FileTree } from '../file-tree.js';
import { Install } from '../python/requirements.js';

/** An install with the files of the stage that it was in. */
export interface StageInstall extends Install {
  readonly tree: FileTree;
}

/** A stage while its instructions are carried out. */
export interface Stage {
  tree: FileTree;
  workdir: string;
  env: Record<string, string>;
  args: Record<string, string>;
  entrypoint: readonly string[];
  cmd: readonly string[];
  user: string | undefined;
  shell: readonly string[];
  python: string | undefined;
  installs: StageInstall[];
  /** Folders that its packages would lie in. */
  venvs: string[];
}

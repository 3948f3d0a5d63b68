import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterLog } from '../../../src/pocket/controller.js';
import { BuildContext } from '../../../src/pocket/images/build-context.js';
import { Recipe, RecipeOptions, recipeOf } from '../../../src/pocket/images/dockerfile/recipe.js';

const folders: string[] = [];

/** An empty folder, gone after the tests. */
export function folder(): string {
  folders.push(realpathSync(mkdtempSync(join(tmpdir(), 'myelin-images-'))));
  return folders[folders.length - 1]!;
}

export function removeFolders(): void {
  folders.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true }));
}

/** Writes files by their path; those that begin with `#!` can be run. */
export function write(root: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    if (content.startsWith('#!')) chmodSync(join(root, path), 0o755);
  }
  return root;
}

/** What a Dockerfile makes of a folder with these files. */
export async function recipe(dockerfile: string, files: Record<string, string> = {}, options: Partial<RecipeOptions> = {}): Promise<Recipe> {
  const context = await BuildContext.open(write(folder(), files));
  return recipeOf(dockerfile, { context, file: 'Dockerfile', ...options });
}

/** The paths of the files of an image. */
export function filesOf({ tree }: Recipe): string[] {
  return tree.below('/').filter(([, entry]) => entry.kind !== 'folder').map(([path]) => `/${path}`);
}

export class Notes implements ClusterLog {
  readonly infos: string[] = [];
  readonly warnings: string[] = [];

  info(message: string, keys: Readonly<Record<string, unknown>> = {}): void {
    this.infos.push(`${message} ${JSON.stringify(keys)}`);
  }

  warn(message: string, keys: Readonly<Record<string, unknown>> = {}): void {
    this.warnings.push(`${message} ${JSON.stringify(keys)}`);
  }
}

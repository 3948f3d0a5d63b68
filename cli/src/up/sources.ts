import { statSync } from 'node:fs';
import { misused } from '../outcome.js';
import { repositoryName, sameRepository } from '../pocket/images/git.js';

/**
 * `NAME=FOLDER` pairs by name. Throws when a folder is not there, and when nothing is of that name.
 *
 * @param artifacts repositories by the names of artifacts; none where only manifests are known, which do not name their artifacts
 */
export function sourcesOf(pairs: readonly string[], artifacts: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) {
      throw misused('source', pair, 'is no name=folder', 'write for example --source code=./code');
    }
    const [name, folder] = [pair.slice(0, at), pair.slice(at + 1)];
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw misused('source', pair, 'must name a folder that is there', 'correct its path');
    }
    const named = Object.hasOwn(artifacts, name) || Object.values(artifacts).flat().some((repository) => (
      name === repositoryName(repository) || (name.includes('/') && sameRepository(name, repository))));
    if (!named && Object.keys(artifacts).length > 0) {
      throw misused('source', pair, 'is no artifact and no repository of the axon', `name one of ${Object.keys(artifacts).join(', ')}`);
    }
    return [name, folder];
  }));
}

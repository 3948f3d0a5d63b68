import { posix } from 'node:path';
import { BuildContext, ContextFile } from '../build-context.js';
import { BuildError } from '../build-error.js';
import { FileTree, TreeEntry, contentEntry, fileEntry, isExecutable } from '../file-tree.js';
import { globExpression, isGlob } from '../glob.js';
import { Instruction } from './instructions.js';
import { Stage } from './stage.js';
import { Lookup, expand, scan } from './words.js';

/** What COPY needs to know of where it stands. */
export interface CopySite {
  readonly context: BuildContext;
  /** The file and line, for messages. */
  readonly place: string;
  readonly lookup: Lookup;
  readonly escape: string;
  /** An earlier stage by its name or number. */
  stage(name: string): Promise<Stage | undefined>;
}

/** Something to copy: a file or link, or what lies in a folder. */
interface Item {
  readonly name: string;
  readonly folder: boolean;
  readonly entries: readonly (readonly [path: string, entry: TreeEntry])[];
}

const AT_ONCE = 32;

const FLAGS = new Set(['from', 'chown', 'chmod', 'link', 'checksum', 'keep-git-dir']);

/** Carries out a COPY or ADD. Fails with file and line if something named is not there, or takes more than copying. */
export async function copyInstruction(instruction: Instruction, stage: Stage, site: CopySite): Promise<void> {
  const unknown = instruction.flags.find(([name]) => !FLAGS.has(name));
  if (unknown !== undefined) throw new BuildError(`'${site.place}' (--${unknown[0]}) is not supported on this machine, copy without it`);
  const words = wordsOf(instruction, site);
  const sources = words.slice(0, -1);
  const target = words.at(-1);
  if (target === undefined || sources.length === 0) {
    throw new BuildError(`'${site.place}' (${instruction.text}) must name what to copy and where to, add what is missing`);
  }
  const from = instruction.flags.find(([name]) => name === 'from')?.[1];
  const items = from === undefined ? await contextItems(instruction, sources, site) : await stageItems(from, sources, stage, site);
  const executable = chmodExecutable(instruction);
  const to = posix.resolve(stage.workdir, target);
  const isFolder = target.endsWith('/') || target === '.' || target.endsWith('/.') || stage.tree.isFolder(to);
  if (items.length > 1 && !isFolder) throw new BuildError(`'${site.place}' (${target}) must end with a slash when several files go into it, add one`);
  for (const { name, folder, entries } of items) {
    if (folder) stage.tree.put(to, { kind: 'folder' });
    for (const [path, entry] of entries) {
      const into = folder ? posix.join(to, path) : isFolder ? posix.join(to, name) : to;
      stage.tree.put(into, entry.kind === 'file' && executable !== undefined ? { ...entry, executable } : entry);
    }
  }
}

function wordsOf({ text, list }: Instruction, { lookup, escape }: CopySite): string[] {
  return list?.map((word) => expand(word, lookup, escape)) ?? scan(text, { lookup, escape }).map((token) => token.text);
}

async function contextItems(instruction: Instruction, sources: readonly string[], site: CopySite): Promise<Item[]> {
  const items = await Promise.all(sources.map(async (source) => {
    const document = instruction.documents.find(({ name }) => source === `<<${name}` || source === `<<-${name}`);
    if (document !== undefined) {
      const content = document.quoted ? document.content : expand(document.content, site.lookup, site.escape);
      return [{ name: document.name, folder: false, entries: [[document.name, contentEntry(content)] as const] }];
    }
    if (instruction.keyword === 'ADD') refuseToAdd(source, site.place);
    return contextItem(source, site);
  }));
  return items.flat();
}

async function contextItem(source: string, { context, place }: CopySite): Promise<Item[]> {
  const matches = await context.match(source);
  if (matches.length === 0) {
    const hidden = await context.hiddenBecause(source);
    throw new BuildError(hidden === undefined
      ? `'${place}' (${source}) must name something in the build's folder, add it there or correct the line`
      : `'${place}' (${source}) must name something that the build sees: ${hidden}, take it back in`);
  }
  const items: Item[] = [];
  for (const { path, folder, files } of matches) {
    const from = path === '' ? '.' : path;
    const entries = (await entriesOf(files)).map(([each, entry]) => [folder ? posix.relative(from, each) : each, entry] as const);
    items.push({ name: posix.basename(path), folder, entries });
  }
  return items;
}

/** Reads some at a time: a process may not have many thousand files open. */
async function entriesOf(files: readonly ContextFile[]): Promise<[path: string, entry: TreeEntry][]> {
  const entries: [string, TreeEntry][] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    entries.push(...await Promise.all(some.map(async (file): Promise<[string, TreeEntry]> => [file.path, await entryOf(file)])));
  }
  return entries;
}

async function entryOf({ source, link, executable }: ContextFile): Promise<TreeEntry> {
  return link === undefined ? fileEntry(source, executable) : { kind: 'link', target: link };
}

/** From an earlier stage. Packages that it installs lie in no folder here: to copy where they would be brings them all. */
async function stageItems(from: string, sources: readonly string[], into: Stage, { place, lookup, escape, stage }: CopySite): Promise<Item[]> {
  const name = expand(from, lookup, escape);
  const origin = await stage(name);
  if (origin === undefined) {
    throw new BuildError(`'${place}' (--from=${name}) must be an earlier stage of this file: other images are not there on this machine, commit the file instead`);
  }
  return sources.flatMap((source) => {
    const items = treeItems(posix.resolve('/', source), origin.tree);
    if (items.length > 0) return items;
    if (origin.installs.length === 0) throw new BuildError(`'${place}' (${source}) must be something in stage '${name}', correct the line`);
    into.installs.push(...origin.installs.filter((install) => !into.installs.includes(install)));
    into.venvs.push(...origin.venvs);
    return [];
  });
}

function treeItems(path: string, tree: FileTree): Item[] {
  if (isGlob(path)) {
    const folder = posix.dirname(path);
    const expression = globExpression(path, { deep: false });
    return [...new Set(tree.below(folder).map(([below]) => posix.join(folder, below.split('/')[0])))]
      .filter((each) => expression.test(each)).flatMap((each) => treeItems(each, tree));
  }
  const entry = tree.get(path);
  if (entry === undefined) return [];
  const folder = entry.kind === 'folder';
  return [{ name: posix.basename(path), folder, entries: folder ? tree.below(path) : [[path, entry]] }];
}

function refuseToAdd(source: string, place: string): void {
  if (/^([a-z]+:\/\/|git@)/.test(source)) {
    throw new BuildError(`'${place}' (ADD ${source}) must not fetch anything on this machine, fetch it in the program or commit the file`);
  }
  if (/\.(tar|tgz|tar\.(gz|xz|bz2))$/.test(source)) {
    throw new BuildError(`'${place}' (ADD ${source}) must not unpack an archive on this machine, commit what is in it or unpack it in the program`);
  }
}

/** Whether `--chmod` makes files executable; undefined leaves them as they are. */
function chmodExecutable({ flags }: Instruction): boolean | undefined {
  const mode = flags.find(([name]) => name === 'chmod')?.[1];
  if (mode === undefined) return undefined;
  return /^\d+$/.test(mode) ? isExecutable(parseInt(mode, 8)) : /\+[rw]*x/.test(mode) ? true : undefined;
}

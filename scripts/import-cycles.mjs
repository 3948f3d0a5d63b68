#!/usr/bin/env node
// Finds import cycles among the sources, type-only imports included: eslint's import/no-cycle ignores those.
// usage: node scripts/import-cycles.mjs [FOLDER]      the repository or a copy of it; ends with 1 if there is a cycle
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { ROOT } from './lib/run.mjs';

const SOURCES = ['src', 'runtime/src', 'cli/src'];

/** One shortest cycle for each group of files that import each other; each cycle is a list of paths relative to `root`. */
export function importCycles(root = ROOT) {
  const files = SOURCES.map(folder => join(root, folder)).filter(existsSync).flatMap(sourcesUnder);
  const imports = new Map(files.map(file => [file, importsOf(file)]));
  const cycles = [];
  const covered = new Set();
  for (const file of files) {
    if (covered.has(file)) continue;
    const cycle = shortestCycle(file, imports);
    if (cycle === undefined) continue;
    cycle.forEach(member => covered.add(member));
    cycles.push(cycle.map(member => relative(root, member)));
  }
  return cycles;
}

/** The gate's step: fails with one line for each cycle. */
export function checkImportCycles() {
  const cycles = importCycles();
  if (cycles.length === 0) return;
  const output = `${cycles.map(text).join('\n')}\nremedy: move what both files need into a third one`;
  throw Object.assign(new Error('files import each other'), { output });
}

function sourcesUnder(folder) {
  return readdirSync(folder, { recursive: true }).filter(name => name.endsWith('.ts')).sort().map(name => join(folder, name));
}

function importsOf(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return [...new Set(importedFiles.map(({ fileName }) => fileName).filter(name => name.startsWith('.')).flatMap(name => resolved(file, name)))];
}

/** The source that an import names: with or without the extension of the compiled file, or a folder's index. */
function resolved(from, name) {
  const path = resolve(dirname(from), name);
  return [path.replace(/\.js$/, '.ts'), `${path}.ts`, join(path, 'index.ts')].filter(candidate => existsSync(candidate) && statSync(candidate).isFile()).slice(0, 1);
}

/** Breadth first from a file back to itself. */
function shortestCycle(start, imports) {
  const paths = [[start]];
  const seen = new Set();
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    for (const next of imports.get(path.at(-1)) ?? []) {
      if (next === start) return path;
      if (!seen.has(next)) {
        seen.add(next);
        paths.push([...path, next]);
      }
    }
  }
  return undefined;
}

function text(cycle) {
  return [...cycle, cycle[0]].join(' → ');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const cycles = importCycles(resolve(process.argv[2] ?? ROOT));
  if (cycles.length > 0) console.log(cycles.map(text).join('\n'));
  process.exitCode = cycles.length > 0 ? 1 : 0;
}

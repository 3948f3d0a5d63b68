#!/usr/bin/env node
// Compiles and runs every program that the documentation shows, the fences ```ts of README.md and docs/**/*.md, each as a file of its own;
// and loads every whole axon file among the fences ```yaml. What is meant to be wrong, or a fragment, stands in a fence of another name.
// usage: node scripts/docs/check-snippets.mjs      exit 1 with file:line of what is wrong; needs lib/, which npm run compile makes
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder } from '../lib/digest.mjs';
import { npmBin, ROOT, run } from '../lib/run.mjs';

const FOLDER = join(ROOT, '.work', 'snippets');
const COMPILER = {
  strict: true, noUnusedLocals: true, skipLibCheck: true, inlineSourceMap: true,
  target: 'es2022', module: 'node16', lib: ['es2022'], types: ['node'], rootDir: '.', outDir: 'js',
};

/** Programs of the documentation that do not compile, or that the library refuses. */
class SnippetError extends Error {
  constructor(what, failures) {
    super(`${what}: ${failures.length}`);
    this.output = failures.join('\n');
  }
}

/** Checks all of them; a page without any program is fine, a manual without any is not. */
export async function checkSnippets() {
  const pages = ['README.md', ...filesUnder('docs').filter(file => file.endsWith('.md'))];
  const fences = pages.flatMap(page => fencesOf(page, readFileSync(join(ROOT, page), 'utf8')));
  const snippets = fences.filter(({ language }) => language === 'ts');
  const axons = fences.filter(({ language, text }) => language === 'yaml' && /^apiVersion: myelin/m.test(text));
  if (snippets.length === 0) throw new SnippetError('no ```ts fence found', pages);
  if (!existsSync(join(ROOT, 'lib', 'index.d.ts'))) throw new SnippetError('lib/ is missing', ['remedy: npm run compile']);

  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, text } of snippets) writeFileSync(join(FOLDER, `${name}.ts`), text);
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, files: snippets.map(({ name }) => `${name}.ts`) }));

  await compile(snippets);
  execute(snippets);
  load(axons);
  return { note: `${snippets.length} programs, ${axons.length} axon files` };
}

/** The code of a page, each piece behind as many empty lines as it stands below the top, so that lines of both are the same. */
function fencesOf(page, markdown) {
  const found = [];
  let open;
  markdown.split('\n').forEach((line, index) => {
    const language = /^```(\w+)$/.exec(line)?.[1];
    if (open === undefined && language !== undefined) {
      open = { page, language, name: `${page.replaceAll('/', '__')}-${index + 2}`, line: index + 1, body: [] };
    } else if (open !== undefined && line === '```') {
      found.push({ ...open, text: `${'\n'.repeat(open.line)}${open.body.join('\n')}\n` });
      open = undefined;
    } else {
      open?.body.push(line);
    }
  });
  if (open !== undefined) throw new SnippetError('a fence is never closed', [`${page}:${open.line}`]);
  return found;
}

async function compile(snippets) {
  try {
    await run([...npmBin('tsc'), '--pretty', 'false', '-p', FOLDER]);
  } catch (error) {
    const failures = snippets.reduce((text, { name, page }) => text.replaceAll(new RegExp(`^.*${escaped(name)}\\.ts\\((\\d+),(\\d+)\\)`, 'gm'), `${page}:$1:$2`), error.output);
    throw new SnippetError('programs that do not compile', failures.trimEnd().split('\n'));
  }
}

/** Each program synthesises into a folder of its own; what the library refuses comes as an error at its app.synth(). */
function execute(snippets) {
  const require = createRequire(import.meta.url);
  process.setSourceMapsEnabled(true);
  const { CDK8S_OUTDIR } = process.env;
  const failures = [];
  for (const { name, page, line } of snippets) {
    process.env.CDK8S_OUTDIR = join(FOLDER, 'dist', name);
    try {
      require(join(FOLDER, 'js', `${name}.js`));
      if (filesUnder(relative(ROOT, process.env.CDK8S_OUTDIR)).length === 0) failures.push(`${page}:${line}: synthesises nothing`);
    } catch (error) {
      const at = new RegExp(`${escaped(name)}\\.ts:(\\d+)`).exec(error.stack)?.[1] ?? line;
      failures.push(`${page}:${at}: ${error.message}`);
    }
  }
  if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
  else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
  process.setSourceMapsEnabled(false);
  if (failures.length > 0) throw new SnippetError('programs that do not synthesise', failures);
}

/** An axon file of the documentation has no mistake, and nothing odd either. */
function load(axons) {
  const require = createRequire(import.meta.url);
  const { App, Chart } = require('cdk8s');
  const { AxonFile } = require('cdk8s-myelin');
  const failures = axons.flatMap(({ page, text, name }) => {
    const file = new AxonFile(text, page);
    const app = new App({ outdir: join(FOLDER, 'dist', name) });
    for (const axon of file.axonNames) file.make(new Chart(app, axon, { namespace: 'default' }), axon);
    if (file.problems.length === 0) app.synth();
    return file.problems.map(problem => AxonFile.format(problem));
  });
  if (failures.length > 0) throw new SnippetError('axon files with mistakes', failures);
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log((await checkSnippets()).note);
  } catch (error) {
    console.error(error.output === undefined ? error : `${error.message}\n${error.output}`);
    process.exitCode = 1;
  }
}

#!/usr/bin/env node
// Generates the Java and Go packages, and runs the program of examples/patches with each: all languages give the recorded bytes.
// usage: npm run languages [-- java|go …]
// A language is skipped, with its reason, if its toolchain is missing or a registry refuses a dependency. Anything else fails.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { compileRoot } from './compile.mjs';
import { CommandError, ROOT, run } from './lib/run.mjs';

const WORK = join(ROOT, '.work', 'languages');
const EXAMPLE = join(ROOT, 'examples', 'patches');
const PACKAGES = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
/** Bindings of these are generated from their npm packages, like ours: not every registry serves them. */
const PEERS = ['cdk8s', 'cdk8s-plus-27'];
const LANGUAGES = { java, go };

/** A reason to skip a language. */
class Skipped extends Error {}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(LANGUAGES);
const unknown = wanted.filter(name => !(name in LANGUAGES));
if (unknown.length > 0) {
  console.error(`'languages' (${unknown.join(', ')}) must be among ${Object.keys(LANGUAGES).join(', ')}`);
  process.exit(2);
}
await compileRoot();
let failed = 0;
for (const name of wanted) {
  try {
    await LANGUAGES[name](join(WORK, name));
    console.log(`passed   ${name}: examples/patches gives the recorded bytes`);
  } catch (error) {
    if (error instanceof Skipped) {
      console.log(`SKIPPED  ${name}: ${error.message}`);
    } else {
      failed += 1;
      console.log(`FAILED   ${name}: ${error.message}\n${error.output ?? ''}`);
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;

async function java(folder) {
  await toolchain('javac', '-version');
  await toolchain('mvn', '-version');
  const bindings = await generated('java');
  const libraries = join(folder, 'libraries');
  // What the generated packages need besides each other.
  await dependencies(libraries, () => mvnCopy(folder, libraries, [
    ['software.amazon.jsii', 'jsii-runtime', `[${runtimeVersion()},2.0.0)`], ['software.constructs', 'constructs', PACKAGES.devDependencies.constructs],
    ['org.jetbrains', 'annotations', '19.0.0'], ['javax.annotation', 'javax.annotation-api', '1.3.2'],
  ]));
  const jars = join(libraries, '*');
  const classes = [];
  for (const { name, path, isCached } of bindings) {
    const target = join(folder, 'classes', name);
    if (!isCached || !existsSync(target)) {
      rmSync(target, { recursive: true, force: true });
      await javac(target, [jars, ...classes], path);
      // The npm package, from which the program loads the library.
      cpSync(join(path, 'src', 'main', 'resources'), target, { recursive: true });
    }
    classes.push(target);
  }
  const program = join(folder, 'program');
  rmSync(program, { recursive: true, force: true });
  await javac(program, [jars, ...classes], join(EXAMPLE, 'Main.java'));
  await compare(folder, ['java', '-cp', [jars, ...classes, program].join(delimiter), 'Main']);
}

async function javac(target, classpath, source) {
  const files = source.endsWith('.java') ? [source] : readdirSync(source, { recursive: true }).filter(file => file.endsWith('.java')).map(file => join(source, file));
  mkdirSync(target, { recursive: true });
  writeFileSync(`${target}.files`, files.join('\n'));
  await run(['javac', '-nowarn', '-proc:none', '-encoding', 'UTF-8', '-cp', classpath.join(delimiter), '-d', target, `@${target}.files`]);
}

/** Copies jars and what they need from Maven Central. */
async function mvnCopy(folder, libraries, artifacts) {
  const xml = artifacts.map(([group, artifact, version]) => (
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`)).join('');
  writeFileSync(join(folder, 'pom.xml'), `<project><modelVersion>4.0.0</modelVersion><groupId>program</groupId><artifactId>program</artifactId>`
    + `<version>1</version><dependencies>${xml}</dependencies></project>`);
  await run(['mvn', '--batch-mode', '--quiet', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`]);
}

async function go(folder) {
  await toolchain('go', 'version');
  const bindings = await generated('go');
  const module = path => /^module (.*)$/m.exec(readFileSync(join(path, 'go.mod'), 'utf8'))[1];
  const modules = bindings.map(({ path }) => {
    const [name] = readdirSync(path);
    return { name: module(join(path, name)), path: join(path, name) };
  });
  const program = join(folder, 'program');
  mkdirSync(program, { recursive: true });
  cpSync(join(EXAMPLE, 'main.go'), join(program, 'main.go'));
  writeFileSync(join(program, 'go.mod'), [
    'module example.org/program', `go ${/^go (.*)$/m.exec(readFileSync(join(modules[0].path, 'go.mod'), 'utf8'))[1]}`,
    ...modules.map(({ name, path }) => `replace ${name} => ${path}`), '',
  ].join('\n\n'));
  // The first needs no registry for the modules that are replaced, only for what these need.
  await dependencies(undefined, () => run(['go', 'mod', 'tidy'], { cwd: program }));
  await run(['go', 'build', '-o', 'program', '.'], { cwd: program });
  await compare(folder, [join(program, 'program')]);
}

/** Bindings of the peers and of the library, in the order of their dependencies. Those of peers are kept. */
async function generated(language) {
  const bindings = [];
  for (const name of [...PEERS, PACKAGES.name]) {
    const source = name === PACKAGES.name ? ROOT : join(ROOT, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    const outdir = join(WORK, 'bindings', `${name}-${version}`, language);
    const isCached = name !== PACKAGES.name && existsSync(join(outdir, language));
    if (!isCached) {
      rmSync(outdir, { recursive: true, force: true });
      mkdirSync(outdir, { recursive: true });
      await run([process.execPath, join(ROOT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'), '--targets', language, '--code-only', '--no-npmignore', '--outdir', outdir, source]);
    }
    bindings.push({ name, path: join(outdir, language), isCached });
  }
  return bindings;
}

/** The version of jsii's runtime that generated code needs: that of the generator. */
function runtimeVersion() {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', 'jsii-pacmak', 'package.json'), 'utf8')).version;
}

async function toolchain(...command) {
  try {
    await run(command);
  } catch (error) {
    throw new Skipped(`'${command.join(' ')}' does not run here (${error.message})`);
  }
}

/** Gets packages from a registry; a refusal skips the language. */
async function dependencies(folder, get) {
  if (folder !== undefined && existsSync(folder)) return;
  try {
    mkdirSync(folder ?? WORK, { recursive: true });
    await get();
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    if (!(error instanceof CommandError)) throw error;
    throw new Skipped(`a dependency cannot be had: ${error.message}\n${error.output}`);
  }
}

/** Runs a program, and compares what it synthesises with the recorded manifests. */
async function compare(folder, command) {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await run(command, { cwd: folder, env: { CDK8S_OUTDIR: dist, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' } });
  const expected = join(EXAMPLE, 'expected');
  const [got, want] = [dist, expected].map(path => readdirSync(path).sort());
  if (got.join() !== want.join()) throw new Error(`wrote ${got.join(', ')} in place of ${want.join(', ')}`);
  for (const file of want) {
    if (readFileSync(join(dist, file), 'utf8') !== readFileSync(join(expected, file), 'utf8')) throw new Error(`${join(dist, file)} differs from ${join(expected, file)}`);
  }
}

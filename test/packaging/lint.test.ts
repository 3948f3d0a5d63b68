import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { PURE_ROOMS, SRC_GROUPS } from '../../projenrc/import-law';
import { ROOT, Workshop } from './workshop';

/*
 * Lint that passes proves nothing unless it can fail. A little house with the
 * repository's own configuration breaks each law once; every breach must be
 * reported under its rule's name, and what is lawful must not.
 */

const workshop = new Workshop();
const CONFIGURATION = [
  '.eslintrc.json', 'package.json', 'tsconfig.json', 'tsconfig.workspace.json', 'test/tsconfig.json',
  ...['runtime', 'cli'].flatMap(workspace => ['package.json', 'tsconfig.json', 'test/tsconfig.json'].map(file => `${workspace}/${file}`)),
];

const IMPORT_LAW = 'import/no-restricted-paths';
const CALLED_PURE = PURE_ROOMS.map(room => (room.endsWith('*') ? room.replace('*', '.ts') : `${room}/sample.ts`));

/** Sources that others import, lawful themselves. */
const NEIGHBOURS: Record<string, string> = Object.fromEntries([
  'src/common/quantity.ts', 'src/source/git.ts', 'src/task/container.ts', 'src/tuning/tuner.ts', 'src/axon.ts', 'src/axon-file/load.ts',
  'src/crd/istio.ts', 'src/manifests/gateway.ts', 'src/manifests/labels.ts', 'src/task/container-task.ts',
  'runtime/src/kube/client.ts', 'runtime/src/shared/errors.ts',
].map(file => [file, 'export const sample = 1;\n']));

/** Two files that import only each other's types. */
const TYPE_CYCLE: Record<string, string> = {
  'runtime/src/shared/first.ts': 'import type { Second } from \'./second.js\';\nexport interface First { readonly next?: Second }\n',
  'runtime/src/shared/second.ts': 'export interface Second { readonly next?: import(\'./first.js\').First }\n',
};

/** [what, file, content]: nothing may be reported. */
const LAWFUL: [string, string, string][] = [
  ['a room may import a room to its left', 'src/task/lawful.ts', reexport('../common/quantity')],
  ['a room may import itself', 'src/task/own.ts', reexport('./container')],
  ['the axon may import the manifests', 'src/platform/lawful.ts', reexport('../manifests/gateway')],
  ['a loop may calculate a hash', 'src/loop/hash.ts', reexport('crypto', 'createHash')],
  ['the axon file may import the axon', 'src/axon-file/lawful.ts', reexport('../axon')],
  ['the runtime may use node modules', 'runtime/src/kube/lawful.ts', 'export { readFileSync } from \'node:fs\';\n'],
  ['a pure room may handle a date it is given', 'runtime/src/ledger/given.ts', 'export const sample = (now: number) => new Date(now);\n'],
  ['a source may have 400 lines', 'runtime/src/shared/long.ts', lines(400)],
];

/** [what, file, content, the rule that must report it]. */
const BREACHES: [string, string, string, string][] = [
  ['a room may not import a room to its right', 'src/source/right.ts', reexport('../task/container'), IMPORT_LAW],
  ['a room may not import a type of a room to its right', 'src/source/right-type.ts', typeImport('../task/container'), IMPORT_LAW],
  ['a room may not import a neighbour in its group', 'src/serving/neighbour.ts', reexport('../tuning/tuner'), IMPORT_LAW],
  ['a construct may not import manifests', 'src/task/manifest.ts', reexport('../manifests/labels'), IMPORT_LAW],
  ['a construct may not import the type of a manifest', 'src/task/manifest-type.ts', typeImport('../manifests/labels'), IMPORT_LAW],
  ['a construct may not import custom resources', 'src/serving/crd.ts', reexport('../crd/istio'), IMPORT_LAW],
  ['what was declared has no field of a manifest', 'src/loop/crd.ts', reexport('../crd/istio'), IMPORT_LAW],
  ['manifests may not import a construct', 'src/manifests/construct.ts', reexport('../task/container-task'), IMPORT_LAW],
  ['a loop may not import the framework', 'src/loop/framework.ts', reexport('constructs', 'Construct'), 'no-restricted-imports'],
  ['a loop may not import a file of the framework', 'src/loop/framework-file.ts', reexport('constructs/lib/construct', 'Construct'), 'no-restricted-imports'],
  ['a loop may not import a type of the framework in an expression', 'src/loop/framework-type.ts',
    'export type Sample = import(\'constructs\').Construct;\n', 'no-restricted-syntax'],
  ['a loop may not import a module late', 'src/loop/late.ts', 'export const sample = async () => import(\'fs\');\n', 'no-restricted-syntax'],
  ['a loop may not draw a random identifier', 'src/loop/uuid.ts', reexport('crypto', 'randomUUID'), 'no-restricted-imports'],
  ['a loop may not read the clock through the global object', 'src/loop/global.ts',
    'export const sample = globalThis.Date.now();\n', 'no-restricted-globals'],
  ['manifests may not read the clock', 'src/manifests/clock.ts', 'export const sample = Date.now();\n', 'no-restricted-properties'],
  ['a room may not import the axon', 'src/routing/root.ts', reexport('../axon'), IMPORT_LAW],
  ['the leftmost rooms may import no other', 'src/problem/left.ts', reexport('../common/quantity'), IMPORT_LAW],
  ['constructs may not import the runtime by path', 'src/common/runtime-path.ts', reexport('../../runtime/src/shared/errors'), IMPORT_LAW],
  ['constructs may not import the runtime by name', 'src/common/runtime-name.ts', reexport('@cdk8s-myelin/runtime'), 'no-restricted-imports'],
  ['the runtime may not import constructs by path', 'runtime/src/shared/src-path.ts', reexport('../../../src/common/quantity.js'), IMPORT_LAW],
  ['the runtime may not import a type of the constructs by path', 'runtime/src/shared/src-type.ts', typeImport('../../../src/common/quantity.js'), IMPORT_LAW],
  ['the runtime may not import constructs by name', 'runtime/src/shared/src-name.ts', reexport('cdk8s-myelin'), 'no-restricted-imports'],
  ['the command may not import constructs by path', 'cli/src/src-path.ts', reexport('../../src/common/quantity.js'), IMPORT_LAW],
  ...CALLED_PURE.map((file): [string, string, string, string] => [
    `${dirname(file)} may not use a node module`, file, 'export { readFileSync } from \'node:fs\';\n', 'no-restricted-imports',
  ]),
  ['a pure room may not use a node module by its old name', 'runtime/src/ledger/old.ts', reexport('fs', 'readFileSync'), 'no-restricted-imports'],
  ['a pure room may not reach the cluster through another', 'runtime/src/ledger/kube.ts', reexport('../kube/client.js'), IMPORT_LAW],
  ['a pure room may not roll dice', 'runtime/src/ledger/dice.ts', 'export const sample = Math.random();\n', 'no-restricted-properties'],
  ['a pure room may not read the clock', 'runtime/src/ledger/clock.ts', 'export const sample = Date.now();\n', 'no-restricted-properties'],
  ['a pure room may not read the clock as a date', 'runtime/src/ledger/date.ts', 'export const sample = new Date();\n', 'no-restricted-syntax'],
  ['a pure room may not set a timer', 'runtime/src/ledger/timer.ts', 'export const sample = setTimeout;\n', 'no-restricted-globals'],
  ['a file imports nothing that imports it', 'src/image/cycle.ts', 'export { other } from \'./cycle-other\';\nexport const sample = 1;\n', 'import/no-cycle'],
  ['a file imports nothing that imports it, the other way', 'src/image/cycle-other.ts', 'export { sample } from \'./cycle\';\nexport const other = 1;\n', 'import/no-cycle'],
  ['a source has at most 400 lines', 'src/metrics/long.ts', lines(401), 'max-lines'],
  ['a test has at most 500 lines', 'test/metrics/long.test.ts', lines(501), 'max-lines'],
  ['a promise may not float', 'runtime/src/shared/promise.ts', 'export function sample(): void {\n  Promise.resolve();\n}\n', '@typescript-eslint/no-floating-promises'],
  ['an expression must do something', 'test/metrics/idle.test.ts', 'expect(1).toBe;\n', '@typescript-eslint/no-unused-expressions'],
  ['a source may not import a development dependency', 'src/storage/dev.ts', 'export { default } from \'ajv\';\n', 'import/no-extraneous-dependencies'],
  ['a workspace declares its own dependencies', 'runtime/src/shared/undeclared.ts', reexport('commander', 'Command'), 'import/no-extraneous-dependencies'],
];

let reported: Record<string, string[]>;

beforeAll(() => {
  for (const file of CONFIGURATION) cpSync(join(ROOT, file), workshop.path(file));
  symlinkSync(join(ROOT, 'node_modules'), workshop.path('node_modules'));
  const samples = [...LAWFUL, ...BREACHES].map(([, ...sample]) => sample);
  for (const [file, content] of [...Object.entries({ ...NEIGHBOURS, ...TYPE_CYCLE }), ...samples]) {
    mkdirSync(dirname(workshop.path(file)), { recursive: true });
    writeFileSync(workshop.path(file), content);
  }
  reported = lint();
});

afterAll(() => workshop.close());

test.each(LAWFUL)('%s', (_, file) => {
  expect(reported[file]).toEqual([]);
});

test.each(BREACHES)('%s', (_, file, __, rule) => {
  expect(reported[file]).toContain(rule);
});

test('a cycle of type-only imports, which lint ignores, is found by the gate', () => {
  const find = () => workshop.run([process.execPath, join(ROOT, 'scripts', 'import-cycles.mjs'), workshop.folder]);

  expect(find).toThrow('runtime/src/shared/first.ts → runtime/src/shared/second.ts → runtime/src/shared/first.ts');
});

test('every folder and file of src/ has its place in the law', () => {
  const known = [...SRC_GROUPS.flat(), 'index.ts'];

  expect(readdirSync(join(ROOT, 'src')).filter(name => !known.includes(name))).toEqual([]);
});

function lint(): Record<string, string[]> {
  const eslint = join(ROOT, 'node_modules', 'eslint', 'bin', 'eslint.js');
  // With findings eslint ends with 1: the shell forgets that, and a crash leaves no JSON.
  const report = workshop.run(['sh', '-c', `"${process.execPath}" "${eslint}" --ext .ts --format json src test runtime cli || true`], {
    env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  });
  const results: { filePath: string; messages: { ruleId: string }[] }[] = JSON.parse(report);
  return Object.fromEntries(results.map(({ filePath, messages }) => [
    filePath.slice(workshop.folder.length + 1),
    [...new Set(messages.map(message => message.ruleId))],
  ]));
}

function reexport(from: string, name = 'sample'): string {
  return `export { ${name} } from '${from}';\n`;
}

function typeImport(from: string): string {
  return `import type { sample } from '${from}';\nexport type Sample = typeof sample;\n`;
}

function lines(count: number): string {
  return 'export const sample = 1;\n'.padEnd(25 + (count - 1) * 3, '//\n');
}

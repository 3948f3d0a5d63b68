import { spawnSync } from 'child_process';
import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { ROOT, Workshop } from './workshop';

/* The gate is trusted by all, so it is tested like the rest: what it says last must be true, and it must not pass over a failure. */

const workshop = new Workshop();
afterAll(() => workshop.close());

test('counts the tests of all steps', () => {
  const { code, lines } = gate('{ name: "a", run: async () => ({ passed: 3, failed: 0, skipped: 1 }) }, { name: "b", run: async () => ({ passed: 4, failed: 0, skipped: 0 }) }');

  expect(code).toBe(0);
  expect(lines.at(-2)).toMatch(/^everything passed after .* s, 1 skipped$/);
  expect(lines.at(-1)).toBe('7 passed, 0 failed');
});

test('fails if a check fails, shows what it wrote and runs nothing after it', () => {
  const { code, lines } = gate(`
    { name: "a", run: async () => ({ passed: 3, failed: 0, skipped: 0 }) },
    { name: "lint", run: () => run(["sh", "-c", "echo what is wrong; exit 1"]) },
    { name: "never", run: () => console.log("ran on") }`);

  expect(code).toBe(1);
  expect(lines).toContain('what is wrong');
  expect(lines).not.toContain('ran on');
  expect(lines.at(-1)).toBe('3 passed, 1 failed');
});

test('fails if a step finds nothing to check', () => {
  const { code, lines } = gate('{ name: "a", needs: ["no/such/folder"], run: async () => ({}) }');

  expect(code).toBe(1);
  expect(lines).toContain('the step \'a\' needs no/such/folder');
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});

test('counts passed, failed and skipped tests of unittest', () => {
  tests('mixed', ['def test_a(self): pass', 'def test_b(self): self.fail()', 'def test_c(self): raise OSError()', 'def test_d(self): self.skipTest("later")']);

  const { code, lines } = gate(`{ name: "python", run: () => unittest(["discover", "-s", "${workshop.path('mixed')}"]) }`);

  expect(code).toBe(1);
  expect(lines.at(-2)).toMatch(/, 1 skipped$/);
  expect(lines.at(-1)).toBe('1 passed, 2 failed');
});

test('fails if unittest finds no test', () => {
  tests('empty', ['def helper(self): pass']);

  const { code, lines } = gate(`{ name: "python", run: () => unittest(["discover", "-s", "${workshop.path('empty')}"]) }`);

  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});

test('counts passed and failed tests of jest, and a suite that does not load as one failure', () => {
  mkdirSync(workshop.path('jest'));
  writeFileSync(workshop.path('jest', 'package.json'), '{ "jest": { "transform": {} } }');
  writeFileSync(workshop.path('jest', 'a.test.js'), 'test("good", () => {}); test("bad", () => { throw new Error("no"); }); test.skip("later", () => {});');
  writeFileSync(workshop.path('jest', 'b.test.js'), 'require("./missing");');

  const { code, lines } = gate(`{ name: "jest", run: () => jest("${workshop.path('jest')}") }`);

  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('1 passed, 2 failed');
});

test('fails if \'--only\' names no step', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'gate.mjs'), '--only', 'lnt'], { encoding: 'utf8' });

  expect(status).toBe(2);
  expect(stderr).toMatch(/^'--only' \(lnt\) names no step, choose from projen, /);
});

/** Runs the gate over steps written as source, in a process of its own. */
function gate(steps: string): { code: number | null; lines: string[] } {
  const module = (name: string) => JSON.stringify(pathToFileURL(join(ROOT, 'scripts', name)).href);
  const program = `
    import { gate } from ${module('gate/runner.mjs')};
    import { jest, unittest } from ${module('gate/tests.mjs')};
    import { run } from ${module('lib/run.mjs')};
    process.exitCode = (await gate([${steps}])) ? 0 : 1;`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { code: status, lines: stdout.trimEnd().split('\n') };
}

function tests(folder: string, methods: string[]): void {
  mkdirSync(workshop.path(folder));
  writeFileSync(workshop.path(folder, 'test_sample.py'), `import unittest\nclass T(unittest.TestCase):\n${methods.map(method => `    ${method}\n`).join('')}`);
}

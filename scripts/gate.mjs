#!/usr/bin/env node
// The one gate: runs every step in order, stops at the first that fails, and ends with the number of tests passed and failed.
// usage: npm test [-- --list | --only NAME[,NAME]]      a NAME also selects NAME:…, say `jest` all of jest:constructs, jest:runtime, jest:cli
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STEPS } from './gate/steps.mjs';
import { ROOT } from './lib/run.mjs';

// Steps behave as in CI wherever they run: no colours to parse, no prompts, no snapshot written.
Object.assign(process.env, { CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' });

const { values } = parseArgs({ options: { list: { type: 'boolean' }, only: { type: 'string' } } });
if (values.list) {
  console.log(STEPS.map(step => step.name).join('\n'));
} else {
  process.exitCode = (await gate(select(values.only))) ? 0 : 1;
}

function select(only) {
  if (only === undefined) return STEPS;
  const names = only.split(',');
  const unknown = names.filter(name => !STEPS.some(step => matches(step, name)));
  if (unknown.length > 0) throw new Error(`'--only' (${unknown.join(', ')}) names no step, choose from ${STEPS.map(step => step.name).join(', ')}`);
  return STEPS.filter(step => names.some(name => matches(step, name)));
}

function matches(step, name) {
  return step.name === name || step.name.startsWith(`${name}:`);
}

async function gate(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = counts => Object.keys(total).forEach(key => { total[key] += counts?.[key] ?? 0; });
  const started = performance.now();
  let failure;
  for (const step of steps) {
    const begun = performance.now();
    try {
      const result = await perform(step);
      add(result);
      report('ok', step, begun, describe(result));
    } catch (error) {
      // A check that is no test, lint for one, counts as one failure.
      add(error.counts ?? { failed: 1 });
      report('FAILED', step, begun, error.message);
      failure = error;
      break;
    }
  }
  if (failure) console.log(`\n${(failure.output ?? failure.stack).trimEnd()}\n`);
  console.log(`${failure ? 'stopped at the first failure' : `${steps.length} steps`} after ${seconds(started)}${total.skipped > 0 ? `, ${total.skipped} tests skipped` : ''}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return !failure;
}

function perform(step) {
  const missing = (step.needs ?? []).filter(path => !existsSync(join(ROOT, path)));
  if (missing.length > 0) throw Object.assign(new Error(`missing: ${missing.join(', ')}`), { output: `the step '${step.name}' needs ${missing.join(', ')}` });
  return step.run();
}

function describe(result) {
  if (result?.passed === undefined) return result?.note ?? '';
  return `${result.passed} tests${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}`;
}

function report(outcome, step, begun, note) {
  console.log(`${outcome.padEnd(6)} ${step.name.padEnd(16)} ${seconds(begun).padStart(8)}  ${note}`.trimEnd());
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

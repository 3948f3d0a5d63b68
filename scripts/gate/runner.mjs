import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/run.mjs';

/**
 * Runs the steps in order, one line each, and stops at the first that fails,
 * with all that it wrote. The last line counts the tests that ran; a check that
 * is no test, lint for one, counts only when it fails, as one failure.
 *
 * Returns whether everything passed.
 */
export async function gate(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const started = performance.now();
  let failure;
  for (const step of steps) {
    const begun = performance.now();
    try {
      const result = await perform(step);
      add(total, result);
      report('ok', step, begun, describe(result));
    } catch (error) {
      failure = error;
      add(total, error.counts ?? { failed: 1 });
      report('FAILED', step, begun, error.message);
      break;
    }
  }
  if (failure) console.log(`\n${(failure.output ?? failure.stack).trimEnd()}\n`);
  console.log(`${failure ? 'stopped at the first failure' : 'everything passed'} after ${seconds(started)}${skipped(total)}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return !failure;
}

function perform(step) {
  const missing = (step.needs ?? []).filter(path => !existsSync(join(ROOT, path)));
  if (missing.length > 0) throw Object.assign(new Error('not found'), { output: `the step '${step.name}' needs ${missing.join(', ')}` });
  return step.run();
}

function add(total, result) {
  for (const key of Object.keys(total)) total[key] += result?.[key] ?? 0;
}

function report(outcome, step, begun, note) {
  console.log(`${outcome.padEnd(6)} ${step.name.padEnd(16)} ${seconds(begun).padStart(8)}  ${note}`.trimEnd());
}

function describe(result) {
  return result?.passed === undefined ? result?.note ?? '' : `${result.passed} tests${skipped(result)}`;
}

function skipped(counts) {
  return counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

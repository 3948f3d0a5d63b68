// Runs test suites and counts their tests. A suite without tests fails: a gate that finds nothing to check must not pass.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmBin, ROOT, run } from '../lib/run.mjs';
import { PYTHON } from '../lib/venv.mjs';

/** A suite that failed; carries its counts, so that the summary stays true. */
class SuiteError extends Error {
  constructor(message, output, counts) {
    super(message);
    this.output = output;
    this.counts = counts;
  }
}

/** Runs jest in a folder of the repository; `esm` where sources are ES modules. */
export async function jest(folder, { args = [], esm = false, workers = availableParallelism() } = {}) {
  const reports = mkdtempSync(join(tmpdir(), 'myelin-gate-'));
  const report = join(reports, 'report.json');
  const [node, bin] = npmBin('jest');
  // --ci: a snapshot or golden that is missing fails instead of being written.
  const command = [node, ...(esm ? ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'] : []), bin,
    '--ci', `--maxWorkers=${workers}`, '--json', `--outputFile=${report}`, ...args];
  try {
    await run(command, { cwd: resolve(ROOT, folder) });
    return countJest(report);
  } catch (error) {
    const counts = countJest(report);
    throw new SuiteError('tests failed', error.output, { ...counts, failed: Math.max(1, counts?.failed ?? 0) });
  } finally {
    rmSync(reports, { recursive: true });
  }
}

/** Runs unittest over a folder or a module with the given interpreter. */
export async function unittest(args, { python = PYTHON, cwd = ROOT, env = {} } = {}) {
  const options = { cwd, env: { PYTHONDONTWRITEBYTECODE: '1', ...env } };
  let output;
  try {
    output = await run([python, '-m', 'unittest', ...args], options);
  } catch (error) {
    throw new SuiteError('tests failed', error.output, countUnittest(error.output, true));
  }
  const counts = countUnittest(output, false);
  if (counts.passed === 0) throw new SuiteError('no tests found', output, { failed: 1 });
  return counts;
}

/** A suite that cannot even be loaded counts as one failed test. */
function countJest(report) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function countUnittest(output, ended) {
  const number = pattern => Number(pattern.exec(output)?.[1] ?? 0);
  const ran = number(/^Ran (\d+) tests?/m);
  const skipped = number(/skipped=(\d+)/);
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/) + number(/unexpected successes=(\d+)/);
  return { passed: Math.max(0, ran - failed - skipped), failed: ended ? Math.max(1, failed) : failed, skipped };
}

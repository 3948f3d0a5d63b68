import { describe, expect, test } from '@jest/globals';
import { ProgramFailed, pipError, runProgram } from '../../../../src/pocket/images/python/pip.js';

describe('a failed pip', () => {
  test.each([
    ['WARNING: Retrying after connection broken by NewConnectionError\nERROR: Could not find a version that satisfies the requirement numpy', 'did not reach the package index', false],
    ['[Errno -3] Temporary failure in name resolution', 'did not reach the package index', false],
    ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device', 'found no space left on the disk', false],
    ['SSLError(SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]"))', 'does not trust the package index', true],
    ['ERROR: No matching distribution found for numpy==9', 'found no version of a package that fits, correct its name or version', true],
    ['ERROR: ResolutionImpossible: for help visit', 'found packages that contradict each other', true],
    ['error: subprocess-exited-with-error', 'could not build a package from its source', true],
    ['ERROR: Invalid requirement: \'a b\'', 'does not understand a requirement', true],
    ['Killed', 'failed, see what it says', false],
  ])('%j', (text, summary, permanent) => {
    const error = pipError(new ProgramFailed('pip', text.split('\n'), 1), { packages: 'numpy' });
    expect(error.message).toContain(`'pip install' (numpy) ${summary}`);
    expect(error.message).toContain(`\n  ${text.split('\n').at(-1)}`);
    expect(error.permanent).toBe(permanent);
  });
});

describe('a program', () => {
  test('gives its lines as they come, and its last ones when it fails', async () => {
    const lines: string[] = [];
    const failed = runProgram('sh', ['-c', 'for i in $(seq 1 100); do echo line $i; done; echo wrong >&2; exit 7'], { cwd: '/', env: process.env, onLine: (line) => lines.push(line) });
    await expect(failed).rejects.toMatchObject({ code: 7, tail: expect.arrayContaining(['wrong', 'line 100']) });
    expect(lines).toHaveLength(101);
  });

  test('ends when it is asked to', async () => {
    const controller = new AbortController();
    const ended = runProgram('sleep', ['60'], { cwd: '/', env: process.env, signal: controller.signal });
    controller.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });
});

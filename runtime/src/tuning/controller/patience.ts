import { MyelinError, type ErrorCode } from '../../shared/errors.js';
import type { ProgramContext } from '../../shared/program.js';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** How long the API may be away before the step gives up and is started again. */
const LONGEST_OUTAGE = 5 * 60_000;

/**
 * Makes a call of the API until it is answered. A search takes hours and must not end, nor use up the retries of its step, because the
 * API was away for a minute. What no retry mends, and what is an answer (a name that is taken, a right that is not there), is thrown at once.
 */
export async function patiently<T>(context: ProgramContext, call: () => Promise<T>): Promise<T> {
  const since = context.clock.now();
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await call();
    } catch (error) {
      if (isAnswer(error) || context.signal.aborted || context.clock.now() - since > LONGEST_OUTAGE) throw error;
      context.log.warn({ err: error, pauseMilliseconds: pause }, 'the API did not answer, asking again');
      await context.clock.sleep(pause, context.signal);
    }
  }
}

const ANSWERS: readonly ErrorCode[] = ['MYELIN_KUBE_CONFLICT', 'MYELIN_KUBE_EXISTS', 'MYELIN_KUBE_FORBIDDEN'];

function isAnswer(error: unknown): boolean {
  return error instanceof MyelinError && (error.permanent || ANSWERS.includes(error.code));
}

import { needsEmit } from '../../loop/events';
import { Loop } from '../../loop/loop';
import { programStep, tokenEnv } from './program';
import { ledgerRules } from './rules';
import { Step } from './step';

/** Whether the end of some task needs a step that emits its event. */
export function needsEmitStep(loop: Loop): boolean {
  return loop.tasks.some(({ identifier }) => needsEmit(loop, identifier, 'succeeded') || needsEmit(loop, identifier, 'failed'));
}

/** Records the end of a task in the ledger, then posts its event. */
export function emit(loop: Loop): Step {
  return programStep(loop, {
    program: 'emit',
    inputs: ['task', 'phase', 'metrics', 'data-hash'],
    env: tokenEnv(loop),
    rules: ledgerRules(loop.name),
    timeoutSeconds: 3600,
  });
}

import { folderParameter, liveParameter } from '../../contract/constants';
import { Loop } from '../../loop/loop';
import { isServed } from '../../loop/references';
import { foldersFromGate, output } from './parameters';
import { programStep, WAKE_ENV } from './program';
import { ledgerRules, readReleasesRule } from './rules';
import { Step } from './step';

/** Decides whether the run holds a complete set of events that may act, and makes its folders. */
export function gate(loop: Loop): Step {
  return programStep(loop, {
    program: 'gate',
    inputs: ['sensor'],
    env: WAKE_ENV,
    outputs: [
      output('decision'), output('version', ''), output('events', '[]'), output('trained-data-hash', ''),
      ...foldersFromGate(loop).map((task) => output(folderParameter(task), '')),
      ...loop.tasks.filter((task) => isServed(loop, task)).map(({ identifier }) => output(liveParameter(identifier), '')),
    ],
    rules: [...ledgerRules(loop.name), readReleasesRule(loop.name)],
    store: true,
    timeoutSeconds: 600,
  });
}

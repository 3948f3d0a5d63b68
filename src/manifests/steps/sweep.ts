import { alertsOf } from '../../loop/events';
import { Loop } from '../../loop/loop';
import { programStep } from './program';
import { ledgerRules, readReleasesRule } from './rules';
import { Step } from './step';

/** Starts the runs that should exist and do not: after lost events and outages, and for deferred sets of events. */
export function sweep(loop: Loop): Step {
  // Whether a firing alert still counts depends on the live version.
  const alerts = alertsOf(loop).length > 0;
  return programStep(loop, {
    program: 'sweep',
    inputs: [],
    rules: [
      ...ledgerRules(loop.name),
      ...(alerts ? [readReleasesRule(loop.name)] : []),
      { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'list'] },
    ],
    timeoutSeconds: 600,
  });
}

import { readFileSync } from 'node:fs';
import type { BehaviourWorkflow } from '../../../fidelity/traces/trace.js';
import type { AxonDocument } from '../../src/contract/documents.js';
import { harvest, type WorkflowObject } from '../../src/sensing/workflows.js';
import { workflowObject } from './workflow-object.js';

const RECORD = new URL('../../../fidelity/traces/behaviours/workflows.json', import.meta.url);
const { workflows } = JSON.parse(readFileSync(RECORD, 'utf8')) as { workflows: BehaviourWorkflow[] };
const ENDED = '2026-01-01T00:00:00Z';

/** What is read of an axon that prepares and then trains, and tells of both. */
const AXON = {
  axon: 'behaviours',
  tasks: [{ name: 'prepare', kind: 'container', emits: ['succeeded'] }, { name: 'train', kind: 'training', emits: ['failed'] }],
  sensors: [{ name: 'start', runs: [['prepare'], ['train']] }],
} as unknown as AxonDocument;

/** A recorded Workflow by its name. */
function recorded(name: string): WorkflowObject {
  return workflowObject(workflows.find((workflow) => workflow.name === name)!, ENDED);
}

const prepared = { task: 'prepare', phase: 'succeeded', at: ENDED, metrics: { rows: 5 }, dataHash: 'abcdef0123' };
const trained = { task: 'train', phase: 'failed', at: ENDED, metrics: {}, dataHash: undefined };

test('of a run whose steps told their ends after all, by a step and by an exit hook with attempts, nothing is untold', () => {
  const run = { runId: 'train-told', isUntold: false };
  expect(harvest(AXON, recorded('train-told'))).toEqual([{ ...prepared, ...run }, { ...trained, ...run }]);
});

test('of a run whose steps could not tell their ends, both are untold', () => {
  const run = { runId: 'train-untold', isUntold: true };
  expect(harvest(AXON, recorded('train-untold'))).toEqual([{ ...prepared, ...run }, { ...trained, ...run }]);
});

test('a run that the engine never ends has nothing to harvest', () => {
  const hooked = recorded('hooked');
  expect(harvest(AXON, { ...hooked, metadata: { ...hooked.metadata, labels: { 'myelin.io/sensor': 'start' } } })).toEqual([]);
});

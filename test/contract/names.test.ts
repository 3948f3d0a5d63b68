import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EnvironmentDocument } from '../../src/contract/documents';
import { isReservedVariable } from '../../src/contract/names';

const { variables }: EnvironmentDocument = JSON.parse(readFileSync(join(__dirname, '../../contract/environment.json'), 'utf8'));

/** Every name that users can meet is listed here, so that a change of environment.json alone reserves no name and frees none. */
const RESERVED = [
  'AXON_NAME', 'DATA_PATH', 'DATA_PATH_', 'FEEDBACK_PATH', 'HOME', 'HPO_PARAMS', 'LIVE_MODEL_PATH', 'LOSS_METRIC', 'MODEL_PATH', 'MYELIN_DATA_HASH_PATH',
  'MYELIN_METRICS_PATH', 'MYELIN_NAMESPACE', 'NAMESPACE', 'PUSHGATEWAY_PORT', 'PUSHGATEWAY_URL', 'TASK_ID', 'TF_CONFIG', 'TRAIN_CONTROLLER_URL',
];

test('exactly the variables that the runtime sets are reserved', () => {
  expect(variables.map(({ name }) => name).filter(isReservedVariable).sort()).toEqual(RESERVED);
});

test.each(['MYELIN_', 'DATA_PATH_'])('every name that begins with %s is reserved', (prefix) => {
  fc.assert(fc.property(fc.string(), (rest) => isReservedVariable(prefix + rest)));
});

test.each(['', 'myelin_x', 'MYELIN', 'HOMES', 'HOM', 'DATA_PATHS', 'MODEL_PATH_train', 'X_MYELIN_', 'MODEL_NAME', 'toString', '__proto__'])(
  "the name '%s' is free", (name) => expect(isReservedVariable(name)).toBe(false));

test('any other name is free', () => {
  const other = fc.string().filter((name) => !RESERVED.includes(name) && !/^(MYELIN_|DATA_PATH_)/.test(name));
  fc.assert(fc.property(other, (name) => !isReservedVariable(name)));
});

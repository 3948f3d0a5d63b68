import * as constants from '../../src/contract/constants.js';
import type { ConstantsDocument } from '../../src/contract/documents.js';
import { ENVIRONMENT_VALUE } from '../../src/contract/names.js';
import { contractJson } from '../fixtures.js';

const { groups }: ConstantsDocument = contractJson('constants.json');

test('every constant of constants.json is exported', () => {
  const declared = groups.flatMap(({ name, constants: members }) => (name === undefined ? members.map((member) => member.name) : [name]));
  expect(Object.keys(constants).sort()).toEqual(declared.sort());
});

test('a constant may refer to another one', () => {
  expect(constants.METRICS_PATH).toBe(`${constants.OUT_PATH}/metrics.json`);
});

test('user code finds its files where the constants say', () => {
  const { METRICS_PATH, DATA_HASH_PATH, HOME_PATH } = constants;
  expect(ENVIRONMENT_VALUE).toEqual({ MYELIN_METRICS_PATH: METRICS_PATH, MYELIN_DATA_HASH_PATH: DATA_HASH_PATH, HOME: HOME_PATH });
});

test('a text with parameters is a function of them, in their order', () => {
  expect(constants.runFolder('/store', 'digits', 'train', 'digits-start-1')).toBe('/store/digits/train/digits-start-1');
});

test('objects cannot be changed, at any depth', () => {
  const { CONTAINER_SECURITY } = constants;
  expect([CONTAINER_SECURITY, CONTAINER_SECURITY.capabilities, CONTAINER_SECURITY.capabilities.drop].every(Object.isFrozen)).toBe(true);
});

test('patterns are those of the schemas', () => {
  expect(constants.DATA_HASH_PATTERN.source).toBe(contractJson('common.schema.json').$defs.DataHash.pattern);
});

test('a document is mounted under the name of its ConfigMap without the axon', () => {
  expect(constants.studyConfigMap('digits', 'train')).toBe(`digits-${constants.studyFolder('train')}`);
  expect(constants.modelConfigMap('digits', 'model')).toBe(`digits-${constants.modelFolder('model')}`);
  expect(constants.axonConfigMap('digits')).toBe(`digits-${constants.AXON_FOLDER}`);
});

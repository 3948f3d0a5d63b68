import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { load } from 'js-yaml';
import { jsonSchema } from '../../src/axon-file/schema/json-schema';
import { DIGITS, edited, fixture } from './digits';

const validate = new Ajv({ allowUnionTypes: true }).compile(jsonSchema());

test.each([
  ['of the example', DIGITS],
  ['with every key', fixture('everything.yaml')],
  ['with every key of pods', fixture('pods.yaml')],
  ['of the first shape', fixture('churn-risk.yaml')],
  ['of the second shape', fixture('ticket-triage.yaml')],
])('the schema for editors takes the file %s', (_title, text) => {
  validate(load(text));

  expect(validate.errors).toBeNull();
});

test.each([
  ['a misspelt key', edited('lossMetric:', 'lossMetrik:')],
  ['a missing key', edited('optimiser: HyperBand', '')],
  ['a word that is none of several', edited('type: Lifecycle', 'type: LifeCycle')],
  ['what is not supported', edited('    - name: serve\n', '    - name: serve\n      sidecars: []\n')],
])('the schema for editors refuses %s', (_title, text) => {
  expect(validate(load(text))).toBe(false);
});

test('the schema beside the manual is the one of the code', () => {
  const recorded = readFileSync(join(__dirname, '..', '..', 'docs', 'axon-file.schema.json'), 'utf8');

  // Renew it by `node scripts/golden.mjs`.
  expect(JSON.parse(recorded)).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});

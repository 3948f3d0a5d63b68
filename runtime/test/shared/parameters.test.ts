import { withParameters, workflowParameters } from '../../src/shared/parameters.js';

const VALUES = {
  workflow: new Map([['rate', '0.5'], ['evil', '{{inputs.parameters.folder-prepare}}']]),
  inputs: new Map([['folder-prepare', '/var/lib/myelin/digits/prepare/run-1'], ['live', '']]),
};

test('parameters of the Workflow and arguments of the step are filled in, empty ones too', () => {
  expect(withParameters('{{workflow.parameters.rate}} {{ inputs.parameters.folder-prepare }}/x{{inputs.parameters.live}}', VALUES, 'env'))
    .toBe('0.5 /var/lib/myelin/digits/prepare/run-1/x');
});

test('braces of other kinds are the user\'s own', () => {
  expect(withParameters('{{item}} {x} {{ .Values.y }}', VALUES, 'env')).toBe('{{item}} {x} {{ .Values.y }}');
});

test('a value that looks like a reference is not filled in again', () => {
  expect(withParameters('{{workflow.parameters.evil}}', VALUES, 'env')).toBe('{{inputs.parameters.folder-prepare}}');
});

test('fails if there is no such parameter, naming those that are there', () => {
  expect(() => withParameters('{{inputs.parameters.folder-clean}}', VALUES, 'trial.env.DATA_PATH_clean')).toThrow(
    "'trial.env.DATA_PATH_clean' ({{inputs.parameters.folder-clean}}) must name a parameter that the run or step has (known: folder-prepare, live), declare it on the axon and synthesise again");
});

test('fails if the name is one that every object has', () => {
  expect(() => withParameters('{{workflow.parameters.constructor}}', { workflow: new Map() }, 'X')).toThrow("'X' ({{workflow.parameters.constructor}}) must name a parameter");
});

test('placeholders of a scope that the document has not stay', () => {
  expect(withParameters('{{inputs.parameters.live}}', { workflow: new Map() }, 'X')).toBe('{{inputs.parameters.live}}');
});

test('the list of MYELIN_PARAMETERS is read by name', () => {
  expect([...workflowParameters('[{"name":"event","value":"{}"},{"name":"delivery"}]')]).toEqual([['event', '{}'], ['delivery', '']]);
  expect(workflowParameters(undefined).size).toBe(0);
});

test.each(['{', '{"a":1}', '[1]', '[null]', '[{"value":"x"}]'])('fails if MYELIN_PARAMETERS is %s', (text) => {
  expect(() => workflowParameters(text)).toThrow(/^'MYELIN_PARAMETERS' \(.*\) must be a JSON list of objects with name and value/);
});

import { filled, workflowParameters } from '../../../src/tuning/study/placeholders.js';

const VALUES = {
  workflow: new Map([['rate', '0.5'], ['evil', '{{inputs.parameters.folder-prepare}}']]),
  inputs: new Map([['folder-prepare', '/var/lib/myelin/digits/prepare/run-1'], ['live', '']]),
};

test('parameters of the Workflow and arguments of the step are filled in, empty ones too', () => {
  expect(filled('{{workflow.parameters.rate}} {{ inputs.parameters.folder-prepare }}/x{{inputs.parameters.live}}', VALUES, 'env'))
    .toBe('0.5 /var/lib/myelin/digits/prepare/run-1/x');
});

test('braces of other kinds are the user\'s own', () => {
  expect(filled('{{item}} {x} {{ .Values.y }}', VALUES, 'env')).toBe('{{item}} {x} {{ .Values.y }}');
});

test('a value that looks like a reference is not filled in again', () => {
  expect(filled('{{workflow.parameters.evil}}', VALUES, 'env')).toBe('{{inputs.parameters.folder-prepare}}');
});

test('fails if there is no such parameter, naming those that are there', () => {
  expect(() => filled('{{inputs.parameters.folder-clean}}', VALUES, 'trial.env.DATA_PATH_clean')).toThrow(
    "'trial.env.DATA_PATH_clean' ({{inputs.parameters.folder-clean}}) must name a parameter that the step was given, use one of folder-prepare, live");
});

test('the list of MYELIN_PARAMETERS is read by name', () => {
  expect([...workflowParameters('[{"name":"event","value":"{}"},{"name":"delivery"}]')]).toEqual([['event', '{}'], ['delivery', '']]);
  expect(workflowParameters(undefined).size).toBe(0);
});

test.each(['{', '{"a":1}', '[1]', '[null]', '[{"value":"x"}]'])('fails if MYELIN_PARAMETERS is %s', (text) => {
  expect(() => workflowParameters(text)).toThrow(/^'MYELIN_PARAMETERS' \(.*\) must be a JSON list of objects with name and value/);
});

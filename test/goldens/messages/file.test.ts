import { AxonFile, AxonFileProps } from '../../../src';
import { edited, make } from '../../axon-file/digits';
import { messageOf, testChart } from '../../helpers/manifests';
import { expectGolden } from '../golden';
import { AXONS, DEPLOYERS, DOCUMENTS, FileCase, SENSORS_OF_FILES, TASKS, TUNINGS } from './files';
import { problemsOf, recordOf } from './recorder';

// The whole text is the claim: a rebuild of how problems are found and written must not change a message or its place.
test.each<[string, FileCase[]]>([
  ['documents', DOCUMENTS],
  ['axons', AXONS],
  ['tasks', TASKS],
  ['tunings', TUNINGS],
  ['deployers', DEPLOYERS],
  ['sensors', SENSORS_OF_FILES],
])('the messages of axon files about %s', (room, cases) => {
  expectGolden(`messages/file/${room}.txt`, recordOf(cases.map(([title, text]) => [title, problemsOf(text)])));
});

const UNKNOWN = edited('metadata:\n', 'metadata:\n  owner: me\n', '  name: digits  ', '  namespace: ml\n  name: Digits  ');
const load = (text: string) => () => AxonFile.parse(testChart(), text, 'axon.yaml');

test('the messages of axon files that are read with options, and as a whole', () => {
  const options: [string, AxonFileProps][] = [['lenient', { lenient: true }], ['strict', { strict: true }], ['in another namespace', { namespace: 'elsewhere' }]];

  expectGolden('messages/file/reading.txt', recordOf([
    ...options.map(([title, props]): [string, string[]] => [title, problemsOf(UNKNOWN, props)]),
    ['an unknown axon is made', [messageOf(() => new AxonFile(edited(), 'axon.yaml').make(testChart(), 'digit'))]],
    ['an axon is made of a file without one', [messageOf(() => new AxonFile('', 'axon.yaml').make(testChart(), 'digits'))]],
    ['a file does not exist', [messageOf(() => AxonFile.load(testChart(), '/nowhere/axon.yaml'))]],
    ['a file holds two axons', [messageOf(load(`${edited()}---\n${edited('  name: digits  ', '  name: other  ')}`))]],
    ['a file has a mistake', messageOf(load(UNKNOWN)).split('\n')],
    ['a file has several mistakes', messageOf(load(edited('kind: Axon\n', 'kind: Axon\nx: 1\ny: 2\n'))).split('\n')],
    ['a problem in a long line', make(edited('  name: digits  ', `  ${' '.repeat(150)}name: 1digits  # ${'x'.repeat(150)}`)).file.problems.flatMap((one) => AxonFile.format(one).split('\n'))],
    ['a secret in the line of a problem', make(edited('        command: [python, prepare.py]\n', '        command: [python, prepare.py]\n        env: [{name: API_KEY, value: abc}]\n')).file.problems.flatMap((one) => AxonFile.format(one).split('\n'))],
  ]));
});

test('the digits file itself has no message', () => {
  expect(problemsOf(edited())).toEqual([]);
});

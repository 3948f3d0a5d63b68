import { AxonFile } from '../../src';
import { edited, make, objectsOf, told } from './digits';

/** As small as an axon can be. */
const SMALL = `apiVersion: myelin.io/v1alpha1
kind: Axon
metadata: {name: small}
spec:
  tasks: [{name: a, container: {image: "i:1"}}]
  sensors: [{name: s, tasks: [{resourceExecutor: {task: a}}]}]
`;

const changed = (from: string, to: string) => SMALL.replace(from, () => to);

describe('what is no axon', () => {
  const NO_KIND = "must be Axon in one document at least, add 'apiVersion: myelin.io/v1alpha1' and 'kind: Axon'";

  test.each([
    ['fails if the file is empty', '', "1:1 error: 'file' (axon.yaml) is empty, write a document of 'kind: Axon'"],
    ['fails if the file is blank', ' \n\n', "1:1 error: 'file' (axon.yaml) is empty, write a document of 'kind: Axon'"],
    ['fails if the file holds comments only', '# nothing\n', `1:1 error: 'kind' (nothing) ${NO_KIND}`],
    ['fails if the file is binary', '\0\x01ELF', "1:1 error: 'file' (axon.yaml) is no text, name a YAML file"],
    ['fails if the file is a word', 'hello', `1:1 error: 'kind' (nothing) ${NO_KIND}`],
    ['fails if the file is a list', '- a\n- b\n', `1:1 error: 'kind' (nothing) ${NO_KIND}`],
    ['fails if the documents are of other kinds', 'kind: Service\n---\nkind: Job\n', `1:7 error: 'kind' (Service, Job) ${NO_KIND}`],
  ])('%s', (_title, text, problem) => {
    expect(told(text)).toEqual([problem]);
  });
});

describe('broken YAML', () => {
  test.each([
    ['fails if a tab indents', 'a:\n\tb: 1', '2:1 error: no valid YAML: tab characters must not be used in indentation, correct the syntax'],
    ['fails if a quote is open', 'a: "b', '1:6 error: no valid YAML: unexpected end of the stream within a double quoted scalar, correct the syntax'],
    ['fails if the indentation is uneven', 'a:\n  b: 1\n c: 2', '3:2 error: no valid YAML: bad indentation of a mapping entry, correct the syntax'],
    ['fails if lists nest without end', '['.repeat(200), '1:100 error: no valid YAML: nesting exceeded maxDepth (100), correct the syntax'],
    ['fails if a key stands twice', changed('kind: Axon', 'kind: Axon\nkind: Axon'), "3:1 error: 'kind' (key) stands twice in the same map, first in line 2, remove one"],
    ['fails if a key is a list', `? [a, b]\n: c\n${SMALL}`, "1:3 error: 'key' (a list) must be a text, write it as a plain word"],
    ['fails if a key is a map', `? {a: b}\n: c\n${SMALL}`, "1:3 error: 'key' (a map) must be a text, write it as a plain word"],
    ['fails if an alias has no anchor', changed('name: small', 'name: *other'), "3:18 error: '*other' (alias) refers to no anchor before it, mark the value with '&other'"],
    ['fails if an anchor holds itself', 'a: &a [*a]', "1:8 error: '*a' (alias) refers to no anchor before it, mark the value with '&a'"],
    ['fails if what is merged is no map', changed('{name: small}', '{<<: 3, name: small}'), "3:12 error: '<<' (a text) must be an alias of a map, or a list of such, write it as '<<: *name'"],
    ['fails if a tag is not of YAML', changed('name: small', 'name: !Ref small'), "3:23 error: '!Ref' (tag) means nothing here, remove it"],
  ])('%s', (_title, text, problem) => {
    expect(told(text)).toEqual([problem]);
  });

  test('fails soon if aliases multiply', () => {
    const levels = [...'bcdefghij'].map((name, level) => `${name}: &${name} [${Array(9).fill(`*${String.fromCharCode(97 + level)}`).join(',')}]`);

    expect(told(`a: &a [1,1,1,1,1,1,1,1,1]\n${levels.join('\n')}`)).toEqual([
      "6:11 error: 'file' (more than 200000 values) is too large, or its aliases multiply, divide it",
    ]);
  });
});

describe('YAML that is odd and right', () => {
  test.each([
    ['a byte order mark', `\uFEFF${SMALL}`],
    ['line ends of Windows', SMALL.replace(/\n/g, '\r\n')],
    ['marks around the document', `---\n${SMALL}...\n---\n`],
    ['tags of the core schema', changed('name: small', 'name: !!str small')],
    ['a task that is called like a room of the axon', SMALL.replace(/name: a\b/, 'name: tasks').replace('task: a', 'task: tasks')],
    ['a task that is called like the objects', SMALL.replace(/name: a\b/, 'name: Objects').replace('task: a', 'task: Objects')],
  ])('%s', (_title, text) => {
    expect(told(text)).toEqual([]);
  });

  test('anchors and merge keys', () => {
    const text = SMALL.replace('[{name: a, container: {image: "i:1"}}]', `
    - name: a
      container: &common {image: "i:1", resources: {limits: {cpu: 1}}}
    - name: b
      container:
        <<: *common
        image: j:2`);

    const [template] = objectsOf(text).filter(({ kind }) => kind === 'WorkflowTemplate');

    expect(template.spec.templates.filter(({ name }: any) => name.startsWith('task-')).map(({ container }: any) => [container.image, container.resources.limits]))
      .toEqual([['i:1', { cpu: '1' }], ['j:2', { cpu: '1' }]]);
  });

  test('a name of all objects in JavaScript is a value like any other', () => {
    const text = changed('"i:1"', '"i:1", env: [{name: __proto__, value: x}]');

    expect(JSON.stringify(objectsOf(text))).toContain('{"name":"__proto__","value":"x"}');
  });

  test('places count columns by lines of any end', () => {
    expect(told(SMALL.replace(/\n/g, '\r\n').replace('kind: Axon', 'kind: Axn'))).toEqual([
      "2:7 error: 'kind' (Axn) must be Axon in one document at least, add 'apiVersion: myelin.io/v1alpha1' and 'kind: Axon'",
    ]);
  });
});

describe('a problem', () => {
  const shown = (text: string) => make(text).file.problems.map((problem) => AxonFile.format(problem)).join('\n');

  test('shows the part of a long line that it is about', () => {
    const text = changed('"i:1"', `"i:1", args: [${Array(60).fill('word').join(', ')}], retries: some, env: []`);

    expect(shown(text)).toBe([
      "axon.yaml:5:424: error: 'retries' (some) must be a whole number, write a whole number",
      `    ...rd, ${'word, '.repeat(14)}word], retries: some, env: []}}]`,
      `${' '.repeat(111)}^~~~`,
    ].join('\n'));
  });

  test('keeps the tabs before what it is about', () => {
    expect(shown(changed('name: small', 'name:\t1x # y'))).toContain('    metadata: {name:\t1x # y}\n                    \t^');
  });

  test('does not show passwords', () => {
    const inAddress = shown(edited('repo: https://git.example.org', 'repo: https://me:hunter1@git.example.org'));
    const inVariable = shown(edited('endpointType: REST', 'endpointType: REST\n        env: [{name: DB_PASSWORD, value: hunter2}]'));

    expect(inAddress).toContain('repo: https://**********@git.example.org/ml/digits.git\n');
    expect(inVariable).toContain('[{name: DB_PASSWORD, value: *******}]\n');
    expect(inAddress + inVariable).not.toMatch(/hunter/);
  });

  test('does not reach the terminal as a command', () => {
    expect(shown(changed('name: small', 'name: "\\e[31m\\nsmall"'))).toContain("'name' (\uFFFD[31m\\nsmall) must be");
  });
});

import { Secret } from 'cdk8s-plus-27';
import { ContainerTask, Sensor } from '../../src';
import { emptyAxon, READY } from '../helpers/loop';
import { find, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';
import { secretValue } from '../helpers/secret-value';

function refusedEnv(env: Record<string, string>, parameters: Record<string, string> = {}): string[] {
  const { chart, axon } = emptyAxon({ parameters });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, env })] });
  return refusals(chart).map((text) => text.replace(/^work: /, ''));
}

test('variables come out sorted by name, whatever the order they were written in', () => {
  // GIVEN
  const { chart, axon } = emptyAxon();
  const task = new ContainerTask(axon, 'work', { image: READY, env: { ZEBRA: '1', ANT: '2' }, secretEnv: { MOLE_TOKEN: secretValue('moles', 'token') } });
  new Sensor(axon, 'start', { steps: [task] });

  // WHEN
  const names = templateOf(synthesise(chart), 'task-work').container.env.map(({ name }: { name: string }) => name);

  // THEN
  expect(names).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(['ANT', 'MOLE_TOKEN', 'ZEBRA']));
});

test('a secret variable is a reference, and its value is nowhere', () => {
  const { chart, axon } = emptyAxon();
  const task = new ContainerTask(axon, 'work', { image: READY, secretEnv: { API_TOKEN: secretValue('api', 'token') } });
  new Sensor(axon, 'start', { steps: [task] });

  expect(templateOf(synthesise(chart), 'task-work').container.env).toContainEqual({ name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } });
});

test('a value may refer to a parameter of the axon', () => {
  const { chart, axon } = emptyAxon({ parameters: { rows: '10' } });
  const task = new ContainerTask(axon, 'work', { image: READY, env: { ROWS: `at most ${axon.parameter('rows').valueAsString}` } });
  new Sensor(axon, 'start', { steps: [task] });

  expect(templateOf(synthesise(chart), 'task-work').container.env).toContainEqual({ name: 'ROWS', value: 'at most {{workflow.parameters.rows}}' });
});

test.each<[string, Record<string, string>, string]>([
  ['a variable has a dash in its name', { 'MY-VAR': '1' },
    "'env' (MY-VAR) must be the name of an environment variable: letters, digits and underscores, no digit first, rename it"],
  ['a variable is one that the loop sets', { MODEL_PATH: '/x' }, "'env' (MODEL_PATH) is set by the loop itself, use another name"],
  ['a variable begins like those of the loop', { MYELIN_X: '1' }, "'env' (MYELIN_X) is set by the loop itself, use another name"],
  ['a variable is the folder of a task', { DATA_PATH_work: '/x' }, "'env' (DATA_PATH_work) is set by the loop itself, use another name"],
  ['a secret stands in clear', { DB_PASSWORD: 'hunter2' },
    "'env' (DB_PASSWORD) reads as a secret, and manifests are readable, put the value into a Secret and name it in 'secretEnv'"],
  ['a value refers to something else than a parameter', { X: '{{workflow.uid}}' },
    "'env' (X: {{workflow.uid}}) may only refer to a parameter of the axon, write it as '{{workflow.parameters.NAME}}'"],
  ['a value holds an expression', { X: '{{=sprig.upper("a")}}' },
    "'env' (X: {{=sprig.upper(\"a\")}}) may only refer to a parameter of the axon, write it as '{{workflow.parameters.NAME}}'"],
  ['a value holds an expression with braces in it', { X: '{{=toJson({"a": 1})}}' },
    "'env' (X: {{=toJson({\"a\": 1})}}) may only refer to a parameter of the axon, write it as '{{workflow.parameters.NAME}}'"],
  ['a value refers to a parameter that does not exist', { X: '{{workflow.parameters.rows}}' },
    "'env' (X: {{workflow.parameters.rows}}) refers to 'rows', which is no parameter of the axon, declare it"],
  ['a reference does not close', { X: 'a {{workflow.name' },
    "'env' (X: a {{workflow.name) opens two braces that it does not close, write '{ {' where no reference is meant"],
])('fails if %s', (_, env, message) => {
  expect(refusedEnv(env)).toEqual([message]);
});

test('fails if a value refers to a misspelt parameter, and lists those that exist', () => {
  expect(refusedEnv({ X: '{{ workflow.parameters.row }}' }, { rows: '1', columns: '2' }))
    .toEqual(["'env' (X: {{ workflow.parameters.row }}) refers to 'row', which is no parameter of the axon, declare it, or use one of columns, rows"]);
});

test('fails if an argument refers to a parameter that does not exist', () => {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, args: ['--rows={{workflow.parameters.rows}}'] })] });

  expect(refusals(chart)).toEqual(["work: 'args' ({{workflow.parameters.rows}}) refers to 'rows', which is no parameter of the axon, declare it"]);
});

test('a single brace is a text like any other', () => {
  expect(refusedEnv({ X: '{ "json": {"a": 1} }' })).toEqual([]);
});

test('an empty value that sounds like a secret is none', () => {
  expect(refusedEnv({ DB_PASSWORD: '' })).toEqual([]);
});

test('fails if a variable is both plain and secret', () => {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, env: { X: '1' }, secretEnv: { X: secretValue('api', 'x') } })] });

  expect(refusals(chart)).toEqual(["work: 'secretEnv' (X) is set twice, use another name"]);
});

test('a secret variable can refer to a Secret that the app creates', () => {
  const { chart, axon } = emptyAxon();
  const secret = new Secret(chart, 'api', { stringData: { key: 'x' } });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY, secretEnv: { API_TOKEN: { secret, key: 'key' } } })] });
  const objects = synthesise(chart);

  expect(templateOf(objects, 'task-work').container.env).toContainEqual(
    { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: find(objects, 'Secret').metadata.name, key: 'key' } } });
});

test.each<[string, string, string, string]>([
  ['the name of a Secret has an underscore', 'my_secret', 'key', "'secretEnv.API_TOKEN.secret' (my_secret) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'my-secret'"],
  ['the key of a Secret has a slash', 'secret', 'a/b', "'secretEnv.API_TOKEN.key' (a/b) must consist of letters, digits, '-', '_' and '.', use 'a-b'"],
])('fails if %s', (_, name, key, message) => {
  expect(messageOf(() => new ContainerTask(emptyAxon().axon, 'work', { image: READY, secretEnv: { API_TOKEN: secretValue(name, key) } }))).toBe(message);
});

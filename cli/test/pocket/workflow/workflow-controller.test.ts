import { jest } from '@jest/globals';
import { dag, Lab, step, until } from './lab.js';

jest.setTimeout(60_000);

let lab: Lab;

beforeEach(async () => {
  lab = await new Lab().start();
});

afterEach(() => lab.close());

const OUT = { outputs: { parameters: [{ name: 'word', valueFrom: { path: '/out/word' } }] } };
const OUT_OR = { outputs: { parameters: [{ name: 'word', valueFrom: { path: '/out/word', default: 'none' } }] } };

function input(pod: { spec: { containers: { env: { name: string; value: string }[] }[] } } | { [key: string]: any }): string {
  return pod.spec.containers[0]!.env.find(({ name }: { name: string }) => name === 'WORD')!.value;
}

const SAY = step('say', {
  inputs: { parameters: [{ name: 'word' }] }, container: { image: 'any', env: [{ name: 'WORD', value: '{{inputs.parameters.word}}' }] },
});

test('a step has a Pod as Argo makes it', async () => {
  lab.objects.create(dag('one', [{ name: 'only', template: 'run' }], [], {
    serviceAccountName: 'runner',
    securityContext: { runAsUser: 1000 },
    podMetadata: { labels: { team: 'ml' } },
    podSpecPatch: 'containers: [{name: wait}]',
    templates: [{ name: 'main', dag: { tasks: [{ name: 'only', template: 'run' }] } }, step('run', {
      activeDeadlineSeconds: 60,
      container: { image: 'any', command: ['true'], volumeMounts: [{ name: 'out', mountPath: '/out' }] },
      volumes: [{ name: 'out', emptyDir: {} }, { name: 'unused', emptyDir: {} }],
      inputs: { artifacts: [{ name: 'source', path: '/src', git: { repo: 'https://git.example.org/a.git', revision: '4f1c2d0' } }] },
    })],
  }));
  await lab.ended('one');
  const { metadata, spec } = lab.ran[0]!.pod;
  expect(metadata.name).toMatch(/^one-run-\d+$/);
  expect(metadata.labels).toMatchObject({ 'workflows.argoproj.io/workflow': 'one', 'workflows.argoproj.io/completed': 'false', 'team': 'ml' });
  expect(metadata.annotations).toMatchObject({ 'workflows.argoproj.io/node-name': 'one.only' });
  expect(metadata.ownerReferences![0]).toMatchObject({ kind: 'Workflow', name: 'one', uid: lab.workflow('one')!.metadata.uid, controller: true });
  expect(spec).toMatchObject({
    restartPolicy: 'Never',
    serviceAccountName: 'runner',
    securityContext: { runAsUser: 1000 },
    activeDeadlineSeconds: 60,
    containers: [{ name: 'main', volumeMounts: [{ name: 'out', mountPath: '/out' }, { name: 'input-artifact-source', mountPath: '/src' }] }],
    volumes: [{ name: 'out', emptyDir: {} }, { name: 'input-artifact-source', hostPath: { path: '/checkouts/https://git.example.org/a.git' } }],
  });
});

test('outputs reach the steps that wait for them, whatever is in them', async () => {
  const word = '{"a": "it\'s \\"x\\"", "b": "{{workflow.name}} }} {{"}\nsecond line\n';
  lab.script = ({ node }) => (node === 'first' ? { files: { '/out/word': word } } : {});
  lab.objects.create(dag('words', [
    { name: 'first', template: 'first' },
    { name: 'then', template: 'say', depends: 'first', arguments: { parameters: [{ name: 'word', value: '<{{tasks.first.outputs.parameters.word}}>' }] } },
  ], [step('first', OUT), SAY]));
  await lab.ended('words');
  expect(input(lab.ran[1]!.pod)).toBe(`<${word.slice(0, -1)}>`);
});

test('parameters of a Workflow are those of its template with its own over them', async () => {
  lab.objects.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'WorkflowTemplate',
    metadata: { name: 'shared', namespace: 'default' },
    spec: {
      entrypoint: 'other',
      arguments: { parameters: [{ name: 'delivery', value: '' }, { name: 'event', value: '{}' }] },
      templates: [step('run', {
        container: {
          image: 'any',
          env: [
            { name: 'WORD', value: '{{workflow.parameters.event}}' }, { name: 'ALL', value: '{{workflow.parameters}}' },
            { name: 'RUN', value: '{{workflow.name}} {{ workflow.namespace }} {{workflow.uid}}' },
          ],
        },
      })],
    },
  });
  const event = '{"id":"1","text":"{{workflow.parameters.delivery}} \\"quoted\\""}';
  lab.objects.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'mine', namespace: 'default' },
    spec: { entrypoint: 'run', workflowTemplateRef: { name: 'shared' }, arguments: { parameters: [{ name: 'event', value: event }] } },
  });
  await lab.ended('mine');
  const env = Object.fromEntries(lab.ran[0]!.pod.spec.containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]));
  expect(env.WORD).toBe(event);
  expect(JSON.parse(env.ALL)).toEqual([{ name: 'delivery', value: '' }, { name: 'event', value: event }]);
  expect(env.RUN).toBe(`mine default ${lab.workflow('mine')!.metadata.uid}`);
});

test('a skipped task counts for a bare name, not for Succeeded, and gives its defaults', async () => {
  lab.objects.create(dag('skips', [
    { name: 'skipped', template: 'first', when: "'no' == 'pass'" },
    { name: 'bare', template: 'say', depends: 'skipped', arguments: { parameters: [{ name: 'word', value: '{{tasks.skipped.outputs.parameters.word}}' }] } },
    { name: 'strict', template: 'run', depends: 'skipped.Succeeded', when: "'{{tasks.skipped.outputs.parameters.word}}' == 'x'" },
    { name: 'after', template: 'run', depends: 'strict.Succeeded', when: "'{{tasks.strict.outputs.parameters.nothing}}' == 'x'" },
    { name: 'told', template: 'run', depends: 'after.Omitted' },
  ], [step('first', OUT_OR), SAY]));
  const { status } = await lab.ended('skips');
  expect(status!.phase).toBe('Succeeded');
  expect(lab.phases('skips')).toEqual({ skipped: 'Skipped', bare: 'Succeeded', strict: 'Omitted', after: 'Omitted', told: 'Succeeded' });
  expect(input(lab.ran.find(({ node }) => node === 'bare')!.pod)).toBe('none');
  expect(lab.node('skips', 'skipped')!.message).toBe("when ''no' == 'pass'' evaluated false");
});

test('the output of a skipped task without a default is no value, but an input may have one', async () => {
  const argument = { parameters: [{ name: 'word', value: '{{tasks.skipped.outputs.parameters.word}}' }] };
  lab.objects.create(dag('absent', [
    { name: 'skipped', template: 'first', when: 'false' },
    { name: 'asks', template: 'say', depends: 'skipped', arguments: argument },
    { name: 'copes', template: 'cope', depends: 'skipped', arguments: argument },
    { name: 'mixes', template: 'cope', depends: 'skipped', arguments: { parameters: [{ name: 'word', value: 'x-{{tasks.skipped.outputs.parameters.word}}' }] } },
  ], [step('first', OUT), SAY, step('cope', { inputs: { parameters: [{ name: 'word', default: 'own' }] } })]));
  const { status } = await lab.ended('absent');
  expect(status!.phase).toBe('Error');
  expect(lab.phases('absent')).toEqual({ skipped: 'Skipped', asks: 'Error', copes: 'Succeeded', mixes: 'Error' });
  expect(lab.node('absent', 'asks')!.message).toContain('absent optional');
});

test('the phase is that of the tasks that nothing waits for', async () => {
  lab.script = ({ node }) => (node === 'fails' ? { exit: 1 } : {});
  lab.objects.create(dag('caught', [{ name: 'fails', template: 'run' }, { name: 'catch', template: 'run', depends: 'fails.Failed' }]));
  lab.objects.create(dag('uncaught', [{ name: 'fails', template: 'run' }, { name: 'next', template: 'run', depends: 'fails.Succeeded' }]));
  expect((await lab.ended('caught')).status!.phase).toBe('Succeeded');
  expect((await lab.ended('uncaught')).status!.phase).toBe('Failed');
  expect(lab.phases('uncaught')).toEqual({ fails: 'Failed', next: 'Omitted' });
  expect(lab.node('uncaught', 'fails')!.message).toBe('main: Error (exit code 1)');
});

test('fails if a step leaves out an output that has no default', async () => {
  lab.objects.create(dag('silent', [{ name: 'first', template: 'first' }], [step('first', OUT)]));
  expect((await lab.ended('silent')).status!.phase).toBe('Error');
  expect(lab.node('silent', 'first')!.message).toBe("output parameter 'word' was not written to /out/word: no such file");
});

describe('retries', () => {
  const retried = (retryStrategy: object): object[] => [step('again', { retryStrategy: { backoff: { duration: '5ms', factor: '2' }, ...retryStrategy } })];
  const run = async (strategy: object, ...acts: object[]): Promise<{ phase: string; attempts: number; message?: string }> => {
    lab.script = () => acts[Math.min(lab.ran.length - 1, acts.length - 1)]!;
    lab.objects.create(dag('retry', [{ name: 'again', template: 'again' }], retried(strategy)));
    const { status } = await lab.ended('retry');
    return { phase: status!.phase, attempts: lab.ran.length, message: lab.node('retry', 'again')!.message };
  };

  test('OnError retries a lost machine and no exit code', async () => {
    expect(await run({ limit: '5', retryPolicy: 'OnError' }, { lost: true }, { lost: true }, { exit: 1 })).toEqual({
      phase: 'Failed', attempts: 3, message: 'main: Error (exit code 1)',
    });
  });

  test('OnFailure, the default, retries an exit code and no lost machine', async () => {
    expect(await run({ limit: 5 }, { exit: 1 }, { lost: true })).toMatchObject({ phase: 'Error', attempts: 2 });
  });

  test('Always retries both until the limit', async () => {
    expect(await run({ limit: '3', retryPolicy: 'Always' }, { exit: 1 }, { lost: true }, { exit: 2 })).toEqual({
      phase: 'Failed', attempts: 4, message: 'No more retries left',
    });
  });

  test('an expression ends it: 65 says that no retry helps', async () => {
    const strategy = { limit: '10', retryPolicy: 'Always', expression: 'asInt(lastRetry.exitCode) != 65' };
    expect(await run(strategy, { exit: 1 }, { exit: 65 })).toEqual({ phase: 'Failed', attempts: 2, message: 'retryStrategy.expression evaluated to false' });
  });

  test('a lost machine has no exit code, so the expression does not end it', async () => {
    expect(await run({ limit: '10', retryPolicy: 'Always', expression: 'asInt(lastRetry.exitCode) != 65' }, { lost: true }, {})).toMatchObject({ phase: 'Succeeded', attempts: 2 });
  });

  test('no attempt begins after maxDuration, counted from the first', async () => {
    expect(await run({ limit: '10', retryPolicy: 'Always', backoff: { duration: '1h', maxDuration: '1m' } }, { exit: 1 })).toEqual({
      phase: 'Failed', attempts: 1, message: 'Backoff would exceed max duration limit',
    });
  });

  test('a pod that is deleted counts as lost', async () => {
    lab.script = () => ({ hangs: lab.ran.length === 1 });
    lab.objects.create(dag('gone', [{ name: 'again', template: 'again' }], retried({ limit: '2', retryPolicy: 'OnError' })));
    const pod = await until('the pod', () => lab.ran[0]?.pod);
    await until('the node to run', () => lab.node('gone', 'again(0)')?.phase === 'Running');
    lab.objects.remove({ kind: 'Pod', namespace: 'default', name: pod.metadata.name });
    expect((await lab.ended('gone')).status!.phase).toBe('Succeeded');
    expect(lab.node('gone', 'again(0)')).toMatchObject({ phase: 'Error', message: 'pod deleted' });
  });

  test('code that cannot be fetched is an error that is tried again', async () => {
    await lab.close();
    let tries = 0;
    lab = await new Lab({
      sources: {
        checkout: async () => {
          if (tries++ === 0) throw new Error("'https://git.example.org/a.git' could not be reached");
          return '/code';
        },
      },
    }).start();
    lab.objects.create(dag('fetch', [{ name: 'build', template: 'build' }], [step('build', {
      retryStrategy: { limit: 2, retryPolicy: 'Always', backoff: { duration: '5ms' } },
      inputs: { artifacts: [{ name: 'source', path: '/src', git: { repo: 'https://git.example.org/a.git' } }] },
    })]));
    expect((await lab.ended('fetch')).status!.phase).toBe('Succeeded');
    expect(lab.node('fetch', 'build(0)')).toMatchObject({ phase: 'Error', message: "'https://git.example.org/a.git' could not be reached" });
  });
});

test('an exit hook runs when its expression says so, before what waits for its task', async () => {
  lab.script = ({ node }) => (node === 'fails' ? { exit: 1 } : {});
  const hooks = (task: string): object => ({
    exit: { template: 'say', expression: `tasks["${task}"].status in ["Failed", "Error"]`, arguments: { parameters: [{ name: 'word', value: `${task} {{tasks.${task}.status}}` }] } },
  });
  lab.objects.create(dag('hooks', [
    { name: 'fails', template: 'run', hooks: hooks('fails') },
    { name: 'works', template: 'run', hooks: hooks('works') },
    { name: 'after', template: 'run', depends: 'fails.Failed' },
  ], [SAY]));
  expect((await lab.ended('hooks')).status!.phase).toBe('Succeeded');
  const steps = lab.steps('hooks');
  expect(steps.filter((name) => name.endsWith('.onExit'))).toEqual(['fails.onExit']);
  expect(steps.indexOf('after')).toBeGreaterThan(steps.indexOf('fails.onExit'));
  expect(input(lab.ran.find(({ node }) => node === 'fails.onExit')!.pod)).toBe('fails Failed');
});

test('the exit handler of a Workflow runs whatever became of it', async () => {
  lab.script = ({ node }) => (node === 'fails' ? { exit: 1 } : {});
  const end = step('end', { container: { image: 'any', env: [{ name: 'WORD', value: '{{workflow.status}}' }, { name: 'WHY', value: '{{workflow.failures}}' }] } });
  lab.objects.create(dag('handled', [{ name: 'fails', template: 'run' }], [end], { onExit: 'end' }));
  expect((await lab.ended('handled')).status!.phase).toBe('Failed');
  const { pod } = lab.ran.at(-1)!;
  expect(input(pod)).toBe('Failed');
  expect(JSON.parse(pod.spec.containers[0].env[1].value)).toContainEqual(expect.objectContaining({ displayName: 'fails', phase: 'Failed' }));
});

test('a DAG in a DAG hands on its outputs', async () => {
  lab.script = ({ node }) => (node.endsWith('.inner') ? { files: { '/out/word': 'deep' } } : {});
  lab.objects.create(dag('nested', [
    { name: 'outer', template: 'sub', arguments: { parameters: [{ name: 'ask', value: 'what' }] } },
    { name: 'last', template: 'say', depends: 'outer', arguments: { parameters: [{ name: 'word', value: '{{tasks.outer.outputs.parameters.answer}}' }] } },
  ], [SAY, step('first', { ...OUT, inputs: { parameters: [{ name: 'ask' }] } }), {
    name: 'sub',
    inputs: { parameters: [{ name: 'ask' }] },
    dag: { tasks: [{ name: 'inner', template: 'first', arguments: { parameters: [{ name: 'ask', value: '{{inputs.parameters.ask}}' }] } }] },
    outputs: { parameters: [{ name: 'answer', valueFrom: { parameter: '{{tasks.inner.outputs.parameters.word}}' } }] },
  }]));
  expect((await lab.ended('nested')).status!.phase).toBe('Succeeded');
  expect(input(lab.ran.at(-1)!.pod)).toBe('deep');
});

test('a Workflow that has run its time is ended, and so is one that is shut down', async () => {
  lab.script = () => ({ hangs: true });
  lab.objects.create(dag('late', [{ name: 'long', template: 'run' }, { name: 'next', template: 'run', depends: 'long' }], [], { activeDeadlineSeconds: 1 }));
  lab.objects.create(dag('shut', [{ name: 'long', template: 'run' }]));
  await until('both to run', () => lab.ran.length === 2);
  lab.objects.update({ kind: 'Workflow', namespace: 'default', name: 'shut' }, (object) => ({ ...object, spec: { ...object.spec, shutdown: 'Terminate' } }));
  expect((await lab.ended('shut')).status).toMatchObject({ phase: 'Failed', message: "Stopped with strategy 'Terminate'" });
  expect((await lab.ended('late')).status!.phase).toBe('Failed');
  expect(lab.node('late', 'long')!.message).toBe('Step exceeded its deadline');
  expect(lab.objects.list('Pod')).toEqual([]);
});

describe('what is not supported is refused by its field', () => {
  test.each([
    ['spec.synchronization', { synchronization: { mutexes: [{ name: 'a' }] } }, {}],
    ['spec.suspend', { suspend: true }, {}],
    ['spec.podSpecPatch.containers[0]', { podSpecPatch: 'containers: [{name: main, image: other}]' }, {}],
    ['spec.podSpecPatch.hostNetwork', { podSpecPatch: 'hostNetwork: true' }, {}],
    ['spec.podSpecPatch', { podSpecPatch: 'containers: [' }, {}],
    ['spec.podSpecPatch', { podSpecPatch: '# nothing but a comment\nnull' }, {}],
    ['spec.podSpecPatch', { podSpecPatch: 'wait' }, {}],
    ['spec.podSpecPatch', { podSpecPatch: '[{name: wait}]' }, {}],
    ['spec.podSpecPatch.containers', { podSpecPatch: 'containers: wait' }, {}],
    ['spec.podSpecPatch.containers[0]', { podSpecPatch: 'containers: [null]' }, {}],
    ['spec.templates[0].dag.tasks[0].withItems', {}, { withItems: [1, 2] }],
    ['spec.templates[0].dag.tasks[0].templateRef', {}, { templateRef: { name: 'a', template: 'b' } }],
  ])('fails if %s is given', async (path, spec, task) => {
    lab.objects.create(dag('no', [{ name: 'only', template: 'run', ...task }], [], spec));
    const { status } = await lab.ended('no');
    expect(status).toMatchObject({ phase: 'Error', message: expect.stringContaining(`'${path}' (`) });
    expect(lab.warnings.join()).toContain(path);
    expect(lab.ran).toEqual([]);
  });

  test('a patch that places a pod and shapes the containers of Argo has no effect here', async () => {
    const patch = 'containers: [{name: wait, resources: {requests: {cpu: 10m}}}]\nruntimeClassName: "gvisor"\ntopologySpreadConstraints: [{"maxSkew":1}]\n';
    lab.objects.create(dag('placed', [{ name: 'only', template: 'run' }], [step('run', { podSpecPatch: patch, tolerations: [{ operator: 'Exists' }], priorityClassName: 'batch' })], { podSpecPatch: patch }));
    expect((await lab.ended('placed')).status!.phase).toBe('Succeeded');
  });

  test('a blank patch changes nothing', async () => {
    lab.objects.create(dag('blank', [{ name: 'only', template: 'run' }], [step('run', { podSpecPatch: ' \n' })], { podSpecPatch: '' }));
    expect((await lab.ended('blank')).status!.phase).toBe('Succeeded');
  });

  test('a template of another kind counts when it is reached', async () => {
    const templates = [{ name: 'pause', suspend: {} }];
    lab.objects.create(dag('reaches', [{ name: 'only', template: 'pause' }], templates));
    lab.objects.create(dag('spares', [{ name: 'only', template: 'run' }], templates));
    expect((await lab.ended('reaches')).status!.message).toContain("'spec.templates[2]' ('pause' without container and dag)");
    expect((await lab.ended('spares')).status!.phase).toBe('Succeeded');
  });

  test('a template that is not there is an error', async () => {
    lab.objects.create({ ...dag('lone', []), spec: { entrypoint: 'main', workflowTemplateRef: { name: 'missing' } } });
    expect((await lab.ended('lone')).status).toMatchObject({ phase: 'Error', message: 'workflowtemplates.argoproj.io "missing" not found' });
  });

  test.each([
    ['{{tasks.first.outputs.parameters.nothing}}', 'failed to resolve {{tasks.first.outputs.parameters.nothing}}'],
    ['{{inputs.parameters.x', 'cannot find end tag'],
  ])('fails if a tag means nothing: %s', async (word, message) => {
    lab.objects.create(dag('tags', [
      { name: 'first', template: 'run' },
      { name: 'then', template: 'say', depends: 'first', arguments: { parameters: [{ name: 'word', value: word }] } },
    ], [SAY]));
    expect((await lab.ended('tags')).status!.phase).toBe('Error');
    expect(lab.node('tags', 'then')!.message).toContain(message);
  });
});

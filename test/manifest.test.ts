import { mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { ContainerTask, Platform, Sensor } from '../src';
import { digitsLoop, emptyAxon, READY, smallLoop } from './helpers/loop';
import { find, messageOf, refusals, synthesise, testChart, toYaml } from './helpers/manifests';

describe('a manifest of an axon', () => {
  test('can be patched after everything was declared', () => {
    const { chart, axon } = digitsLoop();

    axon.manifest('PrometheusRule').metadata.addLabel('team', 'vision');
    axon.manifest('NetworkPolicy').addJsonPatch(JsonPatch.add('/spec/ingress/-', { from: [{ namespaceSelector: {} }] }));

    const objects = synthesise(chart);
    expect(find(objects, 'PrometheusRule').metadata.labels).toMatchObject({ 'team': 'vision', 'myelin.io/axon': 'digits' });
    expect(find(objects, 'NetworkPolicy').spec.ingress.at(-1)).toEqual({ from: [{ namespaceSelector: {} }] });
  });

  test('can be patched before the declaration that makes it', () => {
    const { chart, axon } = emptyAxon();

    axon.manifest('CronWorkflow', 'digits-sweep').addJsonPatch(JsonPatch.replace('/spec/schedules/0', '0 * * * *'));
    axon.manifest('Workflow', 'digits-start').metadata.addAnnotation('owner', 'vision');
    new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY })] });

    const objects = synthesise(chart);
    expect(find(objects, 'CronWorkflow').spec.schedules).toEqual(['0 * * * *']);
    expect(find(objects, 'Workflow').metadata).toMatchObject({ name: expect.stringMatching(/^digits-start-[0-9a-f]{10}$/), annotations: { owner: 'vision' } });
  });

  test('keeps a field that is newer than the Kubernetes of cdk8s-plus', () => {
    const { chart, axon } = smallLoop();

    axon.manifest('Service', 'small-metrics').addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));

    expect(find(synthesise(chart), 'Service').spec.trafficDistribution).toBe('PreferClose');
  });

  test('is the same object whenever it is asked for', () => {
    const { axon } = smallLoop();

    expect(axon.manifest('Sensor')).toBe(axon.manifest('Sensor'));
  });

  test('keeps its patches over an early render and later declarations', () => {
    const { chart, axon, task } = smallLoop();
    const template = axon.manifest('WorkflowTemplate');
    template.addJsonPatch(JsonPatch.add('/spec/priority', 7));

    const early = template.toJson();
    new Sensor(axon, 'again', { triggers: [task.succeeded()], steps: [new ContainerTask(axon, 'report', { image: READY })] });
    const late = find(synthesise(chart), 'WorkflowTemplate');

    const names = (object: { spec: { templates: { name: string }[] } }) => object.spec.templates.map(({ name }) => name);
    expect(early.spec.priority).toBe(7);
    expect(names(early)).not.toContain('task-report');
    expect(late.spec.priority).toBe(7);
    expect(names(late)).toContain('task-report');
  });

  test('keeps its patches over a validation that failed', () => {
    const { chart, axon } = emptyAxon();
    axon.manifest('Sensor').metadata.addLabel('team', 'vision');

    expect(refusals(chart)).toEqual(["'sensors' (digits) are none, so nothing would ever run, add a Sensor"]);
    new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: READY })] });

    expect(find(synthesise(chart), 'Sensor').metadata.labels.team).toBe('vision');
  });

  test('shows the errors of its axon when it is rendered early', () => {
    const { axon } = emptyAxon();

    expect(messageOf(() => axon.manifest('Sensor').toJson())).toContain("'sensors' (digits) are none, so nothing would ever run, add a Sensor");
  });

  test('lets a label of the program win over ours, and ours over one of the chart', () => {
    const chart = testChart({ labels: { 'app.kubernetes.io/part-of': 'the chart', 'chart': 'test' } });
    const { axon } = smallLoop({}, chart);

    axon.manifest('Sensor').metadata.addLabel('app.kubernetes.io/name', 'mine');

    expect(find(synthesise(chart), 'Sensor').metadata.labels).toEqual({
      'app.kubernetes.io/name': 'mine',
      'app.kubernetes.io/part-of': 'small',
      'app.kubernetes.io/managed-by': 'cdk8s-myelin',
      'chart': 'test',
      'myelin.io/axon': 'small',
      'myelin.io/component': 'sensor',
    });
  });

  test('lets a label of the program win over ours also if the chart has the same one', () => {
    const { chart, axon } = smallLoop({}, testChart({ labels: { 'app.kubernetes.io/part-of': 'suite' } }));

    axon.manifest('Sensor').metadata.addLabel('app.kubernetes.io/part-of', 'suite');

    const objects = synthesise(chart);
    expect(find(objects, 'Sensor').metadata.labels['app.kubernetes.io/part-of']).toBe('suite');
    expect(find(objects, 'EventSource').metadata.labels['app.kubernetes.io/part-of']).toBe('small');
  });

  test('is the default child: a WorkflowTemplate', () => {
    const { axon } = smallLoop();

    expect(ApiObject.of(axon)).toBe(axon.manifest('WorkflowTemplate'));
  });

  test('does not change the order or the content of the others', () => {
    const plain = toYaml(synthesise(digitsLoop().chart));
    const { chart, axon } = digitsLoop();

    axon.manifest('Workflow', 'digits-start');
    axon.manifest('ConfigMap', 'digits-axon');
    axon.manifest('PersistentVolumeClaim', 'digits-store');

    expect(toYaml(synthesise(chart))).toBe(plain);
  });

  test('has its name in the files of one object each', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'manifest-'));
    const app = new App({ outdir, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    const { axon } = smallLoop({}, new Chart(app, 'test'));
    axon.manifest('Workflow', 'small-start').metadata.addLabel('team', 'vision');

    app.synth();

    const [file] = readdirSync(join(outdir, 'test')).filter((name) => name.startsWith('Workflow.'));
    expect(file).toMatch(/^Workflow\.small-start-[0-9a-f]{10}\.k8s\.yaml$/);
    expect(readFileSync(join(outdir, 'test', file), 'utf8')).toContain('team: vision');
  });

  test('can depend on another construct', () => {
    const { chart, axon } = smallLoop();
    const first = new ApiObject(chart, 'z', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first' } });

    axon.manifest('ServiceAccount', 'small-gate').addDependency(first);

    const names = synthesise(chart).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.indexOf('ConfigMap first')).toBeLessThan(names.indexOf('ServiceAccount small-gate'));
  });
});

describe('the objects of an axon', () => {
  const namesOf = (objects: { kind: string; metadata: { name: string } }[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  test('come before what depends on the axon, and the first render gives the order of the second', () => {
    const { chart, axon } = smallLoop();
    const after = new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'after' } });
    const before = new ApiObject(chart, 'b', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'before' } });
    after.addDependency(axon);
    axon.node.addDependency(before);

    const first = namesOf(synthesise(chart));

    expect(first[0]).toBe('ConfigMap before');
    expect(first.at(-1)).toBe('ConfigMap after');
    expect(namesOf(synthesise(chart))).toEqual(first);
  });

  test('are children of a construct whose list can be changed without effect', () => {
    const { chart, axon } = smallLoop();
    const plain = namesOf(synthesise(chart));

    axon.manifest('Sensor').node.scope!.node.children.reverse();

    expect(namesOf(synthesise(chart))).toEqual(plain);
  });

  test('can be found by a program that visits all constructs after the declarations', () => {
    const { chart } = smallLoop();

    chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct)).forEach((object) => ApiObject.of(object).metadata.addLabel('team', 'vision'));

    expect(synthesise(chart).every(({ metadata }) => metadata.labels.team === 'vision')).toBe(true);
  });
});

test('an object that a program adds to the axon comes before the objects of the axon', () => {
  const { chart, axon } = smallLoop();
  axon.manifest('Sensor');
  new ApiObject(axon, 'secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' } });

  expect(synthesise(chart)[0]).toMatchObject({ kind: 'Secret', metadata: { name: 'login' } });
});

describe('asking for a manifest', () => {
  test('fails if nothing that is declared makes it', () => {
    const { chart, axon } = smallLoop();
    axon.manifest('PrometheusRule');

    expect(refusals(chart)).toEqual([
      "'manifest' (PrometheusRule/small) is not an object that any declaration creates, declare what creates it, or remove the call",
    ]);
  });

  test('fails if its id is near that of another one', () => {
    const { chart, axon } = smallLoop();
    axon.manifest('ServiceAccount', 'small-gates');

    expect(refusals(chart)).toEqual(["'manifest' (ServiceAccount/small-gates) is not an object that any declaration creates, did you mean 'small-gate'?"]);
  });

  test('fails if no object of the kind is ever made', () => {
    const { axon } = smallLoop();

    expect(messageOf(() => axon.manifest('PrometheusRules'))).toBe(
      "'kind' (PrometheusRules) is not the kind of any object that this library creates, did you mean 'PrometheusRule'?");
  });
});

test('a request after a synthesis is checked by the next one', () => {
  const { chart, axon } = smallLoop();
  synthesise(chart);

  axon.manifest('AlertmanagerConfig');

  expect(refusals(chart).join()).toContain("'manifest' (AlertmanagerConfig/small) is not an object that any declaration creates");
});

test('asking for a manifest fails if only the other construct creates its kind', () => {
  const { chart, axon } = smallLoop();
  const platform = new Platform(chart, 'platform');

  expect(messageOf(() => axon.manifest('EventBus', 'default'))).toBe(
    "'kind' (EventBus) is not the kind of any object that an axon creates, call 'manifest' of the platform");
  expect(messageOf(() => platform.manifest('Workflow', 'small-start'))).toBe(
    "'kind' (Workflow) is not the kind of any object that a platform creates, call 'manifest' of an axon");
});

test('an early render throws the problems of its axon as data', () => {
  const { axon } = emptyAxon();

  try {
    axon.manifest('Sensor').toJson();
  } catch (e) {
    expect((e as { problems: unknown }).problems).toMatchObject([{ code: 'no-sensors', severity: 'error', path: 'test/digits', prop: 'sensors' }]);
  }
  expect.assertions(1);
});

describe('a manifest of a platform', () => {
  test('can be patched', () => {
    const chart = testChart();
    const platform = new Platform(chart, 'platform');

    platform.manifest('EventBus', 'default').addJsonPatch(JsonPatch.replace('/spec/jetstream/version', '2.10.10'));
    platform.manifest('Job', 'myelin-bootstrap').metadata.addLabel('team', 'ml');

    const objects = synthesise(chart);
    expect(find(objects, 'EventBus').spec.jetstream.version).toBe('2.10.10');
    expect(find(objects, 'Job').metadata.labels.team).toBe('ml');
  });

  test('fails if the platform does not make it', () => {
    const chart = testChart();
    new Platform(chart, 'platform').manifest('Deployment', 'myelin-pushgateway');

    expect(refusals(chart)).toEqual([
      "'manifest' (Deployment/myelin-pushgateway) is not an object that any declaration creates, declare what creates it, or remove the call",
    ]);
  });
});

import { ApiObject, App, Chart, Cron, JsonPatch, Size } from 'cdk8s';
import { Axon, AxonFile, ContainerTask, Image, Platform, Sensor, Storage, Trigger } from '../../src';
import { smallLoop } from '../helpers/loop';
import { find, refusals, synthesise, testChart } from '../helpers/manifests';
import { secretValue } from '../helpers/secret-value';

const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);

beforeEach(() => emit.mockClear());
afterAll(() => emit.mockRestore());

/** The warnings of a synthesis of all charts. */
function warnings(...charts: Chart[]): unknown[] {
  synthesise(...charts);
  return emit.mock.calls.map(([text, options]) => {
    expect(options).toEqual({ type: 'MyelinWarning' });
    return text;
  });
}

/** Two charts of one app, each for the namespace `ml`. */
function twoCharts(app = new App()): [Chart, Chart] {
  return [new Chart(app, 'staging', { namespace: 'ml' }), new Chart(app, 'production', { namespace: 'ml' })];
}

function daily(name: string, axon: Axon, task: ContainerTask): void {
  new Sensor(axon, name, { triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '0', hour: '3' }) })], steps: [task] });
}

const TWINS = "'axonName' (digits) is also the name of the axon 'staging/digits' in namespace 'ml', "
  + "and one overwrites the other if the charts 'staging' and 'production' are applied to one cluster, "
  + "give one of them another 'axonName' or 'namespace'; if the charts are for different clusters, put them into two apps";

describe('in one chart', () => {
  test('fails if the names of two axons become one', () => {
    const chart = testChart();
    smallLoop({}, chart, 'FraudCheck');
    smallLoop({}, chart, 'fraud-check');

    expect(refusals(chart)).toEqual([
      "'axonName' (fraud-check) is also the name of the axon 'test/FraudCheck' in namespace 'default', give one of them another 'axonName' or 'namespace'",
    ]);
  });

  test('fails if two axons are given one name', () => {
    const chart = testChart();
    smallLoop({ axonName: 'fraud' }, chart, 'first');
    smallLoop({ axonName: 'fraud' }, chart, 'second');

    expect(refusals(chart)).toEqual([
      "'axonName' (fraud) is also the name of the axon 'test/first' in namespace 'default', give one of them another 'axonName' or 'namespace'",
    ]);
  });

  test('axons of one name live in different namespaces', () => {
    const chart = testChart();
    smallLoop({ namespace: 'team-a' }, chart, 'Digits');
    smallLoop({ namespace: 'team-b' }, chart, 'digits');

    expect(refusals(chart)).toEqual([]);
  });

  test('fails if a sensor of one axon and a sensor of another give a CronWorkflow one name', () => {
    const chart = testChart();
    const { axon: first, task } = smallLoop({}, chart, 'fraud');
    daily('eu-daily', first, task);
    const { axon: second, task: other } = smallLoop({}, chart, 'fraud-eu');
    daily('daily', second, other);

    expect(refusals(chart)).toEqual([
      "'object' (CronWorkflow default/fraud-eu-daily) is also created by the axon 'test/fraud', with other content, give one of the axons another 'axonName'",
    ]);
  });

  test('fails if two axons of different namespaces create a volume of one name', () => {
    const chart = testChart();
    smallLoop({ namespace: 'team-a', storage: Storage.hostPath('/data/one') }, chart, 'loop');
    smallLoop({ namespace: 'team', storage: Storage.hostPath('/data/two') }, chart, 'a-loop');

    expect(refusals(chart)).toEqual([
      "'object' (PersistentVolume team-a-loop-store) is also created by the axon 'test/loop', with other content, give one of the axons another 'axonName'",
    ]);
  });

  test('fails if two axons create a claim of one name', () => {
    const chart = testChart();
    const storage = Storage.claim({ size: Size.gibibytes(1), claimName: 'data' });
    smallLoop({ storage }, chart, 'first');
    smallLoop({ storage }, chart, 'second');

    expect(refusals(chart)).toEqual([
      "'object' (PersistentVolumeClaim default/data) is also created by the axon 'test/first', with other content, give one of the claims another 'claimName'",
    ]);
  });

  test('two axons can share the account of user code', () => {
    const chart = testChart();
    smallLoop({ serviceAccountName: 'ml-task' }, chart, 'first');
    smallLoop({ serviceAccountName: 'ml-task' }, chart, 'second');
    const shared = synthesise(chart).filter(({ metadata }) => metadata.name === 'ml-task').map((object) => JSON.stringify(object));

    expect(shared).toHaveLength(6);
    expect(new Set(shared).size).toBe(3);
  });

  test('two axons with different labels and annotations can share the account of user code, which has neither', () => {
    const chart = testChart();
    smallLoop({ serviceAccountName: 'ml-task', labels: { team: 'vision' }, annotations: { owner: 'a' } }, chart, 'first');
    smallLoop({ serviceAccountName: 'ml-task', labels: { team: 'speech' }, annotations: { owner: 'b' } }, chart, 'second');
    const objects = synthesise(chart);
    const shared = objects.filter(({ metadata }) => metadata.name === 'ml-task');

    expect(shared).toHaveLength(6);
    shared.forEach(({ metadata }) => expect([metadata.labels.team, metadata.annotations]).toEqual([undefined, undefined]));
    expect(find(objects, 'Role', 'second-gate').metadata).toMatchObject({ labels: { team: 'speech' }, annotations: { owner: 'b' } });
  });

  test('fails if two axons give a shared account different pull secrets', () => {
    const chart = testChart();
    const login = (name: string) => Platform.fromPlatformAttributes(chart, name, { registryCredentials: secretValue(name, '.dockerconfigjson') });
    smallLoop({ serviceAccountName: 'ml-task', platform: login('one') }, chart, 'first');
    smallLoop({ serviceAccountName: 'ml-task', platform: login('two') }, chart, 'second');

    expect(refusals(chart)).toEqual([
      "'object' (ServiceAccount default/ml-task) is also created by the axon 'test/first', with other content, give one of the axons another 'serviceAccountName'",
    ]);
  });

  test('fails if user code runs under the account of a step of another axon', () => {
    const chart = testChart();
    smallLoop({}, chart, 'first');
    smallLoop({ serviceAccountName: 'first-gate' }, chart, 'second');

    expect(refusals(chart)).toEqual([
      "'object' (ServiceAccount default/first-gate and 2 more) is also created by the axon 'test/first', with other content, give one of the axons another 'serviceAccountName'",
    ]);
  });

  test('fails if two platforms differ, as often as the chart is synthesised', () => {
    const chart = testChart();
    new Platform(chart, 'one');
    new Platform(chart, 'two', { eventBusReplicas: 5 });

    for (let attempt = 0; attempt < 2; attempt++) {
      expect(refusals(chart)).toEqual([
        "'object' (EventBus default/default) is also created by the platform 'test/one', with other content, create one Platform for the namespace, and give it to every axon",
      ]);
    }
  });

  test('two platforms can be equal', () => {
    const chart = testChart();
    new Platform(chart, 'one');
    new Platform(chart, 'two');

    expect(refusals(chart)).toEqual([]);
  });

  test('fails if a patch makes two equal objects differ', () => {
    const chart = testChart();
    new Platform(chart, 'one');
    new Platform(chart, 'two').manifest('EventBus', 'default').addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'ml' }));

    expect(refusals(chart)).toEqual([expect.stringMatching(/^'object' \(EventBus default\/default\) is also created by the platform 'test\/one', with other content/)]);
  });

  test('an axon can take the name of one that the program has removed', () => {
    const chart = testChart();
    smallLoop({}, chart, 'Digits');
    smallLoop({}, chart, 'digits');
    expect(refusals(chart)).toHaveLength(1);

    chart.node.tryRemoveChild('Digits');

    expect(refusals(chart)).toEqual([]);
  });
});

describe('across charts', () => {
  test('warns once of two axons of one name, and names both charts', () => {
    const charts = twoCharts();
    charts.forEach((chart) => smallLoop({}, chart, 'digits'));

    expect(warnings(...charts)).toEqual([`production/digits: ${TWINS}`]);
    expect(warnings(...charts)).toHaveLength(1);
  });

  test('compares each axon with the first of its name', () => {
    const app = new App();
    const charts = ['a', 'b', 'c'].map((id) => smallLoop({}, new Chart(app, id), 'digits').chart);

    expect(warnings(...charts)).toEqual([
      expect.stringMatching(/^b\/digits: 'axonName' \(digits\) is also the name of the axon 'a\/digits'/),
      expect.stringMatching(/^c\/digits: 'axonName' \(digits\) is also the name of the axon 'a\/digits'/),
    ]);
  });

  test('warns of axons that come from files', () => {
    const charts = twoCharts();
    charts.forEach((chart) => AxonFile.parse(chart, FILE, 'axon.yaml'));

    expect(warnings(...charts)).toEqual([`production/digits: ${TWINS}`]);
  });

  test('warns of two platforms that differ', () => {
    const [staging, production] = twoCharts();
    new Platform(staging, 'platform');
    new Platform(production, 'platform', { eventBusReplicas: 5 });

    expect(warnings(staging, production)).toEqual([
      "production/platform: 'object' (EventBus ml/default) is also created by the platform 'staging/platform', with other content, "
      + "and one overwrites the other if the charts 'staging' and 'production' are applied to one cluster, "
      + 'create one Platform for the namespace, and give it to every axon; if the charts are for different clusters, put them into two apps',
    ]);
  });

  test('does not warn of two platforms of the same content', () => {
    const charts = twoCharts();
    charts.forEach((chart) => new Platform(chart, 'platform'));

    expect(warnings(...charts)).toEqual([]);
  });

  test('warns of two equal platforms whose charts have different labels', () => {
    const app = new App();
    const charts = ['a', 'b'].map((id) => new Chart(app, id, { labels: { chart: id } }));
    charts.forEach((chart) => new Platform(chart, 'platform'));

    expect(warnings(...charts)).toEqual([expect.stringMatching(/^b\/platform: 'object' \(ServiceAccount default\/myelin-bootstrap and \d+ more\) is also created by the platform 'a\/platform'/)]);
  });

  test('does not compare two apps', () => {
    const charts = [twoCharts()[0], twoCharts()[1]];
    charts.forEach((chart) => smallLoop({}, chart, 'digits'));

    expect(warnings(...charts)).toEqual([]);
  });

  test('an error of a chart names the axon of that chart, beside the warning of another', () => {
    const charts = twoCharts();
    charts.forEach((chart) => smallLoop({}, chart, 'digits'));
    smallLoop({}, charts[1], 'Digits');

    expect(refusals(charts[1])).toEqual([
      "'axonName' (digits) is also the name of the axon 'production/digits' in namespace 'ml', give one of them another 'axonName' or 'namespace'",
    ]);
  });
});

describe('with the context myelin:strict', () => {
  const strict = () => {
    const app = new App();
    app.node.setContext('myelin:strict', true);
    return app;
  };

  test('fails if axons of two charts have one name, as often as it is synthesised', () => {
    const charts = twoCharts(strict());
    charts.forEach((chart) => smallLoop({}, chart, 'digits'));

    expect(refusals(charts[0])).toEqual([TWINS]);
    expect(refusals(charts[0])).toEqual([TWINS]);
    expect(emit).not.toHaveBeenCalled();
  });

  test('fails if platforms of two charts differ', () => {
    const [staging, production] = twoCharts(strict());
    new Platform(staging, 'platform');
    new Platform(production, 'platform', { eventBusReplicas: 5 });

    expect(refusals(production)).toEqual([expect.stringMatching(/^'object' \(EventBus ml\/default\) is also created by the platform 'staging\/platform'/)]);
  });

  test('fails if an axon has a warning of its own', () => {
    const chart = new Chart(strict(), 'chart');
    const axon = new Axon(chart, 'digits');
    new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'prepare', { image: Image.fromRegistry('images.example.org/prepare') })] });

    expect(refusals(chart)).toEqual(axon.warnings);
    expect(axon.warnings).toHaveLength(1);
  });

  test('fails if the file of an axon has a warning', () => {
    const chart = new Chart(strict(), 'chart');
    const odd = FILE.replace('work:1.0', 'work');

    expect(() => AxonFile.parse(chart, odd, 'axon.yaml')).toThrow(/axon.yaml:10:\d+: error: 'image' \(registry\.example\.org\/work\)/);
    expect(AxonFile.parse(testChart(), odd, 'axon.yaml').identifier).toBe('digits');
    expect(AxonFile.parse(testChart({}, 'other'), odd, 'axon.yaml', { strict: false }).identifier).toBe('digits');
  });

  test('can be set for one chart', () => {
    const [staging, production] = twoCharts();
    production.node.setContext('myelin:strict', true);
    smallLoop({}, staging, 'digits');
    smallLoop({}, production, 'digits');

    expect(refusals(staging)).toEqual([TWINS]);
  });

  test('fails if it is no boolean', () => {
    const app = new App();
    app.node.setContext('myelin:strict', 'yes');
    const { chart } = smallLoop({}, new Chart(app, 'chart'));

    expect(() => chart.toJson()).toThrow("'myelin:strict' (yes) must be true or false, write 'node.setContext(\"myelin:strict\", true)'");
  });
});

test('contents are rendered only where names are equal', () => {
  const app = new App();
  const charts = Array.from({ length: 20 }, (_, index) => smallLoop({}, new Chart(app, `chart-${index}`), `axon-${index}`).chart);
  const render = jest.spyOn(ApiObject.prototype, 'toJson');

  const objects = synthesise(...charts).length;

  expect(render).toHaveBeenCalledTimes(objects);
  render.mockRestore();
});

const FILE = `
apiVersion: myelin.io/v1alpha1
kind: Axon
metadata:
  name: digits
spec:
  tasks:
    - name: work
      container:
        image: registry.example.org/work:1.0
        command: [work]
  sensors:
    - name: start
      tasks: [{resourceExecutor: {task: work}}]
`;

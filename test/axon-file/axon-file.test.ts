import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import {
  AlertCondition, Axon, AxonFile, Backend, ContainerTask, Image, Model, ModelGraph, ModelSelection, ModelServer, Rollout, Route, Sensor, Source,
  Storage, TrainingTask, Trigger,
} from '../../src';
import { DIGITS, edited, fixture, make, objectsOf, told } from './digits';

const chart = () => new Chart(new App(), 'chart');

describe('an axon file', () => {
  test('becomes the objects that constructs would make', () => {
    // GIVEN
    const scope = chart();
    const axon = new Axon(scope, 'churn-risk', {
      serviceAccountName: 'myelin-minimal',
      parameters: { 'holdout-share': '0.25' },
      source: Source.git({ repository: 'https://git.example.org/growth/churn-risk.git', revision: '4f1c2d07a9b3' }),
      storage: Storage.claim({ claimName: 'churn-store', size: Size.gibibytes(2) }),
    });
    const clean = new ContainerTask(axon, 'CleanRecords', {
      image: Image.fromDockerfile('build/clean.Dockerfile', { repository: 'churn-clean' }),
      env: { HOLDOUT: axon.parameter('holdout-share').valueAsString },
    });
    const fit = new TrainingTask(axon, 'FitForest', {
      image: Image.fromDockerfile('build/fit.Dockerfile', { repository: 'churn-fit' }),
      metrics: ['churn_auc'],
      resources: { cpu: { request: Cpu.units(2) }, memory: { request: Size.gibibytes(2) } },
    });
    const server = new ModelServer(axon, 'ServeForest', {
      image: Image.fromSource('serve', { repository: 'churn-serve', builder: 'images.example.org/prediction-py3:1.0.0' }),
    });
    const deployer = new ModelGraph(axon, 'churn-deployer', {
      models: [Model.fromBackends('ChurnModel', { backends: [Backend.fromTraining('forest', { trainer: fit, server })], selection: ModelSelection.BEST })],
      replicas: 2,
      rollout: Rollout.generations({ newest: 90, previous: 10 }),
      routes: [Route.to('/predict', 'ChurnModel'), Route.to('/send-feedback', 'ChurnModel')],
    });
    new Sensor(axon, 'FirstTraining', { steps: [clean, fit] });
    new Sensor(axon, 'ShipForest', {
      triggers: [fit.succeeded().named('forest-fitted')],
      conditions: [fit.metric('churn_auc').above(0.78)],
      steps: [deployer.deploy()],
    });
    new Sensor(axon, 'RetrainOnDecay', {
      triggers: [Trigger.alert('auc-decayed', AlertCondition.promql('avg_over_time({{churn_live_auc}}[30m]) < 0.72'))],
      steps: [clean, fit],
    });

    // WHEN
    const objects = objectsOf(fixture('churn-risk.yaml'));

    // THEN
    expect(objects).toEqual(scope.toJson());
  });

  test('of every key becomes objects', () => {
    const kinds = objectsOf(fixture('everything.yaml')).map(({ kind }) => kind);

    expect(kinds).toEqual(expect.arrayContaining(['WorkflowTemplate', 'EventSource', 'Sensor', 'CronWorkflow', 'PrometheusRule', 'AlertmanagerConfig', 'VirtualService']));
  });

  test('of the second shape in circulation becomes objects, and its newest version is only mirrored', () => {
    const [model] = objectsOf(fixture('ticket-triage.yaml')).filter(({ metadata }) => metadata.name === 'ticket-triage-model-triage-deployer');

    expect(JSON.parse(model.data['model.json']).rollout).toEqual([
      { destinations: [{ generation: 0, weight: 0 }, { generation: 1, weight: 100 }], shadow: { generation: 0 } },
    ]);
  });

  test('in the readme gives the objects of the example', () => {
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    const [, text] = /```yaml\n(apiVersion: myelin.*?)```/s.exec(readme)!;

    expect(objectsOf(text)).toEqual(objectsOf(DIGITS));
  });

  test('keeps texts as they are written', () => {
    const objects = JSON.stringify(objectsOf(fixture('everything.yaml')));

    // A revision that YAML reads as 4.12e+13, a number with a leading zero, a date.
    expect(objects).toContain('"revision":"4120e10"');
    expect(objects).toContain('{"name":"LIMIT","value":"010"}');
    expect(objects).toContain('"2020-01-01"');
  });

  test('makes a rule for each of several matches', () => {
    const [model] = objectsOf(fixture('everything.yaml')).filter(({ metadata }) => metadata.name === 'every-thing-model-scorer');

    expect(JSON.parse(model.data['model.json']).rollout.map(({ match }: any) => match?.[0].headers)).toEqual([
      { 'x-tester': { exact: '1' } }, { 'x-team': { prefix: 'ml-' }, 'x-build': { regex: '[0-9]+' } }, undefined,
    ]);
  });

  test('may call a sensor like a task', () => {
    expect(told(edited('- name: start\n', '- name: train\n'))).toEqual([]);
  });

  test('may hold several axons, and documents of other kinds', () => {
    const { file, charts } = make(`kind: Service\n---\n${DIGITS}---\n${edited('  name: digits  ', '  name: other  ')}`);

    expect(file.axonNames).toEqual(['digits', 'other']);
    expect(charts).toHaveLength(2);
  });
});

describe('the namespace', () => {
  const inTeam = edited('  name: digits  ', '  name: digits\n  namespace: team  ');

  test('of the file wins over that of the chart', () => {
    const axon = AxonFile.parse(new Chart(new App(), 'chart', { namespace: 'other' }), inTeam, 'axon.yaml');

    expect(axon.namespace).toBe('team');
  });

  test('that is asked for is for files that name none', () => {
    expect(AxonFile.parse(chart(), DIGITS, 'axon.yaml', { namespace: 'team' }).namespace).toBe('team');
  });

  test('fails if the file names another than what is asked for', () => {
    expect(told(inTeam, { namespace: 'other' })).toEqual([
      "7:14 error: 'namespace' (team) is not the namespace asked for (other), leave it out, or do not ask for another",
    ]);
  });
});

describe('load', () => {
  test('makes the axon of a file', () => {
    const axon = AxonFile.load(chart(), join(__dirname, '..', '..', 'examples', 'digits', 'axon.yaml'));

    expect(axon.identifier).toBe('digits');
  });

  test('fails if the file is wrong, with everything that is wrong, by place', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'myelin-')), 'axon.yaml');
    writeFileSync(path, edited('name: digits-store', 'name: Digits_Store', 'weight: 80', 'weight: 81', 'lossMetric:', 'lossMetrik:'));

    expect(() => AxonFile.load(chart(), path)).toThrow([
      `${path} has 3 mistakes`,
      `${path}:19:13: error: 'name' (Digits_Store) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'digits-store'`,
      '          name: Digits_Store',
      '                ^~~~~~~~~~~~',
      `${path}:47:9: error: 'lossMetrik' (key) is no key of a train body, did you mean 'lossMetric'?`,
      '            lossMetrik: validation_accuracy   # what trials are compared by ...',
      '            ^~~~~~~~~~',
      `${path}:95:17: error: 'destinations' (81 + 20) must sum to 100, and sum to 101, change them so that they do`,
      '                  - destinations:',
      '                    ^~~~~~~~~~~~',
    ].join('\n'));
  });

  test('fails if there is no such file', () => {
    expect(() => AxonFile.load(chart(), '/no/such/axon.yaml')).toThrow("'path' (/no/such/axon.yaml) cannot be read (ENOENT), name a file that exists");
  });

  test('fails if the file holds several axons', () => {
    expect(() => AxonFile.parse(chart(), `${DIGITS}---\n${edited('  name: digits  ', '  name: other  ')}`, 'two.yaml'))
      .toThrow("'file' (two.yaml) holds 2 axons, read it by 'new AxonFile(…)' and make each by its name");
  });

  test('fails if an axon is made that the file does not hold', () => {
    expect(() => make(DIGITS).file.make(chart(), 'digit')).toThrow("'name' (digit) is no axon of the file, use one of digits");
    expect(() => make('').file.make(chart(), 'digit')).toThrow("'name' (digit) is no axon of the file, there is none");
  });

  test('fails if two axons of a file have one name', () => {
    expect(told(`${DIGITS}---\n${DIGITS}`)).toEqual(["130:9 error: 'name' (digits) is the name of another axon of the file, rename one of them"]);
  });
});

describe('how strict it is', () => {
  const unknown = edited('    - name: serve\n', '    - name: serve\n      colour: red\n');
  const odd = edited('        lossMetricSelector: greater       # ... and larger is better\n', '');

  test('unknown keys are warnings when lenient', () => {
    expect(told(unknown, { lenient: true }).map((line) => line.slice(0, 14))).toEqual(['65:7 warning: ']);
    expect(told(unknown).map((line) => line.slice(0, 12))).toEqual(['65:7 error: ']);
  });

  test('a misspelt key is not read as what it may mean when lenient', () => {
    expect(told(edited('lossMetric: ', 'lossMetrik: '), { lenient: true })).toEqual([
      "47:9 warning: 'lossMetrik' (key) is no key of a train body, did you mean 'lossMetric'?",
      "52:9 error: 'lossMetric' (nothing) is required beside 'hpTuning': trials are compared by it, add it",
    ]);
  });

  test('warnings are errors when strict', () => {
    expect(told(odd).map((line) => line.slice(0, 15))).toEqual(['47:21 warning: ']);
    expect(told(odd, { strict: true }).map((line) => line.slice(0, 13))).toEqual(['47:21 error: ']);
  });
});

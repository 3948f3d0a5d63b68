import { Chart, Cron, Duration, Size } from 'cdk8s';
import { Cpu, PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import {
  AlertCondition, AlertRetrainSensor, Axon, Backend, Condition, ContainerTask, DataCapture, Direction, HeaderMatch, HyperbandTuner, Image,
  ImageBuilder, Model, ModelGraph, ModelSelection, ModelServer, Objective, Parameter, Platform, PlatformAttributes, RandomSearchTuner,
  RetrainGuard, Rollout, RolloutRule, Route, Sensor, Source, Step, Storage, TrainingTask, Trigger,
} from '../../../src';
import { secretValue } from '../../helpers/secret-value';

/** Attributes that differ from every default. */
export const ATTRIBUTES: PlatformAttributes = {
  eventBus: 'events',
  gateway: 'edge/public',
  hosts: ['ml.example.org', 'models.example.org'],
  registry: 'registry.example.org/ml',
  registryCredentials: secretValue('registry-login', '.dockerconfigjson'),
  imageBuilder: ImageBuilder.buildkit('tcp://builder.tools.svc:1234'),
  prometheus: 'https://prometheus.example.org/',
  monitoringNamespace: 'observability',
  istioNamespace: 'mesh',
  monitoringLabels: { release: 'stack' },
  pushgateway: 'http://push.observability.svc:9091',
  webhookToken: secretValue('webhook', 'bearer'),
  alertToken: secretValue('alerts', 'bearer'),
};

/** An axon with every kind of task, tuner, trigger, condition and rollout rule. */
export function everything(chart: Chart): Axon {
  const axon = new Axon(chart, 'Scorer', {
    source: Source.git({
      repository: 'git@git.example.org:ml/scorer.git', revision: 'release/1.4', path: '/code', sshKey: secretValue('deploy-key', 'id_ed25519'),
    }),
    storage: Storage.claim({ size: Size.gibibytes(5), accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE, storageClassName: 'fast', claimName: 'scorer-data' }),
    parameters: { rows: '1000', since: '2020-01-01' },
    serviceAccountName: 'ml-pods',
    platform: Platform.fromPlatformAttributes(chart, 'platform', ATTRIBUTES),
    runtimeImage: 'registry.example.org/myelin/runtime:1.2.3',
  });
  const clean = new ContainerTask(axon, 'CleanRecords', {
    image: Image.fromRegistry('registry.example.org/ml/clean:1.2', { command: ['python', 'clean.py'] }),
    args: ['--rows={{workflow.parameters.rows}}'],
    env: { SINCE: '{{workflow.parameters.since}}', EMPTY: '' },
    secretEnv: { WAREHOUSE: secretValue('warehouse', 'password') },
    resources: {
      cpu: { request: Cpu.millis(500) },
      memory: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
      extendedResources: { 'nvidia.com/gpu': 1 },
    },
    pod: { nodeSelector: { 'example.org/zone': 'a', 'example.org/accelerator': 'l4' } },
    timeout: Duration.minutes(90),
    retries: 3,
    metrics: ['rows_kept'],
  });
  const report = new ContainerTask(axon, 'report', {
    image: Image.fromRegistry('registry.example.org/ml/report:2.0'), inputs: [clean], retries: 0,
  });
  const big = new TrainingTask(axon, 'fit', {
    image: Image.fromDockerfile('docker/Dockerfile', { context: 'fit', repository: 'scorer/fit', command: ['python', 'fit.py'] }),
    objective: Objective.minimize('dev_loss'),
    metrics: ['auc'],
    secretEnv: { WAREHOUSE: secretValue('warehouse', 'password') },
  });
  const small = new TrainingTask(axon, 'fit_small', {
    image: Image.fromDockerfile('Dockerfile', {
      source: Source.s3({
        endpoint: 's3.example.org:9000', bucket: 'models', key: 'base/small.tgz', path: '/models', accessKey: secretValue('s3', 'access'), secretKey: secretValue('s3', 'secret'),
      }),
    }),
    objective: Objective.maximize('auc'),
    inputs: [clean],
    env: { ROWS: '{{workflow.parameters.rows}}' },
  });
  const plain = new TrainingTask(axon, 'baseline', { image: Image.fromRegistry('registry.example.org/ml/baseline:1.0', { command: ['python', 'fit.py'] }) });
  new HyperbandTuner(axon, 'hyperband', {
    task: big,
    minBudget: 1,
    maxBudget: 20,
    brackets: 2,
    eta: 4,
    roundBudgets: true,
    concurrency: 4,
    seed: 7,
    space: {
      pooling: Parameter.categorical(['mean', 'max'], { default: 'mean' }),
      layers: Parameter.integer({ min: 1, max: 8, default: 2 }),
      rate: Parameter.float({ min: 0.001, max: 0.1, log: true, default: 0.01 }),
    },
  });
  new RandomSearchTuner(axon, 'random', { task: small, trials: 20, budget: 5, space: { rate: Parameter.float({ min: 0, max: 1 }) } });
  const serve = new ModelServer(axon, 'serve', {
    image: Image.fromSource('serve', { builder: 'registry.example.org/python:3.11' }),
    predictor: 'Scorer',
    env: { LOG_LEVEL: 'info' },
    secretEnv: { FEATURE_STORE: secretValue('features', 'password') },
    resources: { cpu: { limit: Cpu.units(2) }, memory: { limit: Size.gibibytes(2) } },
    pod: { nodeSelector: { 'example.org/zone': 'a' } },
  });
  const lean = new ModelServer(axon, 'serve_lean', { image: Image.fromRegistry('registry.example.org/ml/serve:1.0', { command: ['serve'] }) });
  const scorer = new ModelGraph(axon, 'scorer_model', {
    models: [Model.fromBackends('Scorer', {
      backends: [Backend.fromTraining('big', { trainer: big, server: serve, weight: 60 }), Backend.fromTraining('small', { trainer: small, server: lean, weight: 40 })],
      selection: ModelSelection.BEST,
    })],
    replicas: 2,
    revisionHistoryLimit: 4,
    rollout: Rollout.rules([
      RolloutRule.split({ weights: [100], match: [HeaderMatch.exact('x-tester', '1')] }),
      RolloutRule.split({ weights: [0, 100], match: [HeaderMatch.prefix('x-team', 'ml-'), HeaderMatch.regex('x-build', '[0-9]+')] }),
      RolloutRule.split({ weights: [0, 70, 30], shadow: 0 }),
    ]),
    routes: [Route.to('/score/', 'Scorer', { call: '/predict' }), Route.to('/send-feedback', 'Scorer')],
    capture: DataCapture.sampled({ rate: 0.5, retention: Duration.days(14), dropFields: ['customer.name', 'customer.address'] }),
  });
  const spare = new ModelGraph(axon, 'spare', {
    models: [Model.fromTraining('spare', { trainer: plain, server: lean, selection: ModelSelection.WEIGHTED })],
    routes: [Route.to('/spare', 'spare')],
  });

  new Sensor(axon, 'start', { steps: [clean, Step.parallel(big, small), plain] });
  new Sensor(axon, 'nightly', { triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '0', hour: '3' }), timeZone: 'Europe/Paris' })], steps: [big] });
  new Sensor(axon, 'often', {
    triggers: [Trigger.rest('asked'), Trigger.every('hours', Duration.hours(6))], steps: [clean], callParameters: ['since', 'rows'],
  });
  new Sensor(axon, 'failed', { triggers: [big.failed(), small.failed().named('lesser')], steps: [report] });
  new Sensor(axon, 'trained', {
    triggers: [big.succeeded(), small.succeeded()],
    conditions: [
      big.metric('auc').atLeast(0.78), small.metric('auc').above(0.7), big.metric('dev_loss').below(1), big.metric('dev_loss').atMost(0.9),
      Condition.betterThanLive(scorer, 'auc', { margin: 0.01, direction: Direction.MAXIMIZE }),
      Condition.promql('sum(rate(requests_total[5m])) > 1 and avg({{drift-score}}) < 0.5'),
    ],
    steps: [scorer.deploy()],
  });
  new Sensor(axon, 'baseline_trained', { triggers: [plain.succeeded()], steps: [spare.deploy(), report] });
  new Sensor(axon, 'drifted', {
    triggers: [Trigger.alert('drift', AlertCondition.promql('avg by (namespace) (avg_over_time({{drift_score}}[30m])) > 0.9'), { sustained: Duration.minutes(10) })],
    steps: [clean, big],
    guard: RetrainGuard.standard({ sameData: true }),
  });
  new AlertRetrainSensor(axon, 'decayed', {
    model: scorer,
    alert: scorer.accuracy({ window: Duration.minutes(10), minimumSamples: 50 }).below(0.8),
    sustained: Duration.seconds(90),
    steps: [clean, big],
    guard: RetrainGuard.standard({ cooldown: Duration.hours(1), runs: 3, per: Duration.days(2), backoff: 1.5 }),
  });
  return axon;
}

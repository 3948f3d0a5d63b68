import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import {
  Axon, AxonProps, ComputeResources, ContainerTask, Image, ImageBuilder, ITask, ModelServer, Objective, Platform, PlatformProps, Sensor,
  Source, Storage, TaskProps, TrainingTask,
} from '../../../src';
import { importedClaim } from '../../helpers/imported-claim';
import { DigitsLoop, importedPlatform, READY } from '../../helpers/loop';
import { testChart } from '../../helpers/manifests';
import { secretValue } from '../../helpers/secret-value';
import { Case } from './recorder';

/** A task, as an axon file names it. */
const named = (name: string): ITask => ({ taskName: name, identifier: name });
const axon = (title: string, id: string, props: AxonProps = {}): Case => [title, ({ chart }) => new Axon(chart, id, props)];
const platform = (title: string, props: PlatformProps): Case => [title, () => new Platform(testChart(), 'platform', props)];
const webhookToken = (title: string, name: string, key: string): Case => platform(title, { webhookToken: secretValue(name, key) });
const task = (title: string, props: Partial<TaskProps>, name = 'extra'): Case => [title, (loop) => (
  new ContainerTask(loop.axon, name, { image: READY, ...props }))];
const image = (title: string, reference: string): Case => task(title, { get image() { return Image.fromRegistry(reference); } });
const resources = (title: string, given: ComputeResources): Case => task(title, { resources: given });
const git = (title: string, repository: string, revision?: string, path?: string): Case => [title, () => Source.git({ repository, revision, path })];

/** A second axon in the chart. */
function twin({ chart }: DigitsLoop, props: AxonProps = {}): Axon {
  const other = new Axon(chart, 'other', props);
  new Sensor(other, 'start', { steps: [new ContainerTask(other, 'work', { image: READY })] });
  return other;
}

export const AXONS: Case[] = [
  axon('the name of an axon begins with a digit', '1st'),
  axon('the name of an axon has no letters', '_'),
  axon('the name of an axon is too long', 'x'.repeat(60)),
  axon('a parameter has a name with a dot', 'x', { parameters: { 'a.b': '1' } }),
  axon('a parameter has the name of a parameter of every run', 'x', { parameters: { event: '1' } }),
  axon('a parameter holds braces', 'x', { parameters: { a: 'x {{y}}' } }),
  axon('a parameter holds a control character', 'x', { parameters: { a: '\u0000' } }),
  axon('the service account has a name with capitals', 'x', { serviceAccountName: 'Ml_Pods' }),
  axon('the service account is one of the loop', 'x', { serviceAccountName: 'x-gate' }),
  axon('the service account has an empty name', 'x', { serviceAccountName: '' }),
  axon('the service account has a long name', 'x', { serviceAccountName: 'x'.repeat(64) }),
  axon('the service account has a name of signs', 'x', { serviceAccountName: '___' }),
  axon('the namespace has a name with capitals', 'x', { namespace: 'ML' }),
  axon('the platform lies in another namespace', 'x', { namespace: 'ml', platform: importedPlatform({ namespace: 'elsewhere' }) }),
  ['an axon without sensors', ({ chart }) => new Axon(chart, 'empty')],
  ['two axons make an object of one name', (loop) => twin(loop, { storage: Storage.claim({ size: Size.gibibytes(1), claimName: 'digits-store' }) })],
  ['two platforms of one namespace differ', ({ chart }) => [new Platform(chart, 'a'), new Platform(chart, 'b', { eventBusReplicas: 5 })]],
  ['an unknown parameter is asked for', (loop) => loop.axon.parameter('rows')],
  ['a task outside of an axon', ({ chart }) => new ContainerTask(chart, 'lost', { image: READY })],
];

export const PLATFORMS: Case[] = [
  platform('the event bus has two replicas', { eventBusReplicas: 2 }),
  platform('the event bus has no replica', { eventBusReplicas: 0 }),
  platform('the event bus has a half replica', { eventBusReplicas: 1.5 }),
  platform('the namespace has an underscore', { namespace: 'a_b' }),
  platform('the event bus has a name with capitals', { eventBus: 'Bus' }),
  platform('the gateway has three parts', { gateway: 'a/b/c' }),
  platform('the gateway has a name with capitals', { gateway: 'edge/Public' }),
  platform('there are no hosts', { hosts: [] }),
  platform('a host has a scheme', { hosts: ['https://example.org'] }),
  platform('a host has an empty label', { hosts: ['a..b'] }),
  platform('the registry has a scheme', { registry: 'https://registry.example.org' }),
  platform('the registry ends with a slash', { registry: 'registry.example.org/' }),
  platform('the address of Prometheus has no scheme', { prometheus: 'prometheus:9090' }),
  platform('the address of Prometheus has another scheme', { prometheus: 'ftp://prometheus' }),
  platform('the address of Prometheus holds a space', { prometheus: 'http://prometheus /' }),
  platform('the address of Prometheus has no host', { prometheus: 'http://' }),
  platform('the address of Prometheus has a bad port', { prometheus: 'http://prometheus:99999' }),
  platform('the address of Prometheus holds a password', { prometheus: 'http://me:secret@prometheus' }),
  platform('the address of the Pushgateway has no scheme', { pushgateway: 'push' }),
  platform('the monitoring namespace has capitals', { monitoringNamespace: 'Monitoring' }),
  platform('the namespace of Istio has capitals', { istioNamespace: 'Istio' }),
  ['the image builder has no address', () => ImageBuilder.buildkit('buildkitd')],
  webhookToken('a Secret has a name with capitals', 'Deploy_Key', 'id'),
  webhookToken('a Secret has an empty name', '', 'id'),
  webhookToken('a Secret has a name of signs', '_', 'id'),
  webhookToken('a Secret has a long name', 'x'.repeat(254), 'id'),
  webhookToken('the key of a Secret is empty', 's', ''),
  webhookToken('the key of a Secret is long', 's', 'x'.repeat(254)),
  webhookToken('the key of a Secret begins with two dots', 's', '..key'),
  webhookToken('the key of a Secret has a slash', 's', 'a/b'),
];

export const SOURCES: Case[] = [
  git('a repository is read over http', 'http://git.example.org/a/b.git'),
  git('a repository is read over git', 'git://git.example.org/a/b.git'),
  git('a repository is read over ftp', 'ftp://git.example.org/a/b.git'),
  git('a repository has no path', 'https://git.example.org/'),
  git('a repository has no host', 'https://'),
  git('a repository has a space', 'https://git.example.org/a b.git'),
  git('a repository holds a password', 'https://me:secret@git.example.org/a/b.git'),
  git('a revision begins with a dash', 'git@example.org:a/b.git', '-x'),
  git('a source is mounted at a relative path', 'git@example.org:a/b.git', 'main', './src'),
  git('a source is mounted at the root', 'git@example.org:a/b.git', 'main', '/.'),
  git('a source is mounted at a path with a colon', 'git@example.org:a/b.git', 'main', '/a:b'),
  git('a source is mounted above its folder', 'git@example.org:a/b.git', 'main', '/a/../b'),
  git('a source is mounted at a path with a backslash', 'git@example.org:a/b.git', 'main', '/a\\b'),
  git('a source is mounted at a path with a line break', 'git@example.org:a/b.git', 'main', '/a\nb'),
  git('a source is mounted at a path that ends with a space', 'git@example.org:a/b.git', 'main', '/a '),
  ['an S3 source has no endpoint', () => Source.s3({ endpoint: ' ', bucket: 'b', key: 'k' })],
  ['an S3 source has no bucket', () => Source.s3({ endpoint: 'e', bucket: '', key: 'k' })],
  ['an S3 source has no key', () => Source.s3({ endpoint: 'e', bucket: 'b', key: '' })],
  ['a folder of the node is a relative path', () => Storage.hostPath('data')],
  ['an existing claim has a name with capitals', () => Storage.fromClaim(importedClaim('Data'))],
  ['a claim has a name with an underscore', () => Storage.claim({ size: Size.gibibytes(1), claimName: 'a_b' })],
];

export const IMAGES: Case[] = [
  image('an image is empty', ''),
  image('an image has a space', 'a b'),
  image('an image has a scheme', 'https://registry.example.org/a:1'),
  image('an image has a registry that is no host', 'registry_.org:5000/a:1'),
  image('an image has capitals', 'registry.example.org/ML/a:1'),
  image('an image has a path with double dots', 'registry.example.org/a..b:1'),
  image('an image has a long name', `registry.example.org/${'a'.repeat(255)}:1`),
  image('an image is an image id', 'a'.repeat(64)),
  image('an image has a tag with a plus', 'a:1+2'),
  image('an image has a digest of an unknown kind', 'a@md5:12'),
  image('an image has a short digest', 'a@sha256:12'),
  image('an image has no tag', 'registry.example.org/a'),
  image('an image is tagged latest', 'registry.example.org/a:latest'),
  task('a task has no image', { image: undefined }),
  ['a training task has no image', (loop) => new TrainingTask(loop.axon, 'extra', { image: undefined as unknown as Image })],
  ['a model server has no image', (loop) => new ModelServer(loop.axon, 'extra', { image: undefined as unknown as Image })],
  ['an image is built from an absolute Dockerfile', () => Image.fromDockerfile('/Dockerfile')],
  ['an image is built from the root', () => Image.fromDockerfile('/')],
  ['an image is built above its source', () => Image.fromSource('../serve')],
  ['an image is built from an empty path', () => Image.fromDockerfile('')],
  ['a built image has a name with a tag', () => Image.fromDockerfile('Dockerfile', { repository: 'a:1' })],
  ['an image is built without a source', ({ chart }) => {
    const other = new Axon(chart, 'other');
    new Sensor(other, 'start', { steps: [new ContainerTask(other, 'a', { image: Image.fromDockerfile('Dockerfile') }), new ContainerTask(other, 'b', { image: Image.fromSource('b') })] });
  }],
  ['an image is built elsewhere from a branch', ({ chart }) => {
    const source = Source.git({ repository: 'git@example.org:a/b.git', revision: 'main' });
    const other = new Axon(chart, 'other', { source, platform: importedPlatform({ imageBuilder: ImageBuilder.external() }) });
    new Sensor(other, 'start', { steps: [new ContainerTask(other, 'a', { image: Image.fromDockerfile('Dockerfile') })] });
    throw new Error(other.warnings.join('\n'));
  }],
];

export const TASKS: Case[] = [
  task('the name of a task begins with a digit', {}, '1st'),
  task('the name of a task is too long', {}, 'x'.repeat(60)),
  task('two tasks become one name', {}, 'Prepare'),
  ['two tasks have one name in two scopes', (loop) => new ContainerTask(new ContainerTask(loop.axon, 'outer', { image: READY }), 'prepare', { image: READY })],
  task('a task has half a retry', { retries: 0.5 }),
  task('a task has a timeout of 0', { timeout: Duration.seconds(0) }),
  task('a task has a timeout of half a second', { timeout: Duration.millis(500) }),
  task('a metric has a space', { metrics: ['a b'] }),
  task('a metric is listed twice', { metrics: ['auc', 'auc'] }),
  task('a variable has a name with a dash', { env: { 'A-B': '1' } }),
  task('a variable is set by the loop', { env: { MODEL_PATH: '/x', MYELIN_X: '1', DATA_PATH_x: '1' } }),
  task('a variable reads as a secret', { env: { API_KEY: 'abc' } }),
  task('a variable refers to no parameter', { env: { A: '{{workflow.name}}' } }),
  task('a variable refers to an unknown parameter', { env: { A: '{{workflow.parameters.rows}}' } }),
  task('a variable does not close its braces', { env: { A: '{{workflow.parameters.rows' } }),
  task('an argument refers to no parameter', { args: ['{{inputs.parameters.x}}'] }),
  task('an argument refers to an unknown parameter', { args: ['--rows={{workflow.parameters.rows}}'] }),
  task('an argument does not close its braces', { args: ['{{'] }),
  task('a variable is set twice', { env: { A: '1' }, secretEnv: { A: secretValue('s', 'k') } }),
  task('a secret variable is set by the loop', { secretEnv: { HOME: secretValue('s', 'k') } }),
  task('a task reads the folder of a task that does not exist', { inputs: [named('prepair')] }),
  ['a task reads its own folder and that of a model server', (loop) => new ContainerTask(loop.axon, 'extra', { image: READY, inputs: [named('extra'), named('serve')] })],
  ['a task reads the folder of a task of another axon', (loop) => new ContainerTask(twin(loop), 'extra', { image: READY, inputs: [loop.prepare] })],
  resources('an amount of CPU is negative', { cpu: { request: Cpu.units(-1) } }),
  resources('an amount of CPU is not a number', { cpu: { limit: Cpu.millis(Number.NaN) } }),
  resources('a limit of memory is more than Kubernetes holds', { memory: { limit: Size.pebibyte(16_384) } }),
  resources('a GPU is divided', { extendedResources: { 'nvidia.com/gpu': 0.5 } }),
  resources('a number of GPUs is negative', { extendedResources: { 'nvidia.com/gpu': -1 } }),
  resources('an extended resource has no domain', { extendedResources: { gpu: 1 } }),
  resources('a request exceeds its limit', { cpu: { request: Cpu.units(2), limit: Cpu.millis(1500) } }),
  task('a node label has a bad key', { pod: { nodeSelector: { 'a b': 'x' } } }),
  task('a node label has a bad prefix', { pod: { nodeSelector: { 'Example_Org/zone': 'x' } } }),
  task('a node label has an empty name', { pod: { nodeSelector: { 'example.org/': 'x' } } }),
  task('a node label has a bad value', { pod: { nodeSelector: { zone: 'a b' } } }),
  task('a node label has a long value', { pod: { nodeSelector: { zone: 'x'.repeat(64) } } }),
  ['a model server has a predictor with a dash', (loop) => new ModelServer(loop.axon, 'extra', { image: READY, predictor: 'my-class' })],
  ['an objective has a bad name', () => Objective.maximize('a b')],
  ['an objective is a loss to maximize', (loop) => new TrainingTask(loop.axon, 'extra', { image: READY, objective: Objective.maximize('dev_loss') })],
  ['an objective is an accuracy to minimize', (loop) => new TrainingTask(loop.axon, 'extra', { image: READY, objective: Objective.minimize('accuracy') })],
  ['a training publishes no metric', (loop) => new TrainingTask(loop.axon, 'extra', { image: READY, metrics: [] })],
  ['a metric of a task has a bad name', (loop) => loop.train.metric('')],
  ['a threshold is not finite', (loop) => loop.train.metric('auc').above(Number.NaN)],
];

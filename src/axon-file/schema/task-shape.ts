import { environment, resources, secretEnvironment, serviceAccount } from './common';
import { pod } from './pod-shape';
import { duration } from './quantities';
import { dictionary, list, may, must, Read, section, unsupported, withoutEffect } from './section';
import { integer, name, oneOf, text } from './shape';
import { hpTuning } from './tuning-shape';

const imageBuild = section('an image build', {
  repositoryName: may(text(), "The image's name, without host and tag. Without it, the axon's name and the task's."),
  artifact: may(text(), 'The artifact to build from. It can be left out where there is one only.'),
  buildLocation: may(text(), "The folder that the build sees: absolute, below the artifact's path."),
  dockerfile: may(section('a dockerfile', { path: must(text(), 'The Dockerfile, relative to the build location.') }), 'Builds from a Dockerfile.'),
  s2i: may(section('an s2i build', {
    contextDir: may(text(), 'The folder with the code, relative to the build location.'),
    builderImage: may(text(), 'The image to build upon.'),
  }), 'Builds from a folder of Python code.'),
  checkImageExists: withoutEffect('has no effect: a build of the same content comes out of the cache', 'remove it'),
  volumes: unsupported(),
  volumeMounts: unsupported(),
});

/** What all bodies have. */
const common = {
  image: may(text(), 'A ready image.'),
  imageBuild: may(imageBuild, 'An image that is built from an artifact.'),
  command: may(list('a word of the command', text()), 'The command, where it is not that of the image.'),
  args: may(list('an argument', text()), 'Arguments of the command.'),
  env: may(environment, 'Environment variables.'),
  secretEnv: may(secretEnvironment, 'Environment variables whose values are in Secrets.'),
  resources: may(resources, 'What the container asks of its node and may use at most.'),
  nodeSelector: may(dictionary(text()), 'Labels of the nodes that it may run on.'),
  pod: may(pod, 'Options of its pods.'),
  serviceAccount: may(serviceAccount, 'The existing service account of its pods.'),
};

/** What the bodies of tasks have: containers that end. */
const attempts = {
  timeout: may(duration(), 'The time limit of an attempt.'),
  retries: may(integer(), 'How often a failed attempt is repeated.'),
};

const container = section('a container body', { ...common, ...attempts });

const train = section('a train body', {
  ...common,
  ...attempts,
  lossMetric: may(text(), 'The metric that trainings are compared by.'),
  lossMetricSelector: may(oneOf('greater'), 'Says that larger is better. Without it smaller is better.'),
  metrics: may(list('a metric', section('a metric', {
    name: must(text(), 'The name that the code publishes it under.'),
    type: may(oneOf('Gauge'), 'Gauge'),
  })), 'The metrics that it publishes.'),
  hpTuning: may(hpTuning, 'Searches for the best parameters by many trials.'),
  tfJobSpec: unsupported('train in one container'),
});

const deploy = section('a deploy body', {
  ...common,
  predictor: may(text(), 'The prediction class, and the name of the file that it lies in.'),
  endpointType: may(oneOf('REST'), 'REST'),
  endpointRestType: may(oneOf('Multipart'), 'Multipart. JSON bodies are always accepted, too.'),
  timeout: withoutEffect('has no effect on a model server, which does not end', 'remove it'),
  retries: withoutEffect('has no effect on a model server, which is restarted whenever it fails', 'remove it'),
});

export const task = section('a task', {
  name: must(name(), 'The name of the task or model server, unique in the axon.'),
  container: may(container, 'Any program: preparation of data, a report, an export.'),
  train: may(train, 'A program that trains a model.'),
  deploy: may(deploy, 'A model server: a prediction class that serves a model.'),
  inputs: may(list("a task's name", text()), 'The tasks whose output folders this task can read. Without it, all.'),
  spark: unsupported('run it in a container'),
  tfJob: unsupported('train in one container'),
  sidecars: unsupported(),
});

export type TaskKeys = Read<typeof task>;
export type ContainerKeys = Read<typeof container>;
/** The keys that all bodies have. */
export type BodyKeys = Omit<ContainerKeys, keyof typeof attempts>;
export type TrainKeys = Read<typeof train>;
export type DeployKeys = Read<typeof deploy>;
export type ImageBuildKeys = Read<typeof imageBuild>;

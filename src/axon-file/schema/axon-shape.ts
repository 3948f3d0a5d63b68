import { secretKey, serviceAccount } from './common';
import { pod } from './pod-shape';
import { size } from './quantities';
import { dictionary, list, may, must, Read, section, unsupported, withoutEffect } from './section';
import { sensor } from './sensor-shape';
import { name, oneOf, text } from './shape';
import { task } from './task-shape';

const git = section('a git artifact', {
  repo: must(text(), 'The address of the repository.'),
  revision: may(text(), 'Branch, tag or commit.'),
  sshPrivateKeySecret: may(secretKey, 'The private key for a repository that is read by ssh.'),
});

const s3 = section('an s3 artifact', {
  endpoint: must(text(), 'The host of the S3 service, with its port if any.'),
  bucket: must(text(), 'The bucket.'),
  key: must(text(), 'The key of the object. An archive is unpacked.'),
  accessKeySecret: may(secretKey, 'The access key.'),
  secretKeySecret: may(secretKey, 'The secret key.'),
  insecure: unsupported(),
  region: unsupported(),
});

const artifact = section('an artifact', {
  name: must(text(), 'The name that builds refer to it by.'),
  path: must(text(), 'Where builds see it, for instance /src.'),
  git: may(git, 'A git repository.'),
  s3: may(s3, 'An object in an S3 bucket.'),
});

const volumeClaimTemplate = section('a volume claim', {
  apiVersion: may(oneOf('v1'), 'v1'),
  kind: may(oneOf('PersistentVolumeClaim'), 'PersistentVolumeClaim'),
  metadata: may(section("a volume claim's metadata", {
    name: may(text(), 'The name of the claim.'),
    labels: unsupported(),
    annotations: unsupported(),
  }), 'Its name.'),
  spec: must(section("a volume claim's spec", {
    storageClassName: may(text(), 'The class of storage.'),
    accessModes: may(list('an access mode', oneOf('ReadWriteMany', 'ReadWriteOnce')), 'Who may mount it at the same time.'),
    resources: must(section("a volume claim's resources", {
      requests: must(section("a volume claim's requests", { storage: must(size(), 'How much.') }), 'What is asked for.'),
      limits: unsupported(),
    }), 'What is asked for.'),
    volumeMode: may(oneOf('Filesystem'), 'Filesystem'),
  }), 'What is asked for.'),
});

const volume = section('a volume', {
  name: may(text(), 'What it is called.'),
  hostPath: may(section('a hostPath volume', {
    path: must(text(), 'The folder of the node.'),
    type: withoutEffect('is not asked: the folder is made where it is missing', 'remove it'),
  }), 'A folder of the node, for machines with one node.'),
  persistentVolumeClaim: may(section('a claim', { claimName: must(text(), 'The name of the claim.') }), 'A claim that exists already.'),
  flexVolume: unsupported("use a 'volumeClaimTemplate' with a storage class", 'is dead: current Kubernetes has no such volumes'),
});

const axonSpec = section("the axon's spec", {
  serviceAccountName: may(text(), 'The name of the service account that the axon creates for the pods of tasks.'),
  serviceAccount: may(serviceAccount, 'The service account of the pods of tasks, created or existing.'),
  parameters: may(list('a parameter', section('a parameter', {
    name: must(text(), 'The name of the parameter.'),
    value: must(text(), 'Its value, where nothing else is said.'),
  })), 'Parameters that the variables of tasks can refer to.'),
  pod: may(pod, 'Options of all pods with user code: tasks, trials and model servers.'),
  stepPod: may(pod, "Options of the pods of the loop's own steps."),
  artifacts: may(list('an artifact', artifact), 'The code that images are built from.'),
  volumeClaimTemplate: may(volumeClaimTemplate, 'The claim that data and models are kept in.'),
  volume: may(volume, 'The volume that data and models are kept in.'),
  tasks: must(list('a task', task), 'What can run.'),
  sensors: must(list('a sensor', sensor), 'When it runs.'),
});

/** A document of `kind: Axon`. */
export const axon = section('an axon', {
  apiVersion: must(oneOf('myelin.io/v1alpha1', 'myelinproj.io/v1alpha1'), 'The version of the format. Both mean the same.'),
  kind: must(oneOf('Axon'), 'Axon'),
  metadata: must(section("the axon's metadata", {
    name: must(name(), 'The name of the axon, which is part of all object and metric names.'),
    namespace: may(text(), 'The namespace of all objects.'),
    labels: may(dictionary(text()), 'Labels of every object and every pod.'),
    annotations: may(dictionary(text()), 'Annotations of every object.'),
  }), 'Name and namespace.'),
  spec: must(axonSpec, 'Tasks and sensors.'),
});

export type AxonKeys = Read<typeof axon>;
export type SpecKeys = Read<typeof axonSpec>;
export type ArtifactKeys = Read<typeof artifact>;
export type GitKeys = Read<typeof git>;
export type S3Keys = Read<typeof s3>;

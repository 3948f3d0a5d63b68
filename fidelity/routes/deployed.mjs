// What the runtime's own deploy leaves of an axon's models in a cluster after so many trainings. The API server is in memory, and all pods are ready
// at once.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryKube } from '../../runtime/dist/kube/memory-client.js';
import { versionOf } from '../../runtime/dist/ledger/version.js';
import { deploy } from '../../runtime/dist/release/deploy.js';
import { openLog } from '../../runtime/dist/shared/log.js';
import { ProgramContext } from '../../runtime/dist/shared/program.js';
import { sha256 } from '../../runtime/dist/shared/sha256.js';

/** Ids of the events that end the n-th round of trainings, by trainer. */
const eventOf = (trainer, n) => sha256(`${trainer} ${n}`).slice(0, 16);

function ledgerOf({ axon, namespace }, trainers, rounds) {
  const events = Array.from({ length: rounds }, (_, index) => trainers.map((trainer) => [eventOf(trainer, index + 1), {
    kind: 'task', subject: trainer, phase: 'succeeded', runId: `${axon}-start-${index + 1}`, at: `2026-01-01T00:0${index + 1}:00Z`, metrics: {},
  }]));
  return { contract: 1, axon, namespace, events: Object.fromEntries(events.flat()), sensors: {}, models: {}, tasks: {} };
}

/** The synthesised objects and those of the releases, and the version of each round. */
export async function deployed(manifests, rounds) {
  const documents = Object.assign({}, ...manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data));
  const axon = JSON.parse(documents['axon.json']);
  const holding = (key) => manifests.filter(({ kind, data }) => kind === 'ConfigMap' && data[key] !== undefined);
  const models = holding('model.json').map(({ data }) => JSON.parse(data['model.json']));
  const folder = mkdtempSync(join(tmpdir(), 'routes-'));
  const mount = (name, file, document) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, file), JSON.stringify(document));
  };
  mount('axon', 'axon.json', axon);
  const trainers = [...new Set(models.flatMap((model) => model.models.flatMap(({ backends }) => backends.map(({ trainer }) => trainer))))].sort();
  const kube = new MemoryKube();
  const { namespace } = axon;
  const ledger = { 'ledger.json': JSON.stringify(ledgerOf(axon, trainers, rounds)) };
  kube.put(...holding('axon.json'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: axon.ledger, namespace }, data: ledger });
  kube.onCall = ({ when, kind, verb, name }) => {
    if (when !== 'after' || kind !== 'Deployment' || !['create', 'replace'].includes(verb)) return;
    kube.edit(kind, name, (object) => {
      const { replicas } = object.spec;
      object.status = { observedGeneration: object.metadata.generation, replicas, updatedReplicas: replicas, availableReplicas: replicas };
    }, namespace);
  };
  const versions = [];
  for (let round = 1; round <= rounds; round++) {
    const events = trainers.map((trainer) => eventOf(trainer, round));
    versions.push(versionOf(events, sha256));
    for (const model of models) {
      mount(`model-${model.model}`, 'model.json', model);
      await deploy(new ProgramContext({
        args: { model: model.model, version: versions.at(-1), events: JSON.stringify(events) },
        env: { MYELIN_CONTRACT_PATH: folder, MYELIN_RUN: `ship-${round}`, MYELIN_RUN_UID: `uid-${round}`, MYELIN_DRAIN_SECONDS: '0' },
        log: openLog('deploy', 'silent'), signal: new AbortController().signal, kube: (name) => kube.client(name), fetch,
      }));
    }
  }
  rmSync(folder, { recursive: true });
  const made = ['ConfigMap', 'Service', 'Deployment', 'VirtualService'].flatMap((kind) => kube.all(kind))
    .filter(({ kind, metadata: { name } }) => !manifests.some((manifest) => manifest.kind === kind && manifest.metadata.name === name));
  return { versions, objects: [...manifests, ...made.map(asApplied)] };
}

/** An object without what the API server adds. */
function asApplied({ status, ...object }) {
  const { uid, resourceVersion, creationTimestamp, generation, ...metadata } = object.metadata;
  return { ...object, metadata };
}

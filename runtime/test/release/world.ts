import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxonDocument, LedgerDocument, LedgerEvent, ModelDocument, ReleaseDocument } from '../../src/contract/documents.js';
import { MemoryKube, type KubeCall, type StoredObject } from '../../src/kube/memory-client.js';
import { eventDocument } from '../../src/ledger/event-document.js';
import { eventId } from '../../src/ledger/event-id.js';
import { versionOf } from '../../src/ledger/version.js';
import { deploy } from '../../src/release/deploy.js';
import { routedServices, type HttpRoute } from '../../src/release/plan/routes.js';
import { openLog } from '../../src/shared/log.js';
import { ProgramContext, type ProgramOptions } from '../../src/shared/program.js';
import { sha256 } from '../../src/shared/sha256.js';
import { contractJson } from '../fixtures.js';
import { asProgram } from '../rights.js';

export const MODEL: ModelDocument = { ...contractJson('fixtures', 'model', 'digits.json'), retention: 2 };
/** Its trained models are deployed whatever they are like. */
export const AXON: AxonDocument = withoutConditions(contractJson('fixtures', 'axon', 'digits.json'));

function withoutConditions(axon: AxonDocument): AxonDocument {
  return { ...axon, sensors: axon.sensors.map((sensor) => ({ ...sensor, conditions: [] })) };
}

/** The n-th training: its event, and the version that it triggers. */
export function training(n: number): { readonly event: string; readonly run: string; readonly version: string } {
  const run = `digits-run-${n}`;
  const event = eventId({ axon: 'digits', kind: 'task', subject: 'train', runId: run, phase: 'succeeded' }, sha256);
  return { event, run, version: versionOf([event], sha256) };
}

function trainingEvent(n: number): LedgerEvent {
  return { kind: 'task', subject: 'train', phase: 'succeeded', runId: training(n).run, at: `2026-03-01T08:0${n - 1}:00Z`, metrics: { test_accuracy: 0.96 } };
}

function ledger(trainings: number): LedgerDocument {
  const events = Array.from({ length: trainings }, (_, index) => [training(index + 1).event, trainingEvent(index + 1)]);
  return { contract: 1, axon: 'digits', namespace: 'default', events: Object.fromEntries(events), sensors: {}, models: {}, tasks: {} };
}

/** An API with a Deployment controller, a clock that waiting moves, and the axon of the fixtures; deploy runs in it as in its pod. */
export class World {
  static async of(models: readonly ModelDocument[] = [MODEL], axon: AxonDocument = AXON): Promise<World> {
    const world = new World();
    world.folder = await mkdtemp(join(tmpdir(), 'myelin-deploy-'));
    await world.mount('axon', 'axon.json', axon);
    for (const model of models) await world.mount(`model-${model.model}`, 'model.json', model);
    world.kube.put(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'digits-axon' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: AXON.ledger }, data: { 'ledger.json': JSON.stringify(ledger(9)) } } as never,
    );
    world.kube.onCall = async (call) => {
      if (call.when === 'after') world.act();
      world.check();
      await world.crash?.(call);
    };
    return world;
  }

  readonly kube = new MemoryKube();
  now = Date.UTC(2026, 2, 1, 8, 13);
  private folder = '';
  /** Called after the controller; may throw, as a crash of deploy at that call. */
  crash?: (call: KubeCall) => void | Promise<void>;
  /** What a Deployment becomes when it is written: `ready`, or a status and pods that the test sets. */
  controller: (deployment: StoredObject) => 'ready' | 'pending' = () => 'ready';

  mount(folder: string, file: string, document: unknown): Promise<void> {
    return mkdir(join(this.folder, folder), { recursive: true }).then(() => writeFile(join(this.folder, folder, file), JSON.stringify(document)));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  /** Runs deploy as the one step of the run that the n-th training has woken. */
  deploy(n: number, options: Partial<Pick<ProgramOptions, 'args' | 'env' | 'signal'>> = {}): Promise<void> {
    return deploy(new ProgramContext({
      args: { 'model': 'model', 'sensor': 'trained', 'version': '', 'events': '', 'image-serve': `registry/serve@sha256:${n}`, ...options.args },
      env: {
        MYELIN_CONTRACT_PATH: this.folder,
        MYELIN_MOUNTS: JSON.stringify({ '/myelin/out': join(this.folder, 'out') }),
        MYELIN_RUN: `digits-trained-${n}`,
        MYELIN_RUN_UID: `uid-${n}`,
        MYELIN_EVENT: JSON.stringify(eventDocument(AXON, training(n).event, trainingEvent(n))),
        MYELIN_PARAMETERS: '[{"name":"level","value":"debug"}]',
        ...options.env,
      },
      log: openLog('deploy', 'silent'),
      signal: options.signal ?? new AbortController().signal,
      kube: (namespace) => asProgram('deploy', AXON.axon, this.kube.client(namespace)),
      fetch,
      clock: {
        now: () => this.now,
        sleep: async (milliseconds) => {
          this.now += milliseconds;
          await new Promise(setImmediate);
        },
      },
    }));
  }

  /** An output of the last deploy; undefined when it has left none. */
  output(name: string): Promise<string | undefined> {
    return readFile(join(this.folder, 'out', name), 'utf8').catch(() => undefined);
  }

  ledger(): LedgerDocument {
    return JSON.parse(this.kube.find('ConfigMap', AXON.ledger)!.data['ledger.json']);
  }

  history(): ReleaseDocument {
    return JSON.parse(this.kube.find('ConfigMap', 'digits-releases')?.data['releases.json'] ?? '{"releases":[]}');
  }

  /** State by version, newest first. */
  states(model = 'model'): string[] {
    return this.history().releases.filter((release) => release.model === model).map(({ version, state }) => `${version} ${state}`);
  }

  routes(): HttpRoute[] {
    return this.kube.find('VirtualService', 'digits-routes')?.spec.http ?? [];
  }

  /** Shares of the stable address by version. */
  traffic(name = 'model/stable/predict'): Record<string, number> {
    const route = this.routes().find((candidate) => candidate.name === name)?.route ?? [];
    return Object.fromEntries(route.map(({ destination, weight = 100 }) => [destination.host.split('-')[1]!, weight]));
  }

  /** Versions of which there are Deployments. */
  versions(): string[] {
    return [...new Set(this.kube.all('Deployment').map(({ metadata }) => metadata.labels!['myelin.io/version']!))].sort();
  }

  /** Everything that deploy made, without what differs from one try to the next. */
  outcome(): unknown {
    return ['ConfigMap', 'Service', 'Deployment', 'VirtualService'].flatMap((kind) => this.kube.all(kind)).map((object) => {
      const { uid, resourceVersion, creationTimestamp, generation, ...metadata } = object.metadata;
      const owners = metadata.ownerReferences?.map(({ name }) => name);
      const data = object.data?.['releases.json']?.replace(/"at":"[^"]*"/g, '"at":"-"') ?? object.data;
      return { ...object, metadata: { ...metadata, ownerReferences: owners }, data, status: undefined };
    });
  }

  /** The Deployment controller. */
  private act(): void {
    for (const deployment of this.kube.all('Deployment')) {
      if (deployment.status?.observedGeneration === deployment.metadata.generation || this.controller(deployment) !== 'ready') continue;
      this.kube.edit('Deployment', deployment.metadata.name, (object) => {
        const { replicas } = object.spec;
        object.status = { observedGeneration: object.metadata.generation, replicas, updatedReplicas: replicas, availableReplicas: replicas };
      });
    }
  }

  /** What must hold at every moment: traffic goes only where somebody answers. */
  private check(): void {
    for (const service of routedServices(this.routes())) {
      const available = this.kube.find('Deployment', service)?.status?.availableReplicas ?? 0;
      if (this.kube.find('Service', service) === undefined || available === 0) throw new Error(`traffic is led to ${service}, where nobody answers`);
    }
  }
}

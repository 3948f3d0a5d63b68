import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AxonDocument, type AxonSensor, DOCUMENT_KEY, LABEL, type LedgerDocument, readDocument, type ReleaseDocument } from '@cdk8s-myelin/runtime';
import type { Objects } from '../pocket/controller.js';
import { type KubeObject, refOf } from '../pocket/objects/kube-object.js';
import { isFailed, isOver, refusal } from './settled.js';

/** A run that is made to run again, and what had come of it. */
export interface Retried {
  readonly run: KubeObject;
  readonly why: string;
}

/**
 * What came to nothing the last time runs again, under its name: its user has corrected something, or there would be nothing to start again. That
 * is the last run of a sensor, if it failed; and as long as no version was ever good enough, the first runs.
 *
 * @param storeOf folder of an axon in its store
 */
export function retryRuns(objects: Objects, storeOf: (axon: string) => string): Retried[] {
  return documentsOf<AxonDocument>(objects, 'axon', DOCUMENT_KEY.AXON).flatMap(({ document: axon }) => new Retry(objects, axon, storeOf).run());
}

/** The runs of one axon. */
class Retry {
  private readonly runs: readonly KubeObject[];

  constructor(private readonly objects: Objects, private readonly axon: AxonDocument, private readonly storeOf: (axon: string) => string) {
    const own = objects.list('Workflow', { namespace: axon.namespace, labels: { [LABEL.AXON]: axon.axon } });
    this.runs = own.filter((run) => sensorOf(run) !== undefined).sort((a, b) => madeAt(a).localeCompare(madeAt(b)));
  }

  public run(): Retried[] {
    const last = this.axon.sensors.filter(comesByItself).flatMap(({ name }) => this.of(name).at(-1) ?? []);
    const failed = last.filter(isFailed);
    failed.forEach((run) => this.again(run));
    return failed.length > 0 ? failed.map((run) => ({ run, why: 'failed' })) : this.startOver();
  }

  /** Where all runs have ended and none had an effect that lasts, the first ones run as if they never had. */
  private startOver(): Retried[] {
    const ledger = this.ledger();
    const releases = this.releases()?.document.releases ?? [];
    const refused = ledger && refusal([ledger.document]);
    if (refused === undefined || !this.runs.every(isOver) || releases.some(({ state }) => state === 'live' || state === 'deploying')) {
      return [];
    }
    const first = this.axon.sensors.filter(({ triggers }) => triggers.length === 0).flatMap(({ name }) => this.of(name));
    this.runs.filter((run) => !first.includes(run)).forEach((run) => this.objects.remove(refOf(run)));
    this.objects.remove(refOf(ledger!.map));
    first.forEach((run) => this.again(run));
    return first.map((run) => ({ run, why: `came to nothing (${refused})` }));
  }

  /** Forgets what a run did; what it left half made goes, too. */
  private again(run: KubeObject): void {
    const { objects, axon } = this;
    const { name, namespace } = run.metadata;
    for (const kind of ['Pod', 'Job']) {
      objects.list(kind, { namespace }).filter((made) => madeBy(made, run)).forEach((made) => objects.remove(refOf(made)));
    }
    const store = this.storeOf(axon.axon);
    tasksOf(run).forEach((task) => rmSync(join(store, task, name), { recursive: true, force: true }));
    const version = this.versionOf(run);
    const releases = this.releases();
    if (version !== undefined && releases !== undefined) {
      // A version that failed stays so for ever, and this is to be it.
      const left = releases.document.releases.filter((release) => release.version !== version || release.state !== 'failed');
      const data = { [DOCUMENT_KEY.RELEASES]: JSON.stringify({ ...releases.document, releases: left }) };
      objects.update(refOf(releases.map), (map) => ({ ...map, data: { ...map.data, ...data } }));
    }
    // The gate answers the same run the same.
    objects.update(refOf(run), ({ status: _, ...rest }) => rest);
  }

  private of(sensor: string): KubeObject[] {
    return this.runs.filter((run) => sensorOf(run) === sensor);
  }

  /** The version that a run was to make, as was decided about it. */
  private versionOf({ metadata }: KubeObject): string | undefined {
    const sets = Object.values(this.ledger()?.document.sensors ?? {}).flatMap((sensor) => sensor.sets);
    const set = sets.find(({ run }) => run === metadata.name);
    return set?.decision === 'consumed' ? set.version : undefined;
  }

  private ledger() {
    return documentsOf<LedgerDocument>(this.objects, 'ledger', DOCUMENT_KEY.LEDGER).find(({ map }) => this.isOwn(map, this.axon.ledger));
  }

  private releases() {
    return documentsOf<ReleaseDocument>(this.objects, 'release', DOCUMENT_KEY.RELEASES).find(({ map }) => this.isOwn(map, this.axon.releases));
  }

  private isOwn({ metadata }: KubeObject, name: string): boolean {
    return metadata.name === name && metadata.namespace === this.axon.namespace;
  }
}

/** Whether nobody asks for its runs: who calls calls again, and a schedule comes again. */
function comesByItself({ triggers }: AxonSensor): boolean {
  return triggers.every(({ kind }) => kind === 'task' || kind === 'alert');
}

function sensorOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[LABEL.SENSOR];
}

function madeAt({ metadata, status }: KubeObject): string {
  return status?.startedAt ?? metadata.creationTimestamp ?? '';
}

function madeBy({ metadata }: KubeObject, { metadata: { uid, name } }: KubeObject): boolean {
  return metadata.labels?.['workflows.argoproj.io/workflow'] === name || metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}

interface Node {
  readonly displayName: string;
}

function nodesOf({ status }: KubeObject): Node[] {
  return Object.values(status?.nodes ?? {});
}

function tasksOf(run: KubeObject): string[] {
  const names = nodesOf(run).map(({ displayName }) => /^task-([a-z0-9-]+)/.exec(displayName)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function documentsOf<T>(objects: Objects, name: 'axon' | 'ledger' | 'release', key: string): { readonly map: KubeObject; readonly document: T }[] {
  return objects.list('ConfigMap').filter(({ data }) => data?.[key] !== undefined)
    .map((map) => ({ map, document: readDocument(name, map.data[key], `${map.metadata.name}/${key}`) as T }));
}

import { type AxonDocument, DOCUMENT_KEY, LABEL, type LedgerDocument, type ModelDocument, readDocument, type Release, type ReleaseDocument } from '@cdk8s-myelin/runtime';
import type { KubeObject } from '../pocket/objects/kube-object.js';

/** An axon as it is now: what the commands print, and what `-o json` gives. */
export interface AxonState {
  readonly axon: string;
  readonly namespace: string;
  readonly sensors: SensorState[];
  readonly models: ModelState[];
  readonly runs: RunState[];
}

export interface SensorState {
  readonly name: string;
  readonly triggers: { readonly name: string; readonly kind: string }[];
  /** What came of the last set of events. */
  readonly last?: { readonly decision: string; readonly run: string; readonly at: string; readonly reasons: string[]; readonly numbers: unknown[] };
}

export interface ModelState {
  readonly name: string;
  /** Public URLs of the routes, which all versions share. */
  readonly urls: string[];
  readonly versions: VersionState[];
}

export interface VersionState {
  readonly version: string;
  readonly state: Release['state'];
  /** 0 is the newest live version; absent for those that are not live. */
  readonly generation?: number;
  readonly at: string;
  readonly why: string;
  readonly runs: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly dataHash?: string;
  /** Public URLs of the routes of this version alone. */
  readonly urls: string[];
}

export interface RunState {
  readonly name: string;
  readonly sensor?: string;
  readonly phase: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** The states of all axons, sorted by name. */
export function axonStates(configMaps: readonly KubeObject[], workflows: readonly KubeObject[], gateway: string): AxonState[] {
  const documents = new Documents(configMaps);
  return documents.axons.map((axon) => {
    const ledger = documents.ledger(axon);
    const releases = documents.releases(axon);
    return {
      axon: axon.axon,
      namespace: axon.namespace,
      sensors: axon.sensors.map((sensor) => {
        const set = ledger?.sensors[sensor.name]?.sets.at(-1);
        const { name, triggers } = sensor;
        return {
          name,
          triggers: triggers.map(({ name: trigger, kind }) => ({ name: trigger, kind })),
          ...(set && {
            last: {
              decision: set.decision, run: set.run, at: set.at, numbers: set.numbers, reasons: set.decision === 'consumed' ? [] : set.reasons.map(({ message }) => message),
            },
          }),
        };
      }),
      models: documents.models(axon).map((model) => modelState(model, releases?.releases ?? [], gateway)),
      runs: workflows.filter(({ metadata }) => metadata.labels?.[LABEL.AXON] === axon.axon && metadata.namespace === axon.namespace)
        .map(runState).sort((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? '') || a.name.localeCompare(b.name)),
    };
  }).sort((a, b) => a.axon.localeCompare(b.axon));
}

function modelState({ model, routes, endpoint }: ModelDocument, releases: readonly Release[], gateway: string): ModelState {
  const own = releases.filter((release) => release.model === model);
  const live = own.filter(({ state }) => state === 'live').map(({ version }) => version);
  const urls = (prefix: string) => routes.map(({ path }) => `${gateway}${prefix}${path}`);
  return {
    name: model,
    urls: urls(endpoint.prefix),
    versions: own.map(({ version, state, at, why, runs, metrics, dataHash }) => ({
      version,
      state,
      ...(state === 'live' && { generation: live.indexOf(version) }),
      at,
      why,
      runs,
      metrics,
      ...(dataHash && { dataHash }),
      urls: state === 'live' ? urls(`${endpoint.prefix}/versions/${version}`) : [],
    })),
  };
}

function runState({ metadata, status }: KubeObject): RunState {
  const sensor = metadata.labels?.[LABEL.SENSOR];
  return {
    name: metadata.name,
    ...(sensor && { sensor }),
    phase: status?.phase ?? 'Pending',
    ...(status?.startedAt && { startedAt: status.startedAt }),
    ...(status?.finishedAt && { finishedAt: status.finishedAt }),
  };
}

/** The contract documents that ConfigMaps hold. */
class Documents {
  public readonly axons: AxonDocument[];

  constructor(private readonly configMaps: readonly KubeObject[]) {
    this.axons = this.all('axon', DOCUMENT_KEY.AXON, () => true) as AxonDocument[];
  }

  public models(axon: AxonDocument): ModelDocument[] {
    return this.all('model', DOCUMENT_KEY.MODEL, ({ metadata }) => metadata.labels?.[LABEL.AXON] === axon.axon && metadata.namespace === axon.namespace) as ModelDocument[];
  }

  public ledger({ ledger, namespace }: AxonDocument): LedgerDocument | undefined {
    return this.all('ledger', DOCUMENT_KEY.LEDGER, named(ledger, namespace))[0] as LedgerDocument | undefined;
  }

  public releases({ releases, namespace }: AxonDocument): ReleaseDocument | undefined {
    return this.all('release', DOCUMENT_KEY.RELEASES, named(releases, namespace))[0] as ReleaseDocument | undefined;
  }

  private all(name: 'axon' | 'model' | 'ledger' | 'release', key: string, matches: (map: KubeObject) => boolean): unknown[] {
    return this.configMaps.filter((map) => map.data?.[key] !== undefined && matches(map))
      .map((map) => readDocument(name, map.data[key], `${map.metadata.name}/${key}`));
  }
}

function named(name: string, namespace: string) {
  return ({ metadata }: KubeObject) => metadata.name === name && metadata.namespace === namespace;
}

import { AXON_FOLDER, DOCUMENT_KEY, imageParameter, LABEL, modelFolder, PARAMETER } from '../contract/constants.js';
import type { LedgerDocument, ModelDocument, Release } from '../contract/documents.js';
import { KINDS, type KubeClient, type KubeOwner } from '../kube/client.js';
import { ConfigMapDocument } from '../kube/config-map-document.js';
import { decideRun } from '../sensing/decision.js';
import { writeAnswer } from '../sensing/outputs.js';
import { ledgerOf } from '../sensing/state.js';
import { MyelinError, shown } from '../shared/errors.js';
import { workflowParameters } from '../shared/parameters.js';
import type { ProgramContext } from '../shared/program.js';
import { sha256 } from '../shared/sha256.js';
import { timeText } from '../shared/time.js';
import { applyServers } from './apply.js';
import { begin, fail, goLive, noReleases, releaseOf, whyFailed } from './plan/history.js';
import { modelLabels } from './plan/labels.js';
import { releaseObjects } from './plan/objects.js';
import { newRelease } from './plan/run.js';
import { refuseGraph } from './plan/spec.js';
import { untilReady, type Readiness } from './ready.js';
import { Traffic } from './traffic.js';

/** Longest wait for a release's servers, in seconds, unless MYELIN_READY_SECONDS says otherwise. */
const READY_SECONDS = 300;

/** Time that gateways are given to learn new routes before what the old ones led to goes, in seconds, unless MYELIN_DRAIN_SECONDS says otherwise. */
const DRAIN_SECONDS = 5;

/** What is deployed, as the gate has decided it. */
interface Wanted {
  readonly version: string;
  readonly events: readonly string[];
  readonly ledger: LedgerDocument;
}

/**
 * `deploy --model --sensor [--version --events] [--image-<server>]`: makes a version's servers, waits until they are ready, leads traffic to them,
 * and removes what no release needs any more. Killed anywhere and run again it comes to the same end.
 *
 * A run that is nothing but a deployment has no gate before it: without a version deploy decides as the gate does, and ends well with nothing
 * done when the run must not go on.
 *
 * A version that gave way to a newer one ends well and without traffic. One that does not become ready fails for good, and traffic stays as it was.
 */
export async function deploy(context: ProgramContext): Promise<void> {
  const model = await context.document('model', modelFolder(context.arg(PARAMETER.MODEL)));
  refuseGraph(model);
  const owner = await ownerOf(context.kube(model.namespace), model.anchor);
  const wanted = await wantedOf(context);
  if (wanted !== undefined) await new Deployment(context, model, wanted, owner).run();
}

/** Undefined when nothing is to be deployed. Leaves its answer as the gate does. */
async function wantedOf(context: ProgramContext): Promise<Wanted | undefined> {
  const axon = await context.document('axon', AXON_FOLDER);
  const { version } = context.args;
  if (version !== undefined && version !== '') {
    return { version, events: eventsOf(context), ledger: await ledgerOf(axon, context.kube(axon.namespace)).read() };
  }
  const { answer, ledger } = await decideRun(context, axon, context.arg(PARAMETER.SENSOR));
  await writeAnswer(context, answer);
  return answer.version === undefined ? undefined : { version: answer.version, events: answer.events, ledger };
}

/** One attempt at one version. */
class Deployment {
  private readonly kube: KubeClient;
  private readonly history: ConfigMapDocument<'release'>;
  private readonly traffic: Traffic;
  private readonly version: string;
  private readonly seconds: { readonly ready: number; readonly drain: number };

  constructor(
    private readonly context: ProgramContext,
    private readonly model: ModelDocument,
    private readonly wanted: Wanted,
    private readonly owner: KubeOwner,
  ) {
    this.kube = context.kube(model.namespace);
    this.version = wanted.version;
    this.seconds = {
      ready: secondsOf(context, 'MYELIN_READY_SECONDS', READY_SECONDS), drain: secondsOf(context, 'MYELIN_DRAIN_SECONDS', DRAIN_SECONDS),
    };
    const labels = { ...model.labels, [LABEL.AXON]: model.axon };
    this.history = new ConfigMapDocument(this.kube, 'release', model.releases, DOCUMENT_KEY.RELEASES, () => noReleases(model), labels, [owner]);
    this.traffic = new Traffic(this.kube, model, owner, () => this.history.read());
  }

  async run(): Promise<void> {
    const release = await this.begin();
    if (release.state === 'deploying' || release.state === 'live') await this.serve(release);
    else await this.end(release);
  }

  private async begin(): Promise<Release> {
    const { context, model, version, wanted: { events, ledger } } = this;
    const begun = releaseOf(await this.history.read(), model.model, version);
    if (begun !== undefined) return begun;
    const release = newRelease(model, { version, events, images: imagesOf(context), at: timeText(context.clock.now()) }, ledger);
    // Whether its servers can be made at all is known now: nothing is begun that cannot be.
    releaseObjects(model, release, workflowParameters(context.variable('MYELIN_PARAMETERS')), sha256);
    const result = await this.history.change((current) => begin(current, release), context.signal);
    context.log.info({ model: model.model, version, why: result.why }, 'release begun');
    return result;
  }

  private async serve(release: Release): Promise<void> {
    const { context, model, version } = this;
    const servers = releaseObjects(model, release, workflowParameters(context.variable('MYELIN_PARAMETERS')), sha256);
    await applyServers(this.kube, servers, this.owner);
    if (release.state === 'live') {
      await this.end(release);
      return;
    }
    const readiness = await untilReady({
      kube: this.kube,
      clock: context.clock,
      signal: context.signal,
      deployments: servers.map(({ deployment }) => deployment.metadata.name),
      labels: { ...modelLabels(model), [LABEL.VERSION]: version },
      seconds: this.seconds.ready,
      wanted: async () => releaseOf(await this.history.read(), model.model, version)?.state === 'deploying',
    });
    await this.end(await this.conclude(readiness));
  }

  /** How the release stands in the history after the wait for it. */
  private async conclude(readiness: Readiness): Promise<Release> {
    const { context, model: { model, retention }, version, history } = this;
    switch (readiness.end) {
      case 'ready':
        return history.change((current) => goLive(current, model, version, retention), context.signal);
      case 'hopeless':
        return history.change((current) => fail(current, model, version, readiness.reason), context.signal);
      case 'interrupted':
        throw this.interrupted();
      case 'unwanted': {
        const release = releaseOf(await history.read(), model, version);
        if (release === undefined) throw new MyelinError('MYELIN_RELEASE_FORGOTTEN', { version, model });
        return release;
      }
    }
  }

  private interrupted(): MyelinError {
    return new MyelinError('MYELIN_RELEASE_INTERRUPTED', { version: this.version, model: this.model.model });
  }

  /** Brings traffic and objects to what the history says, and tells how this version stands in it. */
  private async end(release: Release): Promise<void> {
    const { context, model, version, traffic } = this;
    const moved = await traffic.route();
    const leftovers = await traffic.leftovers();
    if (moved && leftovers.length > 0) {
      await context.clock.sleep(this.seconds.drain * 1000, context.signal);
      if (context.signal.aborted) throw this.interrupted();
    }
    await traffic.remove(leftovers);
    if (release.state === 'failed') throw new MyelinError('MYELIN_RELEASE_NOT_READY', { version, model: model.model, reason: whyFailed(release) });
    const removed = [...new Set(leftovers.map((leftover) => leftover.version))];
    context.log.info({ model: model.model, version, state: release.state, trafficMoved: moved, removed }, 'release settled');
  }
}

/** The ConfigMap that owns what deploy makes, as a reference to it. */
async function ownerOf(kube: KubeClient, anchor: string): Promise<KubeOwner> {
  const found = await kube.get(KINDS.ConfigMap, anchor);
  if (found?.metadata.uid === undefined) throw new MyelinError('MYELIN_RELEASE_ANCHOR_MISSING', { anchor });
  return { apiVersion: 'v1', kind: 'ConfigMap', name: anchor, uid: found.metadata.uid };
}

function eventsOf(context: ProgramContext): string[] {
  const text = context.arg(PARAMETER.EVENTS);
  try {
    const events: unknown = JSON.parse(text);
    if (Array.isArray(events) && events.length > 0 && events.every((id) => typeof id === 'string')) return events;
  } catch {
    // Told below, as any other text that is no list.
  }
  throw new MyelinError('MYELIN_RELEASE_EVENTS_UNREADABLE', { got: shown(text) });
}

/** Images by model server, from `--image-<server>`; an empty value counts as absent. */
function imagesOf({ args }: ProgramContext): Record<string, string> {
  const prefix = imageParameter('');
  return Object.fromEntries(Object.entries(args).flatMap(([name, value]) => (
    name.startsWith(prefix) && value !== '' ? [[name.slice(prefix.length), value]] : []
  )));
}

function secondsOf(context: ProgramContext, variable: string, otherwise: number): number {
  const text = context.variable(variable);
  if (text === undefined || text === '') return otherwise;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) throw new MyelinError('MYELIN_RELEASE_SECONDS_INVALID', { variable, got: shown(text) });
  return seconds;
}

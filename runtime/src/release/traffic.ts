import { LABEL, routesName } from '../contract/constants.js';
import type { ModelDocument, ReleaseDocument } from '../contract/documents.js';
import { KINDS, type KubeClient, type KubeKind, type KubeObject, type KubeOwner } from '../kube/client.js';
import { hasCode, MyelinError } from '../shared/errors.js';
import { sha256 } from '../shared/sha256.js';
import { contains } from './plan/difference.js';
import { liveReleases } from './plan/history.js';
import { modelLabels } from './plan/labels.js';
import { routedServices, routes, type HttpRoute } from './plan/routes.js';

/** How often the routes are derived anew when others write them at the same time. */
const TRIES = 60;

/** Kinds of a server's objects, in the order in which they go: first nobody new finds it, then it ends, then its document. */
const SERVER_KINDS: readonly KubeKind[] = [KINDS.Service, KINDS.Deployment, KINDS.ConfigMap];

export interface VirtualServiceObject extends KubeObject {
  spec: { http: HttpRoute[] };
}

/** An object that no release needs. */
export interface Leftover {
  readonly kind: KubeKind;
  readonly name: string;
  readonly version: string;
}

/** The traffic of a model, and the objects that it no longer needs. Both follow from the history alone, whoever brings them to it. */
export class Traffic {
  constructor(
    private readonly kube: KubeClient,
    private readonly document: ModelDocument,
    private readonly owner: KubeOwner,
    private readonly history: () => Promise<ReleaseDocument>,
  ) {}

  /**
   * Leads traffic to the live versions of the model; whether anything was to change.
   *
   * The routes are read before the history that the new ones follow from, and written only if nobody wrote them since: a deployment that was
   * overtaken meets a conflict and reads the newer history.
   */
  async route(): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const present = await this.virtualService();
      const live = liveReleases(await this.history(), this.document.model).map(({ version }) => version);
      const services = new Set((await this.kube.list(KINDS.Service, modelLabels(this.document))).map(({ metadata }) => metadata.name));
      const http = routes({ document: this.document, live, services, digest: sha256 }, present?.spec.http ?? []);
      // Istio refuses a VirtualService without routes; without one it answers 404.
      if (http.length === 0 || same(http, present?.spec.http)) return false;
      try {
        await this.write(present, http);
        return true;
      } catch (error) {
        const overtaken = hasCode(error, 'MYELIN_KUBE_CONFLICT') || hasCode(error, 'MYELIN_KUBE_EXISTS');
        if (!overtaken) throw error;
        const object = `VirtualService ${routesName(this.document.axon)}`;
        if (attempt === TRIES) throw new MyelinError('MYELIN_KUBE_CONTENDED', { object, tries: TRIES });
      }
    }
  }

  /**
   * Objects of the model's versions that are neither live nor deploying, and that no route leads to.
   *
   * Listed before the history is read, since a release is begun before its objects are made; what a route still leads to is
   * left to the deployment that is about to move it.
   */
  async leftovers(): Promise<Leftover[]> {
    const lists = await Promise.all(SERVER_KINDS.map(async (kind) => ({ kind, objects: await this.kube.list(kind, modelLabels(this.document)) })));
    const { releases } = await this.history();
    const needed = new Set(releases
      .filter(({ model, state }) => model === this.document.model && (state === 'live' || state === 'deploying'))
      .map(({ version }) => version));
    const routed = routedServices((await this.virtualService())?.spec.http ?? []);
    return lists.flatMap(({ kind, objects }) => objects.flatMap(({ metadata: { name, labels = {} } }) => {
      const version = labels[LABEL.VERSION];
      return version === undefined || needed.has(version) || routed.has(name) ? [] : [{ kind, name, version }];
    }));
  }

  async remove(leftovers: readonly Leftover[]): Promise<void> {
    for (const { kind, name } of leftovers) await this.kube.remove(kind, name);
  }

  private virtualService(): Promise<VirtualServiceObject | undefined> {
    return this.kube.get<VirtualServiceObject>(KINDS.VirtualService, routesName(this.document.axon));
  }

  private async write(present: VirtualServiceObject | undefined, http: HttpRoute[]): Promise<void> {
    if (present !== undefined) {
      await this.kube.replace<VirtualServiceObject>(KINDS.VirtualService, { ...present, spec: { http } });
      return;
    }
    const { axon, labels } = this.document;
    const { apiVersion, kind } = KINDS.VirtualService;
    await this.kube.create<VirtualServiceObject>(KINDS.VirtualService, {
      // No hosts and no gateways: those are the affair of the VirtualService that delegates to it.
      apiVersion,
      kind,
      metadata: { name: routesName(axon), labels: { ...labels, [LABEL.AXON]: axon }, ownerReferences: [this.owner] },
      spec: { http },
    });
  }
}

function same(a: readonly HttpRoute[], b: readonly HttpRoute[] | undefined): boolean {
  return contains(a, b) && contains(b, a);
}

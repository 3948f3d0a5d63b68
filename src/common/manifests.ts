import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { byKindAndName, isKind, Kind, kindData, KINDS, Manifest } from '../manifests/manifest';
import { invalid, ProblemError } from '../problem/error';
import { error, Problem } from '../problem/problem';
import { suggest } from '../validate/suggest';

/** The construct's id; no user chooses it for a task or sensor. */
const ID = '~objects';

/**
 * The Kubernetes objects of an axon or a platform.
 *
 * Which objects exist depends on everything that is declared, so most are created when cdk8s or a program reads the children. An
 * object that a program requests is created at once and reads its fields when it is rendered, so a patch can precede the declaration that
 * it changes.
 *
 * Invariants: there is one construct for each kind and id, and it is never replaced, so its patches stay. The children are sorted by kind
 * and name, so neither the order of declarations nor that of requests reaches the output.
 */
export class Manifests extends Construct {
  private readonly objects = new Map<string, RenderedObject>();
  private readonly requested = new Set<string>();
  private sorted?: RenderedObject[];
  private updated?: { readonly manifests: readonly Manifest[]; readonly problems: readonly Problem[] };
  private index?: { readonly manifests: readonly Manifest[]; readonly byKey: ReadonlyMap<string, Manifest> };

  /**
   * @param render returns the manifests of what is declared so far: the same list until something else is declared. Throws if that has errors
   */
  constructor(scope: Construct, private readonly namespace: string, private readonly render: () => readonly Manifest[]) {
    super(scope, ID);
    Object.defineProperty(this.node, 'children', { get: () => this.children() });
  }

  /** The object of a kind and id, for a program to patch. */
  public request(kind: string, id: string): ApiObject {
    if (!isKind(kind)) {
      throw invalid('not-one-of', 'kind', kind, 'is not the kind of any object that this library creates', suggest(kind, Object.keys(KINDS)));
    }
    this.requested.add(keyOf({ kind, id }));
    this.updated = undefined;
    return this.object(kind, id);
  }

  /** Creates the declared objects and removes all others. A requested object that is not declared stays, and is a problem. */
  public update(): readonly Problem[] {
    const manifests = this.render();
    if (this.updated?.manifests !== manifests) {
      this.updated = { manifests, problems: this.sync(manifests) };
    }
    return this.updated.problems;
  }

  private sync(manifests: readonly Manifest[]): Problem[] {
    const declared = new Set(manifests.map(keyOf));
    manifests.forEach(({ kind, id }) => this.object(kind, id));
    for (const [key, object] of this.objects) {
      if (!declared.has(key) && !this.requested.has(key)) {
        this.node.tryRemoveChild(object.node.id);
        this.objects.delete(key);
      }
    }
    this.sorted = undefined;
    return [...this.requested].filter((key) => !declared.has(key)).map((key) => this.missing(key));
  }

  private object(kind: Kind, id: string): RenderedObject {
    const key = keyOf({ kind, id });
    const object = this.objects.get(key) ?? new RenderedObject(this, kind, id, this.namespace, () => this.manifest(key));
    if (!this.objects.has(key)) {
      this.objects.set(key, object);
      this.sorted = undefined;
    }
    return object;
  }

  private manifest(key: string): Manifest {
    const manifests = this.render();
    if (this.index?.manifests !== manifests) {
      this.index = { manifests, byKey: new Map(manifests.map((manifest) => [keyOf(manifest), manifest])) };
    }
    const manifest = this.index.byKey.get(key);
    if (manifest === undefined) {
      throw new ProblemError(this.missing(key));
    }
    return manifest;
  }

  private missing(key: string): Problem {
    const [kind, id] = key.split('/');
    const known = this.render().filter((manifest) => manifest.kind === kind).map((manifest) => manifest.id);
    return error(this.node.scope!.node.path, 'not-found', 'manifest', key, 'is not an object that any declaration creates', known.length === 0
      ? `declare what creates a ${kind}, or remove the call` : suggest(id, known));
  }

  /**
   * The objects of what is declared so far. `Chart.toJson` reads them before it validates, to order objects by their dependencies.
   * The list is a copy, so a caller can sort it.
   */
  private children(): RenderedObject[] {
    try {
      this.update();
    } catch {
      // An axon with errors keeps the objects that it had. Its validation reports the errors.
    }
    this.sorted ??= [...this.objects.values()].sort(byKindAndName);
    return [...this.sorted];
  }
}

function keyOf({ kind, id }: Pick<Manifest, 'kind' | 'id'>): string {
  return `${kind}/${id}`;
}

/** An object whose name, labels and fields are read from its manifest whenever cdk8s renders it. */
class RenderedObject extends ApiObject {
  declare public readonly kind: Kind;

  constructor(scope: Construct, kind: Kind, id: string, namespace: string, private readonly manifest: () => Manifest) {
    const { apiVersion, fields, clusterScoped, hashedName, annotations } = kindData(kind);
    super(scope, `${kind}-${id}`, {
      apiVersion,
      kind,
      metadata: { name: id, ...(!clusterScoped && { namespace }), annotations },
      ...Object.fromEntries(fields.map((field) => [field, Lazy.any({ produce: () => manifest().body[field] })])),
    });
    if (hashedName) {
      // cdk8s reads it for the names of files, and for the message of a render that failed.
      const name = { get: () => this.nameOr(id), enumerable: true };
      Object.defineProperty(this, 'name', name);
      Object.defineProperty(this.metadata, 'name', name);
    }
  }

  public toJson(): any {
    this.addLabels();
    return super.toJson();
  }

  /** Adds the labels of the manifest. A label that the program has added wins, a label of the chart does not. */
  private addLabels(): void {
    const { labels } = this.manifest();
    const ofChart = this.chart.labels;
    for (const [key, value] of Object.entries(labels)) {
      const present = this.metadata.getLabel(key);
      if (present === undefined || present === ofChart[key]) {
        this.metadata.addLabel(key, value);
      }
    }
  }

  private nameOr(id: string): string {
    try {
      return this.manifest().name;
    } catch {
      return id;
    }
  }
}

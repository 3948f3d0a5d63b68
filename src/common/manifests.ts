import { ApiObject, ApiObjectMetadataDefinition, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { byKindAndName, isKind, Kind, kindData, KINDS, Manifest, Owner } from '../manifests/manifest';
import { invalid, ProblemError, ProblemsError } from '../problem/error';
import { error, Problem } from '../problem/problem';
import { suggest } from '../validate/suggest';

/** The construct's id; no user chooses it for a task or sensor. */
const ID = '~objects';

/** What a set of objects is made of. */
export interface ManifestsProps {
  readonly owner: Owner;
  readonly namespace: string;
  /**
   * Returns the manifests of what is declared so far: the same list until something else is declared. Throws a `ProblemsError` if that
   * has errors.
   */
  readonly render: () => readonly Manifest[];
}

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

  constructor(scope: Construct, private readonly props: ManifestsProps) {
    super(scope, ID);
    Object.defineProperty(this.node, 'children', { get: () => this.children() });
    // Objects that a program adds to the axon itself come first, for instance a Secret that its pods need.
    Object.defineProperty(scope.node, 'children', { get: () => [...childrenOf(scope).filter((child) => child !== this), this] });
  }

  /** The object of a kind and id, for a program to patch. */
  public request(kind: string, id: string): ApiObject {
    const { owner } = this.props;
    if (!isKind(kind)) {
      const known = (Object.keys(KINDS) as Kind[]).filter((name) => kindData(name).owners.includes(owner));
      throw invalid('not-one-of', 'kind', kind, 'is not the kind of any object that this library creates', suggest(kind, known));
    }
    const { owners } = kindData(kind);
    if (!owners.includes(owner)) {
      throw invalid('not-one-of', 'kind', kind, `is not the kind of any object that ${owner === 'axon' ? 'an axon' : 'a platform'} creates`,
        `call 'manifest' of ${owner === 'axon' ? 'the platform' : 'an axon'}`);
    }
    this.requested.add(keyOf({ kind, id }));
    this.updated = undefined;
    return this.object(kind, id);
  }

  /** Whether an object is among those that were created last. */
  public has(object: Pick<Manifest, 'kind' | 'id'>): boolean {
    return this.objects.has(keyOf(object));
  }

  /** Returns an object as cdk8s renders it: with the labels of its chart, and patched. */
  public rendered({ kind, id }: Pick<Manifest, 'kind' | 'id'>): unknown {
    return this.object(kind, id).toJson();
  }

  /** Creates the declared objects and removes all others. A requested object that is not declared stays, and is a problem. */
  public update(): readonly Problem[] {
    const manifests = this.props.render();
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
    const object = this.objects.get(key) ?? new RenderedObject(this, kind, id, this.props.namespace, () => this.manifest(key));
    if (!this.objects.has(key)) {
      this.objects.set(key, object);
      this.sorted = undefined;
    }
    return object;
  }

  private manifest(key: string): Manifest {
    const manifests = this.props.render();
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
    const known = this.props.render().filter((manifest) => manifest.kind === kind).map((manifest) => manifest.id);
    return error(this.node.scope!.node.path, 'not-found', 'manifest', key, 'is not an object that any declaration creates', known.length === 0
      ? 'declare what creates it, or remove the call' : suggest(id, known));
  }

  /**
   * The objects of what is declared so far. `Chart.toJson` reads them before it validates, to order objects by their dependencies.
   * The list is a copy, so a caller can sort it.
   */
  private children(): RenderedObject[] {
    try {
      this.update();
    } catch (e) {
      // An axon with errors keeps the objects that it had. Its validation reports the errors.
      if (!(e instanceof ProblemsError)) {
        throw e;
      }
    }
    this.sorted ??= [...this.objects.values()].sort(byKindAndName);
    return [...this.sorted];
  }
}

/** The children of a construct in the order in which they were added. */
function childrenOf({ node }: Construct): IConstruct[] {
  return Reflect.get(Object.getPrototypeOf(node), 'children', node);
}

function keyOf({ kind, id }: Pick<Manifest, 'kind' | 'id'>): string {
  return `${kind}/${id}`;
}

/** An object whose name, labels, annotations and fields are read from its manifest whenever cdk8s renders it. */
class RenderedObject extends ApiObject {
  declare public readonly kind: Kind;

  /** The keys of the labels that the program has added. */
  private readonly labels = new Set<string>();
  /** The keys of the annotations that the kind has or the program has added. */
  private readonly annotations: Set<string>;

  constructor(scope: Construct, kind: Kind, id: string, namespace: string, private readonly manifest: () => Manifest) {
    const { apiVersion, fields, clusterScoped, hashedName, annotations = {} } = kindData(kind);
    super(scope, `${kind}-${id}`, {
      apiVersion,
      kind,
      metadata: { name: id, ...(!clusterScoped && { namespace }), annotations },
      ...Object.fromEntries(fields.map((field) => [field, Lazy.any({ produce: () => manifest().body[field] })])),
    });
    this.annotations = new Set(Object.keys(annotations));
    const { metadata } = this;
    metadata.addLabel = (key, value) => {
      this.labels.add(key);
      set('addLabel', metadata, key, value);
    };
    metadata.addAnnotation = (key, value) => {
      this.annotations.add(key);
      set('addAnnotation', metadata, key, value);
    };
    if (hashedName) {
      // cdk8s reads it for the names of files, and for the message of a render that failed.
      const name = { get: () => this.nameOr(id), enumerable: true };
      Object.defineProperty(this, 'name', name);
      Object.defineProperty(this.metadata, 'name', name);
    }
  }

  public toJson(): any {
    this.setMetadata();
    return super.toJson();
  }

  /** Sets the labels and annotations of the manifest. What the program has added wins, a label of the chart does not. */
  private setMetadata(): void {
    const { labels, annotations = {} } = this.manifest();
    for (const [key, value] of Object.entries(labels).filter(([label]) => !this.labels.has(label))) {
      set('addLabel', this.metadata, key, value);
    }
    for (const [key, value] of Object.entries(annotations).filter(([annotation]) => !this.annotations.has(annotation))) {
      set('addAnnotation', this.metadata, key, value);
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

function set(method: 'addLabel' | 'addAnnotation', metadata: ApiObjectMetadataDefinition, key: string, value: string): void {
  ApiObjectMetadataDefinition.prototype[method].call(metadata, key, value);
}

import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Manifest } from '../manifests/manifest';
import { Problem } from '../problem/problem';
import { Manifests } from './manifests';
import { NamedContent, NamedObject, sameName, sameObjects } from './name-problems';

/** A construct that creates objects. */
export interface ObjectOwner {
  readonly construct: Construct;
  readonly objects: Manifests;
  /** The axon's name, which no other axon of the namespace can have. Absent for a platform. */
  readonly axon?: { readonly name: string; readonly namespace: string };
}

/** A use of a name: by an object, or without a manifest by the axon itself. */
interface Claim {
  readonly owner: ObjectOwner;
  readonly manifest?: Manifest;
}

/** The objects of one name that two constructs create. */
interface Conflict {
  readonly other: ObjectOwner;
  /** Empty for two axons of one name: that is one problem, and not one for each of their objects. */
  readonly manifests: Manifest[];
}

/** Claims by name and chart. The first owner of a name in a chart keeps it; the first chart is the one that used the name first. */
type Names = Map<string, Map<Chart, Claim>>;

/** The names of each tree of constructs. An app validates all of its charts together, so an axon is compared with those of all charts. */
const TREES = new WeakMap<IConstruct, Names>();

/** The objects of an axon without the labels of a chart and patches, for a comparison of axons that come from files. */
export function namedContents(manifests: readonly Manifest[]): NamedContent[] {
  return manifests.map((manifest) => ({ ...named(manifest), content: JSON.stringify(manifest) }));
}

/**
 * Records the objects that a construct creates, and returns its conflicts with constructs that were recorded before: two axons of one
 * name in one namespace, and objects of one name whose content differs. Applied together, one would overwrite the other without a message.
 *
 * A conflict is an error within a chart. It is a warning across charts, because they may be for different clusters.
 *
 * A name is compared with its first owner in the tree and its first owner in the chart, and contents are rendered only where names are
 * equal, so the cost does not depend on the number of charts.
 */
export function nameConflicts(owner: ObjectOwner, manifests: readonly Manifest[]): Problem[] {
  const names = namesOf(owner.construct.node.root);
  const conflicts = new Map<Construct, Conflict>();
  for (const claim of claimsOf(owner, manifests)) {
    for (const other of claimName(names, claim)) {
      const { construct } = other.owner;
      const known = conflicts.get(construct);
      if (claim.manifest === undefined) {
        conflicts.set(construct, { other: other.owner, manifests: [] });
      } else if (known?.manifests.length !== 0 && contentOf(claim) !== contentOf(other)) {
        conflicts.set(construct, { other: other.owner, manifests: [...known?.manifests ?? [], claim.manifest] });
      }
    }
  }
  return [...conflicts.values()].map((conflict) => problemOf(owner, conflict));
}

function namesOf(root: IConstruct): Names {
  const names: Names = TREES.get(root) ?? new Map();
  TREES.set(root, names);
  return names;
}

function claimsOf(owner: ObjectOwner, manifests: readonly Manifest[]): Claim[] {
  return [...(owner.axon === undefined ? [] : [{ owner }]), ...manifests.map((manifest) => ({ owner, manifest }))];
}

/** Claims a name, and returns the claims of other constructs that it is compared with: the first in the tree and the first in the chart. */
function claimName(names: Names, claim: Claim): Claim[] {
  const name = nameOf(claim);
  const charts = names.get(name) ?? new Map<Chart, Claim>();
  names.set(name, charts);
  const chart = Chart.of(claim.owner.construct);
  const inChart = charts.get(chart);
  if (inChart === undefined || inChart.owner.construct === claim.owner.construct || !isCurrent(inChart)) {
    charts.set(chart, claim);
  }
  return [...new Set([firstOf(charts), charts.get(chart)])]
    .filter((other): other is Claim => other !== undefined && other.owner.construct !== claim.owner.construct);
}

function nameOf({ owner, manifest }: Claim): string {
  return manifest === undefined ? `${owner.axon!.namespace}/${owner.axon!.name}` : named(manifest).text;
}

function firstOf(charts: Map<Chart, Claim>): Claim | undefined {
  for (const claim of charts.values()) {
    if (isCurrent(claim)) {
      return claim;
    }
  }
  return undefined;
}

/** Whether a construct is still in the tree and still creates the object: a program can change both between two syntheses. */
function isCurrent({ owner, manifest }: Claim): boolean {
  const { id, scope } = owner.construct.node;
  return scope?.node.tryFindChild(id) === owner.construct && (manifest === undefined || owner.objects.has(manifest));
}

/** The object with the labels of its chart and all patches, which differ where the manifests of two owners are the same. */
function contentOf({ owner, manifest }: Claim): string {
  return JSON.stringify(owner.objects.rendered(manifest!));
}

function problemOf(owner: ObjectOwner, { other, manifests }: Conflict): Problem {
  const { path } = owner.construct.node;
  const label = `the ${other.axon === undefined ? 'platform' : 'axon'} '${other.construct.node.path}'`;
  const remedy = owner.axon === undefined && other.axon === undefined ? 'create one Platform for the namespace, and give it to every axon' : undefined;
  const problem = manifests.length === 0 ? sameName(path, owner.axon!, label) : sameObjects(path, manifests.map(named), label, remedy);
  const [chart, otherChart] = [Chart.of(owner.construct), Chart.of(other.construct)];
  return chart === otherChart ? problem : {
    ...problem,
    severity: 'warning',
    rule: [problem.rule, `, and one overwrites the other if the charts '${otherChart.node.path}' and '${chart.node.path}' are applied to one cluster`],
    remedy: [problem.remedy, '; if the charts are for different clusters, put them into two apps'],
  };
}

function named({ kind, name, namespace }: Manifest): NamedObject {
  return { kind, text: `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}` };
}

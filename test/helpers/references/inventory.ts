import { Manifest } from '../manifests';

/** What exists beside the objects that are walked, because somebody else brings it. */
export interface Elsewhere {
  /** Secrets, as `name/key`. */
  readonly secrets?: string[];
  /** Claims of the axons' stores. */
  readonly claims?: string[];
  /** Service accounts. */
  readonly accounts?: string[];
  /** Namespaces whose objects are not among ours: a gateway that is shared by all. */
  readonly namespaces?: string[];
}

/** All objects of a synthesis by kind and name, and what was found wrong with them. */
export class Inventory {
  public readonly findings: string[] = [];

  constructor(public readonly objects: Manifest[], public readonly elsewhere: Elsewhere = {}) {}

  public ofKind(...kinds: string[]): Manifest[] {
    return this.objects.filter((object) => kinds.includes(object.kind));
  }

  public get(kind: string, name: string, namespace: string): Manifest | undefined {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
  }

  /** The same, and a finding when it is not there. */
  public need(by: Manifest, what: string, kind: string, name: string, namespace: string = by.metadata.namespace): Manifest | undefined {
    const found = this.get(kind, name, namespace);
    if (found === undefined) {
      this.report(by, `${what} names ${kind} '${namespace}/${name}', which does not exist`);
    }
    return found;
  }

  public needAccount(by: Manifest, what: string, name: string | undefined): void {
    if (name === undefined) {
      this.report(by, `${what} runs under the namespace's default account`);
    } else if (!(this.elsewhere.accounts ?? []).includes(name)) {
      this.need(by, what, 'ServiceAccount', name);
    }
  }

  public needClaim(by: Manifest, what: string, name: string): void {
    if (!(this.elsewhere.claims ?? []).includes(name)) {
      this.need(by, what, 'PersistentVolumeClaim', name);
    }
  }

  /** The bootstrap Job makes a Secret; all others are the user's. */
  public needSecret(by: Manifest, what: string, name: string, key: string): void {
    const made = this.ofKind('Job').some((job) => {
      const args: string[] = job.spec.template.spec.containers[0].args;
      return job.metadata.namespace === by.metadata.namespace && args.includes(`--secret=${name}`) && args.includes(`--key=${key}`);
    });
    if (!made && !(this.elsewhere.secrets ?? []).includes(`${name}/${key}`)) {
      this.report(by, `${what} names key '${key}' of Secret '${name}', which nobody makes`);
    }
  }

  public check(by: Manifest, holds: boolean, sentence: string): void {
    if (!holds) {
      this.report(by, sentence);
    }
  }

  public report(by: Manifest, sentence: string): void {
    this.findings.push(`${by.kind}/${by.metadata.name}: ${sentence}`);
  }
}

/** The contract documents of an axon, by the key that they lie under. */
export function documents(inventory: Inventory, key: string): { object: Manifest; document: Manifest }[] {
  return inventory.ofKind('ConfigMap').filter((object) => object.data?.[key] !== undefined)
    .map((object) => ({ object, document: JSON.parse(object.data[key]) }));
}

/** The names of parameters, tasks, ports: of all that has one. */
export function namesOf(named: Manifest[] | undefined): string[] {
  return (named ?? []).map((item) => item.name);
}

/** What stands more than once in a list. */
export function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

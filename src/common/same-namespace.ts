import { invalid } from '../problem/error';

/** The namespace that cdk8s-plus gives to an imported account that states none, so it says nothing about the account. */
const UNSTATED = 'default';

/** What is looked at of an account or a claim of cdk8s-plus. A check by `instanceof` would load that library. */
interface NamespacedObject {
  readonly name: string;
  /** Set on an object that the app creates. */
  readonly metadata?: { readonly namespace?: string };
  /** Set on an account. */
  toSubjectConfiguration?(): { readonly namespace?: string };
}

/**
 * Rejects an account or a claim that lies in another namespace than the axon, as far as its namespace is known: pods can use neither.
 *
 * @param prop      the property that refers to the object
 * @param noun      the object in the remedy
 * @param namespace the namespace of the axon
 */
export function requireSameNamespace(prop: string, noun: string, object: NamespacedObject, namespace: string): void {
  const other = namespaceOf(object);
  if (other !== undefined && other !== namespace) {
    throw invalid('other-namespace', prop, `${other}/${object.name}`, `is in another namespace than the axon (${namespace}), whose pods cannot use it`,
      `use ${noun} of the namespace of the axon`);
  }
}

function namespaceOf(object: NamespacedObject): string | undefined {
  if (object.metadata !== undefined) {
    return object.metadata.namespace;
  }
  const stated = object.toSubjectConfiguration?.().namespace;
  return stated === UNSTATED ? undefined : stated;
}

import { either, Phrase, phrase, prop } from '../problem/phrase';
import { error, Problem } from '../problem/problem';

/** An object in messages. */
export interface NamedObject {
  readonly kind: string;
  /** Kind, namespace and name. */
  readonly text: string;
}

/** An object and its fields as JSON. */
export interface NamedContent extends NamedObject {
  readonly content: string;
}

/** The problem of an axon whose name another axon of the namespace has. */
export function sameName(path: string, { name, namespace }: { readonly name: string; readonly namespace: string }, other: string): Problem {
  return error(path, 'duplicate', 'axonName', name, `is also the name of ${other} in namespace '${namespace}'`,
    phrase`give one of them another ${prop('axonName')} or ${prop('namespace')}`);
}

/** The problem of objects that another axon or platform creates under the same names with other content. */
export function sameObjects(path: string, objects: readonly NamedObject[], other: string, remedy: Phrase = remedyOf(objects[0])): Problem {
  const [{ text }, ...more] = objects;
  return error(path, 'duplicate', 'object', `${text}${more.length === 0 ? '' : ` and ${more.length} more`}`, `is also created by ${other}, with other content`, remedy);
}

function remedyOf({ kind }: NamedObject): Phrase {
  switch (kind) {
    case 'PersistentVolumeClaim': return phrase`give one of the claims another ${either("'claimName'", "'name'")}`;
    case 'ServiceAccount': case 'Role': case 'RoleBinding': return phrase`give one of the axons another ${prop('serviceAccountName')}`;
    default: return phrase`give one of the axons another ${prop('axonName')}`;
  }
}

import { ObjectError } from '../objects/object-error.js';
import { apiVersionOf, kindAt, type ApiKind } from './kinds.js';

/** What the path of a request to the API names. */
export interface Address {
  readonly kind: ApiKind;
  /** As the path has it: `apps/v1`. */
  readonly apiVersion: string;
  /** Absent for kinds without one and for a look at all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** The groups of the API server itself: it answers for all of their addresses, and for those of custom kinds only where there is one. */
const BUILT_IN: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'networking.k8s.io', 'rbac.authorization.k8s.io']);

/** What is answered, as a page, where nobody answers. */
export const NO_PAGE = '404 page not found\n';

/** Reads the path of a request. Throws NotFound, as the API server does for what nobody serves. */
export function addressOf(path: string): Address {
  const [root, ...rest] = path.split('/').filter((part) => part !== '').map(decoded);
  const [group, version, ...place] = root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  if (group === undefined || version === undefined || place.length === 0) throw unserved();
  // `namespaces/x` is an object, `namespaces/x/pods` a place.
  const [namespace, plural, name, subresource, ...more] = place[0] === 'namespaces' && place.length > 2 ? place.slice(1) : [undefined, ...place];
  const kind = plural === undefined ? undefined : kindAt(group, version, plural);
  const misplaced = kind?.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined;
  if (kind === undefined && !BUILT_IN.has(group)) throw new ObjectError('NotFound', NO_PAGE);
  if (kind === undefined || more.length > 0 || misplaced) throw unserved();
  return { kind, apiVersion: apiVersionOf(group, version), namespace, name, subresource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unserved();
  }
}

function unserved(): ObjectError {
  return new ObjectError('NotFound', 'the server could not find the requested resource');
}

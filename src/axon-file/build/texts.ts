import { Leaf } from '../schema/shape';

/** The values of a map of texts. */
export function texts(leaves: Record<string, Leaf<string>> | undefined): Record<string, string> | undefined {
  return leaves && Object.fromEntries(Object.entries(leaves).map(([key, { value }]) => [key, value]));
}

/**
 * Whether what is wanted is there: every wanted field has its value, lists have their lengths. What the API server adds is no difference,
 * and since it drops empty texts, lists and maps, an absent field equals an empty one.
 */
export function contains(present: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted) && isEmpty(present)) return true;
  if (Array.isArray(wanted)) {
    return Array.isArray(present) && present.length === wanted.length && wanted.every((item, index) => contains(present[index], item));
  }
  if (isMap(wanted)) return isMap(present) && Object.entries(wanted).every(([key, value]) => contains(present[key], value));
  return present === wanted;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A set of labels; a label with an empty value is the same as no label, so none is kept. */
export type Labels = Readonly<Record<string, string>>;

export const NAME = '__name__';

const keys = new WeakMap<Labels, string>();

/** The same text for the same labels, whatever their order. */
export function labelsKey(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = JSON.stringify(sortedEntries(labels));
    keys.set(labels, key);
  }
  return key;
}

/** By name, in byte order as Prometheus sorts them. */
export function sortedEntries(labels: Labels): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The value of a label, empty if there is none. */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name] : '';
}

export function withoutName(labels: Labels): Labels {
  return Object.hasOwn(labels, NAME) ? without(labels, [NAME]) : labels;
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** The labels with these set; an empty value removes one. */
export function withLabels(labels: Labels, changes: Labels): Labels {
  return Object.fromEntries(Object.entries({ ...labels, ...changes }).filter(([, value]) => value !== ''));
}

/** As Prometheus writes a series: `up{job="digits"}`. */
export function labelsText(labels: Labels): string {
  const rest = sortedEntries(withoutName(labels)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${labelOf(labels, NAME)}{${rest.join(', ')}}`;
}

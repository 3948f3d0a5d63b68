/** Where something stands in a text: offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span, and what stands there: `spec.tasks[0].train`. */
export interface Place extends Span {
  readonly path: string;
}

/** A text, number, flag or nothing. */
export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  /** As written, without quotes: a revision of `4120e10` must not become a number on the way. */
  readonly text: string;
  /** What YAML 1.2 reads it as. */
  readonly value: string | number | boolean | null;
  /** Written without quotes. */
  readonly plain: boolean;
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: Node[];
}

export interface Entry {
  key: string;
  readonly keySpan: Span;
  value: Node;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly entries: Entry[];
}

/** A value of a YAML document that knows its place. Aliases share the node that they stand for. */
export type Node = ScalarNode | ListNode | MapNode;

export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

export function member(node: Node | undefined, key: string): Node | undefined {
  return entryOf(node, key)?.value;
}

export function itemsOf(node: Node | undefined): Node[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar; undefined for anything else, and for nothing. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

export function isNothing(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** A value as messages show it. */
export function shownNode(node: Node | undefined): string {
  if (node === undefined || isNothing(node)) {
    return 'nothing';
  }
  switch (node.kind) {
    case 'scalar':
      return node.text.length > 120 ? `${node.text.slice(0, 117)}...` : node.text;
    case 'list':
      return node.items.length === 0 ? '[]' : 'a list';
    case 'map':
      return node.entries.length === 0 ? '{}' : 'a map';
  }
}

/** The place of a value: its own where it is short, that of its key where it goes on over lines. */
export function placeOf(entry: Entry, path: string): Place {
  const { value, keySpan } = entry;
  return value.kind === 'scalar' && value.value !== null && value.end > value.start ? { ...spanOf(value), path } : { ...keySpan, path };
}

/** The path of a key. */
export function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

export function spanOf({ start, end }: Span): Span {
  return { start, end };
}

import { identifier } from '../../loop/names';
import { below, Entry, entryOf, isNothing, itemsOf, MapNode, member, Node, Place, placeOf, spanOf, textOf } from '../yaml/node';

/** Where the keys of a map stand. */
export class Keys {
  constructor(private readonly node: MapNode, public readonly place: Place) {}

  /** Whether a key is there and holds something, be it right or wrong. */
  public has(key: string): boolean {
    return !isNothing(entryOf(this.node, key)?.value);
  }

  /** The place of a key's value; of the map where there is no such key. */
  public at(key: string): Place {
    const entry = entryOf(this.node, key);
    return entry === undefined ? this.place : placeOf(entry, below(this.place.path, key));
  }

  /**
   * The closest place to what a problem is about: the value of a key further in, or within it the
   * very text that the problem shows.
   *
   * @param path keys joined by dots, with the index of an item of a list behind its key: `volumes[0].name`; keys may hold dots themselves
   * @param got  the value as the problem shows it
   * @param item the item of a list, by index or name, or the key of a map that is meant
   */
  public closest(path: string, got: string, item?: number | string): Place {
    let node: Node = this.node;
    let place = this.place;
    let rest = path;
    while (rest !== '') {
      const step = stepInto(node, rest, place.path);
      if (step === undefined) {
        break;
      }
      ({ node, place, rest } = step);
    }
    if (node.kind === 'scalar') {
      return place;
    }
    const found = item === undefined ? undefined : itemOf(node, item, place.path);
    return (found && shownWithin(found.node, got, found.path)) ?? shownWithin(node, got, place.path) ?? found?.place ?? place;
  }
}

/** One step along a path: into the value of a key, or into an item of a list. */
function stepInto(node: Node, rest: string, path: string): { readonly node: Node; readonly place: Place; readonly rest: string } | undefined {
  if (node.kind === 'list') {
    const [step, index] = /^\[(\d+)\]\.?/.exec(rest) ?? [];
    const item = step === undefined ? undefined : node.items[Number(index)];
    return item && { node: item, place: { ...spanOf(item), path: `${path}[${index}]` }, rest: rest.slice(step!.length) };
  }
  const entry: Entry | undefined = node.kind === 'map'
    ? node.entries.filter(({ key }) => rest === key || /^[.[]/.test(rest.startsWith(key) ? rest.slice(key.length) : '')).sort((a, b) => b.key.length - a.key.length)[0]
    : undefined;
  return entry && { node: entry.value, place: placeOf(entry, below(path, entry.key)), rest: rest.slice(entry.key.length).replace(/^\./, '') };
}

type Likeness = (text: string, got: string) => boolean;

/** From the surest to the vaguest way in which a text of the file can be the one that a message shows. */
const LIKENESSES: readonly Likeness[] = [
  (text, got) => text === got,
  (text, got) => identifier(text) === got,
  (text, got) => got.startsWith(`${text}: `),
  (text, got) => got.length > 2 && text.includes(got),
];

/** An item of a list or an entry of a map, with its path and the place that names it. Of several items of one name the last counts. */
function itemOf(node: Node, item: number | string, path: string): { readonly node: Node; readonly path: string; readonly place: Place } | undefined {
  if (node.kind === 'map') {
    const entry = entryOf(node, String(item));
    return entry && { node: { ...node, entries: [entry] }, path, place: placeOf(entry, below(path, entry.key)) };
  }
  const index = typeof item === 'number' ? item : itemsOf(node).map(nameOf).lastIndexOf(item);
  const found = itemsOf(node)[index];
  if (found === undefined) {
    return undefined;
  }
  const inside = `${path}[${index}]`;
  const name = entryOf(found, 'name');
  return { node: found, path: inside, place: name === undefined ? { ...spanOf(found), path: inside } : placeOf(name, below(inside, 'name')) };
}

/** The name of an item: the text of its `name`, or its own. */
function nameOf(item: Node): string | undefined {
  return textOf(member(item, 'name') ?? item);
}

function shownWithin(node: Node, got: string, path: string): Place | undefined {
  const leaves = leavesOf(node, path);
  for (const like of LIKENESSES) {
    const found = leaves.find(({ text }) => like(text, got));
    if (found !== undefined) {
      return found.place;
    }
  }
  return undefined;
}

function leavesOf(node: Node, path: string): { readonly text: string; readonly place: Place }[] {
  switch (node.kind) {
    case 'scalar':
      return [{ text: node.text, place: { ...spanOf(node), path } }];
    case 'list':
      return node.items.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
    case 'map':
      return node.entries.flatMap(({ key, keySpan, value }) => [
        { text: key, place: { ...spanOf(keySpan), path: below(path, key) } }, ...leavesOf(value, below(path, key)),
      ]);
  }
}

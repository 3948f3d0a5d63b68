import { identifier } from '../../private/names';
import { below, Entry, entryOf, isNothing, MapNode, Node, Place, placeOf, spanOf } from '../yaml/node';

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
   * The closest place to what a message is about: the value of a key further in, or within it the
   * very text that the message shows.
   *
   * @param path keys joined by dots; keys may hold dots themselves
   * @param got  the value as the message shows it
   * @param last whether the last of several such texts is meant, and not the first
   */
  public closest(path: string, got: string, last: boolean = false): Place {
    let node: Node = this.node;
    let place = this.place;
    let rest = path;
    while (rest !== '') {
      const entry: Entry | undefined = node.kind === 'map'
        ? node.entries.filter(({ key }) => rest === key || rest.startsWith(`${key}.`)).sort((a, b) => b.key.length - a.key.length)[0] : undefined;
      if (entry === undefined) {
        break;
      }
      place = placeOf(entry, below(place.path, entry.key));
      node = entry.value;
      rest = rest.slice(entry.key.length + 1);
    }
    return node.kind === 'scalar' ? place : shownWithin(node, got, place, last) ?? place;
  }
}

type Likeness = (text: string, got: string) => boolean;

/** From the surest to the vaguest way in which a text of the file can be the one that a message shows. */
const LIKENESSES: readonly Likeness[] = [
  (text, got) => text === got,
  (text, got) => identifier(text) === got,
  (text, got) => got.startsWith(`${text}: `),
  (text, got) => got.length > 2 && text.includes(got),
];

function shownWithin(node: Node, got: string, place: Place, last: boolean): Place | undefined {
  const leaves = last ? leavesOf(node, place.path).reverse() : leavesOf(node, place.path);
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

import { Report } from '../report';
import { below, Entry, entryOf, isNothing, MapNode, Node, shownNode, Span, spanOf } from '../yaml/node';

/** A value and its path, while older shapes are rewritten in place. */
export class Cursor {
  constructor(public readonly node: Node | undefined, public readonly path: string, private readonly report: Report) {}

  /** The value of a key. */
  public into(key: string): Cursor {
    return new Cursor(entryOf(this.node, key)?.value, below(this.path, key), this.report);
  }

  /** The items of a list; none for anything else. */
  public items(): Cursor[] {
    return this.node?.kind === 'list' ? this.node.items.map((item, index) => new Cursor(item, `${this.path}[${index}]`, this.report)) : [];
  }

  public get map(): MapNode | undefined {
    return this.node?.kind === 'map' ? this.node : undefined;
  }

  public has(key: string): boolean {
    return !isNothing(entryOf(this.node, key)?.value);
  }

  /** The text of a key's value. */
  public text(key: string): string | undefined {
    const value = entryOf(this.node, key)?.value;
    return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
  }

  /** Takes a key out, with its value. */
  public take(key: string): Entry | undefined {
    const { map } = this;
    const index = map?.entries.findIndex((entry) => entry.key === key) ?? -1;
    return index < 0 ? undefined : map!.entries.splice(index, 1)[0];
  }

  /** Puts a key in. */
  public put(key: string, value: Node, keySpan: Span): void {
    this.map?.entries.push({ key, keySpan: { start: keySpan.start, end: keySpan.end }, value });
  }

  /** Gives a key its present name; says so, unless both names are good. */
  public rename(old: string, now: string, quietly = false): void {
    if (!this.has(old) || entryOf(this.node, now) !== undefined) {
      return;
    }
    const entry = this.take(old)!;
    this.put(now, entry.value, entry.keySpan);
    if (!quietly) {
      this.older(entry, `write '${now}'`);
    }
  }

  /** Says that a key is of an older form. */
  public older(entry: Entry, remedy: string): void {
    this.report.warning({ ...spanOf(entry.keySpan), path: below(this.path, entry.key) }, 'older-form', entry.key, shownNode(entry.value), 'is an older form', remedy);
  }
}

import { suggest } from '../../validate/suggest';
import { Report } from '../report';
import { Leaf } from '../schema/shape';

/** Things of one kind by their names, as the file writes them. */
export class Names<T> {
  private readonly named = new Map<string, { readonly thing: T; readonly line: number }>();

  /**
   * @param noun  what the things are, in messages: `task`
   * @param whole what they belong to
   */
  constructor(private readonly noun: string, private readonly report: Report, private readonly whole: string = 'the axon') {}

  /** Takes a name in; a second thing of that name is refused. */
  public add(name: Leaf<string>, thing: T): boolean {
    const there = this.named.get(name.value);
    if (there !== undefined) {
      this.report.error(name.place, 'duplicate', 'name', name.value, `is the name of another ${this.noun}, in line ${there.line}`, 'rename one of them');
      return false;
    }
    this.named.set(name.value, { thing, line: this.report.source.position(name.place.start).line });
    return true;
  }

  /** What a name refers to, if anything. */
  public get(name: string): T | undefined {
    return this.named.get(name)?.thing;
  }

  /** What a name refers to; a name of nothing is complained about, at the key that holds it. */
  public find(key: string, name: Leaf<string>): T | undefined {
    const found = this.named.get(name.value);
    if (found === undefined) {
      this.report.error(name.place, 'not-found', key, name.value, `is no ${this.noun} of ${this.whole}`, this.named.size === 0 ? 'declare it' : suggest(name.value, this.names));
    }
    return found?.thing;
  }

  public get names(): string[] {
    return [...this.named.keys()];
  }

  public get all(): T[] {
    return [...this.named.values()].map(({ thing }) => thing);
  }

  /** The thing, where there is exactly one. */
  public get only(): T | undefined {
    return this.named.size === 1 ? this.all[0] : undefined;
  }
}

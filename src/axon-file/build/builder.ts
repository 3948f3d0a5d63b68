import { Construct } from 'constructs';
import { Axon } from '../../axon';
import { BrokenRule } from '../../private/errors';
import { Report } from '../report';
import { Keys } from '../schema/keys';
import { inFileWords, partsOf, Words } from './words';

/** What a construct was made of. */
export interface Origin {
  readonly keys: Keys;
  readonly words: Words;
}

/**
 * Makes the constructs of one axon, and knows of each where in the file it comes from.
 *
 * Whatever cannot be made is complained about where it stands and replaced by a stand-in where
 * others refer to it, so that one mistake causes one message. Where there is no stand-in either, the
 * builder is incomplete, and what only the whole loop can tell is not told.
 */
export class Builder {
  /** Something that others refer to is missing. */
  public incomplete = false;

  private readonly origins = new Map<Construct, Origin>();

  constructor(public readonly axon: Axon, public readonly report: Report) {}

  /** A scope for one kind of parts: sensors may be called like tasks. */
  public room(name: string): Construct {
    return this.axon.node.tryFindChild(name) as Construct | undefined ?? new Construct(this.axon, name);
  }

  /** Makes a construct, or something that one is made of; a rule that it breaks is told in the words of the file. */
  public attempt<T>(origin: Origin, make: () => T): T | undefined {
    try {
      const made = make();
      if (made instanceof Construct) {
        this.origins.set(made, origin);
      }
      return made;
    } catch (e) {
      if (!(e instanceof BrokenRule)) {
        throw e;
      }
      this.tell('error', origin, e.message, e.prop);
      return undefined;
    }
  }

  /** Makes a part below a scope; where that fails, nothing of it is left there. */
  public attemptPart<T extends Construct>(origin: Origin, scope: Construct, id: string, make: () => T): T | undefined {
    const made = this.attempt(origin, make);
    if (made === undefined) {
      scope.node.tryRemoveChild(id);
    }
    return made;
  }

  /** Tells what is wrong with the loop as a whole. */
  public tellProblems(): void {
    for (const { severity, source, prop = '', message } of this.axon._problems()) {
      const origin = this.origins.get(source);
      if (origin !== undefined) {
        this.tell(severity, origin, message, prop);
      }
    }
  }

  private tell(severity: 'error' | 'warning', { keys, words }: Origin, text: string, prop: string): void {
    const parts = partsOf(text);
    const path = [parts?.prop ?? prop, prop].map((name) => words[name] ?? name).find((name) => keys.has(name.split('.')[0])) ?? '';
    const place = keys.closest(path, parts?.got ?? '');
    if (severity === 'error') {
      this.report.error(place, inFileWords(text, words));
    } else {
      this.report.warning(place, inFileWords(text, words));
    }
  }
}

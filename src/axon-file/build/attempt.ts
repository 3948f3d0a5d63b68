import { BrokenRule } from '../../private/errors';
import { Report } from '../report';
import { Keys } from '../schema/keys';
import { inFileWords, partsOf, Words } from './words';

/** What something was made of: the section of the file, and which of its keys became which property. */
export interface Origin {
  readonly keys: Keys;
  readonly words: Words;
}

/** Makes something out of a section; a rule that this breaks is told in the words of the file. */
export function attempt<T>(report: Report, origin: Origin, make: () => T): T | undefined {
  try {
    return make();
  } catch (e) {
    if (!(e instanceof BrokenRule)) {
      throw e;
    }
    tell(report, 'error', origin, e.message, e.prop);
    return undefined;
  }
}

/** Tells what a construct complains about, as close as possible to where the file says it. */
export function tell(report: Report, severity: 'error' | 'warning', { keys, words }: Origin, text: string, prop: string): void {
  const parts = partsOf(text);
  const path = [parts?.prop ?? prop, prop].map((name) => spelt(name, words)).find((name) => keys.has(name.split('.')[0])) ?? '';
  const place = keys.closest(path, parts?.got ?? '', / twice\b/.test(parts?.rest ?? ''));
  if (severity === 'error') {
    report.error(place, inFileWords(text, words));
  } else {
    report.warning(place, inFileWords(text, words));
  }
}

/** The path of a property, which may go on inside its key: `resources.limits.cpu`. */
function spelt(prop: string, words: Words): string {
  const [first] = prop.split('.');
  const own = (name: string) => (Object.hasOwn(words, name) ? words[name] : undefined);
  return own(prop) ?? `${own(first) ?? first}${prop.slice(first.length)}`;
}

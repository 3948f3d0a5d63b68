import { ProblemError } from '../../problem/error';
import { Problem } from '../../problem/problem';
import { Words } from '../../problem/render';
import { shown } from '../../problem/shown';
import { Report } from '../report';
import { Keys } from '../schema/keys';
import { Place } from '../yaml/node';

/** What something was made of: the section of the file, and which of its keys became which property. */
export interface Origin {
  readonly keys: Keys;
  readonly words: Words;
}

/** Makes something out of a section; reports the problem that this throws in the words of the file. */
export function attempt<T>(report: Report, origin: Origin, make: () => T): T | undefined {
  try {
    return make();
  } catch (e) {
    if (!(e instanceof ProblemError)) {
      throw e;
    }
    reportProblem(report, origin, e.problem);
    return undefined;
  }
}

/** Reports a problem of a construct at the place of the file that is closest to its cause. */
export function reportProblem(report: Report, origin: Origin, problem: Problem): void {
  report.add(placeOf(origin, problem), problem, origin.words);
}

function placeOf({ keys, words }: Origin, { prop, within = prop, item, value }: Problem): Place {
  const path = keyPath(within, words);
  return keys.closest(keys.has(path.split('.')[0]) ? path : '', shown(value), item);
}

/** The path of a property, which may go on inside its key: `resources.limits.cpu`. */
function keyPath(prop: string, words: Words): string {
  const [first] = prop.split('.');
  const own = (name: string) => (Object.hasOwn(words, name) ? words[name] : undefined);
  return own(prop) ?? `${own(first) ?? first}${prop.slice(first.length)}`;
}

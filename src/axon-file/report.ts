import { Finding, FindingSeverity } from './finding';
import { Place } from './yaml/node';
import { SourceText } from './yaml/source-text';

/** Thrown to end the reading of a file of which nothing more can be said. */
export class Stop extends Error {}

interface Entry {
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  readonly text: string;
}

/** Collects everything that is wrong with one file. */
export class Report {
  private readonly entries: Entry[] = [];

  constructor(public readonly source: SourceText, private readonly options: { readonly lenient: boolean; readonly strict: boolean }) {}

  public error(place: Place, text: string): void {
    this.add({ severity: 'error', place, text });
  }

  public warning(place: Place, text: string): void {
    this.add({ severity: this.options.strict ? 'error' : 'warning', place, text });
  }

  /** A key that nothing is known of: an error, unless the user wants to get by. */
  public unknownKey(place: Place, text: string): void {
    if (this.options.lenient) {
      this.warning(place, text);
    } else {
      this.error(place, text);
    }
  }

  public stop(place: Place, text: string): never {
    this.error(place, text);
    throw new Stop(text);
  }

  public get failed(): boolean {
    return this.entries.some(({ severity }) => severity === 'error');
  }

  /** All findings by their place. */
  public findings(): Finding[] {
    return [...this.entries].sort((a, b) => a.place.start - b.place.start).map(({ severity, place, text }) => {
      const { line, column } = this.source.position(place.start);
      const source = this.source.line(line);
      return {
        severity: severity === 'error' ? FindingSeverity.ERROR : FindingSeverity.WARNING,
        file: this.source.file,
        line,
        column,
        path: place.path,
        message: text,
        source,
        length: Math.max(1, Math.min(place.end - place.start, source.length - column + 1)),
      };
    });
  }

  private add(entry: Entry): void {
    // The same mistake can come to light on two ways: through an alias, or in a constructor and in the end.
    if (!this.entries.some(({ place, text }) => place.start === entry.place.start && text === entry.text)) {
      this.entries.push(entry);
    }
  }
}

const WIDEST = 120;

/** A finding as compilers write it: the place, the message, the line, and what of it is meant. */
export function formatFinding({ severity, file, line, column, message, source, length }: Finding): string {
  const from = Math.max(0, Math.min(column - 1 - 40, source.length - WIDEST));
  const cut = from > 0 ? '...' : '';
  const shown = `${cut}${source.slice(from, from + WIDEST)}${from + WIDEST < source.length ? '...' : ''}`;
  const before = `${cut.replace(/./g, ' ')}${source.slice(from, column - 1).replace(/[^\t]/g, ' ')}`;
  const marked = `^${'~'.repeat(Math.max(0, Math.min(length, WIDEST - (column - 1 - from)) - 1))}`;
  const place = `${file}:${line}:${column}: ${severity}: ${message}`;
  return source.trim() === '' ? place : `${place}\n    ${shown}\n    ${before}${marked}`;
}

import { Finding, FindingSeverity } from './finding';
import { Place, Span } from './yaml/node';
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
  private readonly hidden: Span[] = [];

  constructor(public readonly source: SourceText, private readonly options: { readonly lenient: boolean; readonly strict: boolean }) {}

  public error(place: Place, text: string): void {
    this.add({ severity: 'error', place, text });
  }

  public warning(place: Place, text: string): void {
    this.add({ severity: this.options.strict ? 'error' : 'warning', place, text });
  }

  /** A key that nothing is known of: refused, unless the user wants to get by. */
  public unknownKey(place: Place, text: string): boolean {
    if (this.options.lenient) {
      this.warning(place, text);
    } else {
      this.error(place, text);
    }
    return !this.options.lenient;
  }

  /** Keeps a value out of the lines that findings show: logs are read by more people than files. */
  public hide(span: Span): void {
    this.hidden.push(span);
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
      const source = this.shown(line, place.start - column + 1);
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

  private shown(line: number, start: number): string {
    return this.hidden.reduce((text, span) => {
      const [from, to] = [Math.max(0, span.start - start), Math.min(text.length, span.end - start)];
      return from < to ? `${text.slice(0, from)}${'*'.repeat(to - from)}${text.slice(to)}` : text;
    }, this.source.line(line)).replace(/(:\/\/)([^/@\s]+)(?=@)/g, (_, scheme: string, secret: string) => `${scheme}${'*'.repeat(secret.length)}`);
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
  const place = `${file}:${line}:${column}: ${severity}: ${printable(message)}`;
  return source.trim() === '' ? place : `${place}\n    ${printable(shown)}\n    ${before}${marked}`;
}

/** What a file holds must not break lines or reach a terminal as a command; a tab moves only the cursor. */
function printable(text: string): string {
  return text.replace(/\n/g, '\\n').replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\uFFFD');
}

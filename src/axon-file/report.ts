import { ProblemCode } from '../problem/codes';
import { Phrase } from '../problem/phrase';
import { error, Problem, warning } from '../problem/problem';
import { textOf, Words } from '../problem/render';
import { AxonFileProblem, ProblemSeverity } from './axon-file-problem';
import { Place, Span } from './yaml/node';
import { SourceText } from './yaml/source-text';

interface Entry {
  readonly place: Place;
  readonly problem: Problem;
  readonly text: string;
}

/** Collects the problems of one file. */
export class Report {
  private readonly entries: Entry[] = [];
  private readonly hidden: Span[] = [];

  constructor(public readonly source: SourceText, private readonly options: { readonly lenient: boolean; readonly strict: boolean }) {}

  public error(place: Place, code: ProblemCode, key: string, value: unknown, rule: Phrase, remedy: Phrase): void {
    this.add(place, error(place.path, code, key, value, rule, remedy));
  }

  public warning(place: Place, code: ProblemCode, key: string, value: unknown, rule: Phrase, remedy: Phrase): void {
    this.add(place, warning(place.path, code, key, value, rule, remedy));
  }

  /** Reports a key that the format does not have: an error, or a warning in lenient mode. Returns whether it is an error. */
  public unknownKey(place: Place, key: string, rule: string, remedy: string): boolean {
    const report = this.options.lenient ? warning : error;
    this.add(place, report(place.path, 'unknown-key', key, 'key', rule, remedy));
    return !this.options.lenient;
  }

  /**
   * Adds a problem.
   * @param words the keys that the properties in its text come from
   */
  public add(place: Place, problem: Problem, words: Words = {}): void {
    const text = textOf(problem, { words });
    // The same mistake can come to light on two ways: through an alias, or in a constructor and in the end.
    if (!this.entries.some((entry) => entry.place.start === place.start && entry.text === text)) {
      this.entries.push({ place, problem, text });
    }
  }

  /** Keeps a value out of the lines that problems show: logs are read by more people than files. */
  public hide(span: Span): void {
    this.hidden.push(span);
  }

  public get failed(): boolean {
    return this.entries.some(({ problem }) => this.severityOf(problem) === ProblemSeverity.ERROR);
  }

  /** All problems by their place. */
  public get problems(): AxonFileProblem[] {
    return [...this.entries].sort((a, b) => a.place.start - b.place.start).map((entry) => this.described(entry));
  }

  /**
   * A problem at a place of the file, without adding it.
   * @param words the keys that the properties in its text come from
   */
  public problemAt(place: Place, problem: Problem, words: Words): AxonFileProblem {
    return this.described({ place, problem, text: textOf(problem, { words }) });
  }

  private described({ place, problem, text }: Entry): AxonFileProblem {
    const { line, column } = this.source.position(place.start);
    const source = this.shown(line, place.start - column + 1);
    return {
      code: problem.code,
      severity: this.severityOf(problem),
      file: this.source.file,
      line,
      column,
      path: place.path,
      message: text,
      source,
      length: Math.max(1, Math.min(place.end - place.start, source.length - column + 1)),
    };
  }

  private severityOf({ severity }: Problem): ProblemSeverity {
    return severity === 'error' || this.options.strict ? ProblemSeverity.ERROR : ProblemSeverity.WARNING;
  }

  private shown(line: number, start: number): string {
    return this.hidden.reduce((text, span) => {
      const [from, to] = [Math.max(0, span.start - start), Math.min(text.length, span.end - start)];
      return from < to ? `${text.slice(0, from)}${'*'.repeat(to - from)}${text.slice(to)}` : text;
    }, this.source.line(line)).replace(/(:\/\/)([^/@\s]+)(?=@)/g, (_, scheme: string, secret: string) => `${scheme}${'*'.repeat(secret.length)}`);
  }
}

const WIDEST = 120;

/** A problem as compilers write it: the place, the message, the line, and a mark below the part that is meant. */
export function formatProblem({ severity, file, line, column, message, source, length }: AxonFileProblem): string {
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

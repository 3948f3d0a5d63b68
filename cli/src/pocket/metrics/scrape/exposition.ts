import { type Labels, NAME } from '../promql/labels.js';

/** A line of what a target exposes; the time, in Unix milliseconds, only where the target gives one. */
export interface Exposed {
  readonly labels: Labels;
  readonly value: number;
  readonly time?: number;
}

const BARE = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const QUOTED = /"((?:[^"\\\n]|\\[\\"n])*)"/y;
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** The samples of Prometheus' text format. Fails with the number of the first line that is none, as Prometheus fails the whole scrape. */
export function parseExposition(text: string): Exposed[] {
  const found: Exposed[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) found.push(new Line(line, i + 1).sample());
  });
  return found;
}

class Line {
  private at = 0;

  constructor(private readonly text: string, private readonly number: number) {}

  sample(): Exposed {
    const pairs: [string, string][] = [];
    const name = this.take(BARE);
    if (name !== undefined) pairs.push([NAME, name]);
    if (this.skip('{')) {
      this.labels(pairs);
    }
    if (!pairs.some(([label]) => label === NAME)) throw this.fault('has no name');
    const [value, time, ...more] = this.text.slice(this.at).trim().split(/[ \t]+/);
    if (more.length > 0 || (time !== undefined && !/^-?\d+$/.test(time))) throw this.fault('has more than a value and a time');
    return {
      labels: Object.fromEntries(pairs.filter(([, content]) => content !== '')),
      value: this.value(value),
      ...(time !== undefined && { time: Number(time) }),
    };
  }

  private labels(pairs: [string, string][]): void {
    while (!this.skip('}')) {
      const quoted = this.quoted();
      const label = quoted ?? this.take(BARE);
      if (label === undefined) throw this.fault('has a broken label');
      if (quoted !== undefined && !this.text.slice(this.at).trimStart().startsWith('=')) {
        pairs.push([NAME, quoted]);
      } else {
        const content = this.skip('=') ? this.quoted() : undefined;
        if (content === undefined) throw this.fault(`gives label '${label}' no value in quotes`);
        if (pairs.some(([known]) => known === label)) throw this.fault(`names label '${label}' twice`);
        pairs.push([label, content]);
      }
      if (!this.skip(',') && !this.text.slice(this.at).trimStart().startsWith('}')) throw this.fault('has no comma between labels');
    }
  }

  private value(text: string): number {
    const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
    if (named !== null) return named[2].toLowerCase() === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
    const value = Number(text);
    if (text === '' || Number.isNaN(value)) throw this.fault(`has the value '${text}', which is no number`);
    return value;
  }

  private quoted(): string | undefined {
    return this.take(QUOTED)?.slice(1, -1).replace(/\\[\\"n]/g, (escape) => ESCAPES[escape]);
  }

  private take(pattern: RegExp): string | undefined {
    this.space();
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match[0];
  }

  private skip(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private space(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private fault(what: string): Error {
    return new Error(`line ${this.number} of the metrics ${what}: '${this.text.slice(0, 120)}'`);
  }
}

/** The value of a variable, or undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A word of a line of shell or Dockerfile, or an operator between words such as `&&`. */
export interface Token {
  readonly text: string;
  readonly operator: boolean;
}

export interface ScanOptions {
  readonly lookup: Lookup;
  /** Whether `&&`, `;`, `|` and their like part words, and unquoted variables fall into several words: as a shell has it, a Dockerfile not. */
  readonly shell?: boolean;
  /** The character that escapes the next one. */
  readonly escape?: string;
  /** Whether spaces belong to the word, which makes it the only one. */
  readonly whole?: boolean;
}

/** Shell text that only a shell can run: a command substitution, say. */
export class NotUnderstood extends Error {}

const OPERATORS = ['&&', '||', ';;', ';', '|', '&', '\n', '(', ')'];
const REDIRECTION = /^\d*(?:>>|>|<)(?:&\d|&-)?/;
const VARIABLE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^}]*))?\})/;

/** The words of a text, with quotes taken off and variables filled in. */
export function scan(text: string, options: ScanOptions): Token[] {
  return new Scanner(text, options).tokens();
}

/** A text as one word. */
export function expand(text: string, lookup: Lookup, escape = '\\'): string {
  return scan(text, { lookup, escape, whole: true })[0]?.text ?? '';
}

class Scanner {
  private readonly found: Token[] = [];
  private word: string | undefined;
  private at = 0;

  constructor(private readonly text: string, private readonly options: ScanOptions) {}

  public tokens(): Token[] {
    while (this.at < this.text.length) this.step();
    this.endWord();
    return this.found;
  }

  private step(): void {
    const char = this.text[this.at];
    if (this.options.shell && (this.operator() || this.redirection())) return;
    if (char === "'") {
      this.quoted();
    } else if (char === '"') {
      this.doubleQuoted();
    } else if (char === (this.options.escape ?? '\\')) {
      this.escaped();
    } else if (!this.options.whole && /\s/.test(char)) {
      this.endWord();
      this.at += 1;
    } else if (this.options.shell && char === '#' && this.word === undefined) {
      this.at = endOfLine(this.text, this.at);
    } else if (this.variable(this.options.shell === true)) {
      return;
    } else {
      this.add(char);
      this.at += 1;
    }
  }

  private operator(): boolean {
    const operator = OPERATORS.find((candidate) => this.text.startsWith(candidate, this.at));
    if (operator === undefined) return false;
    this.endWord();
    this.found.push({ text: operator, operator: true });
    this.at += operator.length;
    return true;
  }

  /** Output to a file comes as one word, `>file`; output to nowhere, or to another stream, is left out. */
  private redirection(): boolean {
    if (this.word !== undefined) return false;
    const match = REDIRECTION.exec(this.text.slice(this.at));
    if (match === null) return false;
    if (match[0].includes('<')) throw new NotUnderstood('input from a file');
    this.at += match[0].length;
    if (/&[\d-]$/.test(match[0])) return true;
    const [all, file] = /^[ \t]*([^\s;&|]*)/.exec(this.text.slice(this.at)) ?? ['', ''];
    this.at += all.length;
    if (file !== '/dev/null') this.found.push({ text: `>${file}`, operator: false });
    return true;
  }

  private quoted(): void {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw new NotUnderstood('a quote that does not end');
    this.add(this.text.slice(this.at + 1, end));
    this.at = end + 1;
  }

  private doubleQuoted(): void {
    this.add('');
    this.at += 1;
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) throw new NotUnderstood('a quote that does not end');
      if (this.text[this.at] === (this.options.escape ?? '\\') && this.at + 1 < this.text.length) {
        const next = this.text[this.at + 1];
        this.add('"$`\\'.includes(next) || next === this.options.escape ? next : next === '\n' ? '' : this.text.slice(this.at, this.at + 2));
        this.at += 2;
      } else if (!this.variable(false)) {
        this.add(this.text[this.at]);
        this.at += 1;
      }
    }
    this.at += 1;
  }

  private escaped(): void {
    const next = this.text[this.at + 1];
    if (next !== undefined && next !== '\n') this.add(next);
    this.at += 2;
  }

  private variable(splits: boolean): boolean {
    const rest = this.text.slice(this.at);
    if (this.options.shell && (rest.startsWith('$(') || rest.startsWith('`'))) throw new NotUnderstood('a command in a command');
    const match = VARIABLE.exec(rest);
    if (match === null) {
      if (rest.startsWith('${')) throw new NotUnderstood(`the form of ${rest.slice(0, 20)}`);
      return false;
    }
    this.at += match[0].length;
    const value = this.valueOf(match[1] ?? match[2], match[3], match[4]);
    if (!splits) {
      this.add(value);
      return true;
    }
    value.split(/(\s+)/).forEach((part) => {
      if (/^\s+$/.test(part)) this.endWord();
      else if (part !== '') this.add(part);
    });
    return true;
  }

  private valueOf(name: string, modifier = '', word = ''): string {
    const value = this.options.lookup(name);
    const there = modifier.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (modifier.endsWith('-')) return there ? value! : expand(word, this.options.lookup, this.options.escape);
    if (modifier.endsWith('+')) return there ? expand(word, this.options.lookup, this.options.escape) : '';
    if (modifier.endsWith('?') && !there) throw new NotUnderstood(`no value for '${name}': ${word || 'it must be set'}`);
    return value ?? '';
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    if (this.word !== undefined) this.found.push({ text: this.word, operator: false });
    this.word = undefined;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

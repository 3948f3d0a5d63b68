/** What the label matchers `=~` and `!~` need to know of a regular expression. */
export interface RegexpFacts {
  /** Whether it matches the empty string as a whole (Prometheus anchors at both ends). */
  readonly matchesEmpty: boolean;
}

// RE2's own limit for {n,m}.
const MOST_REPEATS = 1000;
// Nesting beyond this is refused by RE2 as well.
const DEEPEST = 1000;

/**
 * Reads a regular expression of RE2's syntax, as Prometheus compiles it.
 *
 * Only what RE2 refuses matters here: look-around, backreferences, possessive repetition,
 * unbalanced brackets. Unicode class names are not looked up.
 */
export function readRegexp(pattern: string): RegexpFacts | { readonly message: string } {
  const reader = new Reader(pattern);
  try {
    const matchesEmpty = reader.alternatives(0);
    if (!reader.done()) {
      return { message: "has a ')' without '(', escape it as '\\)'" };
    }
    return { matchesEmpty };
  } catch (error) {
    if (error instanceof RegexpError) {
      return { message: error.message };
    }
    throw error;
  }
}

class RegexpError extends Error {}

class Reader {
  private at = 0;

  public constructor(private readonly text: string) {}

  public done(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether some branch matches the empty string; ends before `)` or at the end. */
  public alternatives(depth: number): boolean {
    if (depth > DEEPEST) {
      throw new RegexpError('nests too deep, make it simpler');
    }
    let empty = this.sequence(depth);
    while (this.eat('|')) {
      // Not `||`: the branch has to be read in any case.
      const branch = this.sequence(depth);
      empty = empty || branch;
    }
    return empty;
  }

  private sequence(depth: number): boolean {
    let empty = true;
    while (!this.done() && this.text[this.at] !== '|' && this.text[this.at] !== ')') {
      const part = this.repeated(depth);
      empty = empty && part;
    }
    return empty;
  }

  private repeated(depth: number): boolean {
    const start = this.at;
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.rest())) {
      throw new RegexpError(`has '${this.text[start]}' with nothing to repeat, escape it as '\\${this.text[start]}'`);
    }
    let empty = this.atom(depth);
    for (let times = 0; ; times++) {
      const operator = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.rest());
      if (operator === null) {
        return empty;
      }
      // `a**` is an error in RE2; `a*?` was read as lazy below.
      if (times > 0) {
        throw new RegexpError(`has '${operator[0]}' behind another repetition (possessive matching is not known), group with (?:…)`);
      }
      this.at += operator[0].length;
      this.eat('?');
      const least = operator[1] === undefined ? (operator[0] === '+' ? 1 : 0) : Number(operator[1]);
      const most = operator[3] ? Number(operator[3]) : least;
      if (least > MOST_REPEATS || most > MOST_REPEATS || most < least) {
        throw new RegexpError(`has the repetition ${operator[0]}, counts go from low to high and up to ${MOST_REPEATS}`);
      }
      empty = empty || least === 0;
    }
  }

  private atom(depth: number): boolean {
    const c = this.text[this.at];
    if (c === '(') {
      return this.group(depth);
    }
    if (c === '[') {
      this.charClass();
      return false;
    }
    if (c === '\\') {
      return this.escape(false);
    }
    this.at += this.text.codePointAt(this.at)! > 0xFFFF ? 2 : 1;
    return c === '^' || c === '$';
  }

  private group(depth: number): boolean {
    const rest = this.rest();
    const around = /^\(\?(?:=|!|<=|<!)/.exec(rest);
    if (around !== null) {
      throw new RegexpError(`uses look-around '${around[0]}', which Prometheus (RE2) does not know, use a second matcher with '!~'`);
    }
    const flags = /^\(\?(?:[imsU]*(?:-[imsU]+)?)([:)])/.exec(rest);
    if (flags !== null && flags[0] !== '(?)') {
      this.at += flags[0].length;
      if (flags[1] === ')') {
        return true;
      }
    } else if (rest.startsWith('(?')) {
      const named = /^\(\?P?<[A-Za-z_0-9]+>/.exec(rest);
      if (named === null) {
        throw new RegexpError(`has the unknown group '${rest.slice(0, 3)}', RE2 knows (…), (?:…), (?P<name>…) and the flags i, m, s, U`);
      }
      this.at += named[0].length;
    } else {
      this.at += 1;
    }
    const empty = this.alternatives(depth + 1);
    if (!this.eat(')')) {
      throw new RegexpError("has a '(' that is not closed, add ')'");
    }
    return empty;
  }

  private escape(inClass: boolean): boolean {
    const rest = this.rest();
    if (/^\\(?:[1-7](?![0-7])|[89]|k<)/.test(rest)) {
      throw new RegexpError(`uses the backreference '${rest.slice(0, 2)}', which Prometheus (RE2) does not know, spell the alternatives out`);
    }
    if (!inClass && rest.startsWith('\\Q')) {
      const close = rest.indexOf('\\E', 2);
      const literal = close < 0 ? rest.slice(2) : rest.slice(2, close);
      this.at += close < 0 ? rest.length : close + 2;
      return literal === '';
    }
    const known = /^\\(?:[pP](?:\{\^?[A-Za-z_]+\}|[A-Z])|x(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]{1,6}\})|0[0-7]{0,2}|[1-7][0-7]{1,2}|[afnrtvdDsSwW]|[^A-Za-z0-9\u0080-\uffff])/.exec(rest)
      ?? (inClass ? null : /^\\[AzbB]/.exec(rest));
    if (known === null) {
      throw new RegexpError(rest === '\\' ? "ends in a single '\\', double it" : `has the unknown escape '${rest.slice(0, 2)}', RE2 does not know it`);
    }
    this.at += known[0].length;
    // Of the assertions only \b fails on an empty text.
    return !inClass && /^\\[AzB]$/.test(known[0]);
  }

  private charClass(): void {
    const unclosed = new RegexpError("has a '[' that is not closed, add ']' or escape it as '\\['");
    this.at += this.rest().startsWith('[^') ? 2 : 1;
    for (let first = true; ; first = false) {
      if (this.done()) {
        throw unclosed;
      }
      if (!first && this.eat(']')) {
        return;
      }
      const named = /^\[:\^?(\w+):\]/.exec(this.rest());
      if (named !== null) {
        if (!POSIX.includes(named[1])) {
          throw new RegexpError(`has the unknown class ${named[0]}, RE2 knows ${POSIX.join(', ')}`);
        }
        this.at += named[0].length;
        continue;
      }
      const low = this.classMember();
      // Behind \d and the like a dash is a dash.
      if (low !== undefined && /^-[^\]]/.test(this.rest())) {
        this.at += 1;
        const high = this.classMember();
        if (high === undefined || high < low) {
          throw new RegexpError('has a range that runs backwards or is none within [], write it low-high');
        }
      }
    }
  }

  /** The code point of a member, undefined for a class such as \d. */
  private classMember(): number | undefined {
    if (this.text[this.at] === '\\') {
      const start = this.at;
      this.escape(true);
      const raw = this.text.slice(start, this.at);
      return /^\\[^A-Za-z0-9]$/.test(raw) ? raw.charCodeAt(1) : codeOf(raw);
    }
    const point = this.text.codePointAt(this.at);
    this.at += point !== undefined && point > 0xFFFF ? 2 : 1;
    return point;
  }

  private eat(c: string): boolean {
    if (this.text[this.at] !== c) {
      return false;
    }
    this.at += 1;
    return true;
  }

  private rest(): string {
    return this.text.slice(this.at);
  }
}

const POSIX = ['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct', 'space', 'upper', 'word', 'xdigit'];
const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

function codeOf(escape: string): number | undefined {
  const hex = /^\\x\{?([0-9a-fA-F]+)\}?$/.exec(escape);
  if (hex !== null) {
    return parseInt(hex[1], 16);
  }
  return /^\\[0-7]/.test(escape) ? parseInt(escape.slice(1), 8) : CONTROL[escape[1]];
}

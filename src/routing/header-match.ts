import { StringMatch } from '../contract/documents';
import { invalid } from '../problem/error';

/** A header that a request must carry for a rule to apply. */
export class HeaderMatch {
  /** The header has this value. */
  public static exact(header: string, value: string): HeaderMatch {
    return new HeaderMatch(header, { exact: nonEmpty(value) });
  }

  /** The value of the header begins with a prefix. */
  public static prefix(header: string, value: string): HeaderMatch {
    return new HeaderMatch(header, { prefix: nonEmpty(value) });
  }

  /** The whole value of the header matches a regular expression in RE2 syntax. */
  public static regex(header: string, expression: string): HeaderMatch {
    try {
      new RegExp(nonEmpty(expression));
    } catch {
      throw invalid('regexp-format', 'expression', expression, 'must be a regular expression', 'fix its syntax');
    }
    if (/\\[1-9]|\(\?[=!<]/.test(expression)) {
      throw invalid('regexp-format', 'expression', expression, 'has a back reference or a lookaround, which RE2 does not support', 'write it without them');
    }
    return new HeaderMatch(header, { regex: expression });
  }

  private constructor(
    /** The header's name, in lower case. */
    public readonly header: string,
    /** @internal */
    readonly _match: StringMatch,
  ) {
    if (!/^[a-z0-9-]+$/.test(header)) {
      throw invalid('name-format', 'header', header, 'must be the name of a header: lower case letters, digits and dashes', 'write it in lower case');
    }
  }
}

function nonEmpty(value: string): string {
  if (value === '') {
    throw invalid('empty', 'value', value, 'must not be empty', 'set the text to match');
  }
  return value;
}

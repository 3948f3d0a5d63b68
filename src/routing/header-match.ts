import { StringMatch } from '../contract/documents';
import { invalid } from '../problem/error';

/** A header that a request must carry for a rule to apply. */
export class HeaderMatch {
  /** The header has this very value. */
  public static exact(header: string, value: string): HeaderMatch {
    return new HeaderMatch(header, { exact: nonEmpty(value) });
  }

  /** The header begins with this. */
  public static prefix(header: string, value: string): HeaderMatch {
    return new HeaderMatch(header, { prefix: nonEmpty(value) });
  }

  /** The whole header matches a regular expression in RE2 syntax. */
  public static regex(header: string, expression: string): HeaderMatch {
    try {
      new RegExp(nonEmpty(expression));
    } catch {
      throw invalid('regexp-format', 'expression', expression, 'must be a regular expression', 'correct it');
    }
    if (/\\[1-9]|\(\?[=!<]/.test(expression)) {
      throw invalid('regexp-format', 'expression', expression, 'uses a back reference or looks around, which RE2 cannot', 'write it without');
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
      throw invalid('name-format', 'header', header, 'must be the name of a header: lower case letters, digits and dashes', 'correct it');
    }
  }
}

function nonEmpty(value: string): string {
  if (value === '') {
    throw invalid('empty', 'value', value, 'must not be empty', 'say what the header must hold');
  }
  return value;
}

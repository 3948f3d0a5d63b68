import { StudyParameter } from '../contract/documents';
import { invalid } from '../problem/error';
import { either, phrase, prop } from '../problem/phrase';

/** Options of a numeric `Parameter`. */
export interface NumberParameterOptions {
  /** The smallest value, included. */
  readonly min: number;
  /** The largest value, included. */
  readonly max: number;

  /**
   * Whether values are drawn evenly on a logarithmic scale. Requires a positive `min`.
   * @default false
   */
  readonly log?: boolean;

  /**
   * A value that is known to be good. The search may start with it.
   * @default - none
   */
  readonly default?: number;
}

/** Options of a categorical `Parameter`. */
export interface CategoricalParameterOptions {
  /**
   * A value that is known to be good. The search may start with it.
   * @default - none
   */
  readonly default?: string;
}

/** A dimension of a search space. A trial gets its value as the argument `--<name>=<value>`. */
export abstract class Parameter {
  /** A real number. */
  public static float(options: NumberParameterOptions): Parameter {
    return new NumberParameter('float', options);
  }

  /** A whole number. */
  public static integer(options: NumberParameterOptions): Parameter {
    return new NumberParameter('integer', options);
  }

  /** One of several values that have no order. */
  public static categorical(values: string[], options: CategoricalParameterOptions = {}): Parameter {
    return new CategoricalParameter(values, options);
  }

  protected constructor() {}

  /** @internal */
  public abstract _toDocument(name: string): StudyParameter;
}

class NumberParameter extends Parameter {
  constructor(private readonly kind: 'float' | 'integer', private readonly options: NumberParameterOptions) {
    super();
    const { min, max, log } = options;
    for (const [name, value] of Object.entries({ min, max, default: options.default })) {
      if (value !== undefined && !Number.isFinite(value)) {
        throw invalid('wrong-type', name, value, 'must be a finite number', 'set a finite number');
      }
      if (value !== undefined && kind === 'integer' && !Number.isSafeInteger(value)) {
        throw invalid('not-whole', name, value, 'must be a whole number', phrase`round it, or make ${either("the parameter a 'float'", "it a 'UniformFloat'")}`);
      }
    }
    if (min >= max) {
      throw invalid('out-of-range', 'min', min, phrase`must be less than ${prop('max')} (${max})`,
        min === max ? 'fix the value in the code instead of searching for it' : 'swap them');
    }
    if (log && min <= 0) {
      throw invalid('out-of-range', 'min', min, phrase`must be more than 0 where ${prop('log')} is set: a logarithm has no zero`,
        phrase`raise it, or leave ${prop('log')} out`);
    }
    if (options.default !== undefined && (options.default < min || options.default > max)) {
      throw invalid('out-of-range', 'default', options.default, phrase`must lie between ${prop('min')} (${min}) and ${prop('max')} (${max})`, 'set a value between them');
    }
  }

  public _toDocument(name: string): StudyParameter {
    const { min, max, log = false } = this.options;
    return { kind: this.kind, name, min, max, log, ...(this.options.default !== undefined && { default: this.options.default }) };
  }
}

class CategoricalParameter extends Parameter {
  constructor(private readonly values: string[], private readonly options: CategoricalParameterOptions) {
    super();
    if (values.length === 0) {
      throw invalid('empty', 'values', values, 'must hold at least one value', 'list the choices');
    }
    const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'values', values[twice], 'is listed twice', 'remove one', { item: twice });
    }
    if (options.default !== undefined && !values.includes(options.default)) {
      throw invalid('not-one-of', 'default', options.default, `must be one of ${values.join(', ')}`, 'choose one of them');
    }
  }

  public _toDocument(name: string): StudyParameter {
    return { kind: 'categorical', name, values: [...this.values], ...(this.options.default !== undefined && { default: this.options.default }) };
  }
}

import { StudyParameter } from '../contract/documents';
import { invalid } from '../problem/error';
import { either, phrase, prop } from '../problem/phrase';

/** Bounds of a number to search. */
export interface NumberParameterProps {
  /** The smallest value, included. */
  readonly min: number;
  /** The largest value, included. */
  readonly max: number;

  /**
   * Search evenly over orders of magnitude instead of over values. Needs a positive `min`.
   * @default false
   */
  readonly log?: boolean;

  /**
   * A value known to be good, where the search may begin.
   * @default - none
   */
  readonly default?: number;
}

/** Settings of a choice. */
export interface CategoricalParameterProps {
  /**
   * A value known to be good, where the search may begin.
   * @default - none
   */
  readonly default?: string;
}

/** One dimension of a search space. The trial gets it as `--<name>=<value>`. */
export abstract class Parameter {
  /** A number with fractions. */
  public static float(props: NumberParameterProps): Parameter {
    return new NumberParameter('float', props);
  }

  /** A whole number. */
  public static integer(props: NumberParameterProps): Parameter {
    return new NumberParameter('integer', props);
  }

  /** One of several values, without any order among them. */
  public static categorical(values: string[], props: CategoricalParameterProps = {}): Parameter {
    return new CategoricalParameter(values, props);
  }

  protected constructor() {}

  /** @internal */
  public abstract _toDocument(name: string): StudyParameter;
}

class NumberParameter extends Parameter {
  constructor(private readonly kind: 'float' | 'integer', private readonly props: NumberParameterProps) {
    super();
    const { min, max, log } = props;
    for (const [name, value] of Object.entries({ min, max, default: props.default })) {
      if (value !== undefined && !Number.isFinite(value)) {
        throw invalid('wrong-type', name, value, 'must be a finite number', 'correct it');
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
    if (props.default !== undefined && (props.default < min || props.default > max)) {
      throw invalid('out-of-range', 'default', props.default, phrase`must lie between ${prop('min')} (${min}) and ${prop('max')} (${max})`, 'correct it');
    }
  }

  public _toDocument(name: string): StudyParameter {
    const { min, max, log = false } = this.props;
    return { kind: this.kind, name, min, max, log, ...(this.props.default !== undefined && { default: this.props.default }) };
  }
}

class CategoricalParameter extends Parameter {
  constructor(private readonly values: string[], private readonly props: CategoricalParameterProps) {
    super();
    if (values.length === 0) {
      throw invalid('empty', 'values', values, 'must hold at least one value', 'list the choices');
    }
    const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'values', values[twice], 'stands there twice', 'remove one', { item: twice });
    }
    if (props.default !== undefined && !values.includes(props.default)) {
      throw invalid('not-one-of', 'default', props.default, `must be one of ${values.join(', ')}`, 'correct it');
    }
  }

  public _toDocument(name: string): StudyParameter {
    return { kind: 'categorical', name, values: [...this.values], ...(this.props.default !== undefined && { default: this.props.default }) };
  }
}

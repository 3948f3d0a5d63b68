import { StudyParameter } from '../contract/documents';
import { broken } from '../private/errors';

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
    for (const [prop, value] of Object.entries({ min, max, default: props.default })) {
      if (value !== undefined && !Number.isFinite(value)) {
        throw broken(prop, value, 'must be a finite number', 'correct it');
      }
      if (value !== undefined && kind === 'integer' && !Number.isSafeInteger(value)) {
        throw broken(prop, value, 'must be a whole number', "round it, or make the parameter a 'float'");
      }
    }
    if (min >= max) {
      throw broken('min', min, `must be less than 'max' (${max})`, min === max ? 'fix the value in the code instead of searching for it' : 'swap them');
    }
    if (log && min <= 0) {
      throw broken('min', min, "must be more than 0 where 'log' is set: a logarithm has no zero", "raise it, or leave 'log' out");
    }
    if (props.default !== undefined && (props.default < min || props.default > max)) {
      throw broken('default', props.default, `must lie between 'min' (${min}) and 'max' (${max})`, 'correct it');
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
      throw broken('values', values, 'must hold at least one value', 'list the choices');
    }
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) {
      throw broken('values', twice, 'stands there twice', 'remove one');
    }
    if (props.default !== undefined && !values.includes(props.default)) {
      throw broken('default', props.default, `must be one of ${values.join(', ')}`, 'correct it');
    }
  }

  public _toDocument(name: string): StudyParameter {
    return { kind: 'categorical', name, values: [...this.values], ...(this.props.default !== undefined && { default: this.props.default }) };
  }
}

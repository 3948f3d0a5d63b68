import { RolloutRule as RuleDocument } from '../contract/documents';
import { sortedBy } from '../loop/canonical';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { HeaderMatch } from './header-match';

/** Options of a rollout over the two newest versions. */
export interface GenerationsOptions {
  /** The share of the traffic that the newest version gets, in percent. */
  readonly newest: number;

  /**
   * The share that the version before it gets, in percent.
   * @default - the rest to 100
   */
  readonly previous?: number;
}

/** Options of a `RolloutRule`. */
export interface RolloutRuleOptions {
  /**
   * The share of each generation in the traffic, in percent: first the newest version, then the one before it, and so
   * on. They sum to 100.
   */
  readonly weights: number[];

  /**
   * The generation that gets a copy of the traffic. Its responses are dropped.
   * @default - none
   */
  readonly shadow?: number;

  /**
   * The headers of the requests that the rule applies to. A request must match all of them.
   * @default - every request
   */
  readonly match?: HeaderMatch[];
}

/** Divides requests over generations: 0 is the newest version, 1 the one before it. */
export class RolloutRule {
  /** Divides the requests by weight. Generations that do not exist yet are left out, and the other weights are scaled up. */
  public static split(options: RolloutRuleOptions): RolloutRule {
    return new RolloutRule(options);
  }

  /** @internal */
  readonly _matchesAll: boolean;

  private constructor(private readonly options: RolloutRuleOptions) {
    const { weights, shadow } = options;
    const wrong = weights.find((weight) => !Number.isInteger(weight) || weight < 0 || weight > 100);
    if (wrong !== undefined) {
      throw invalid('out-of-range', 'weights', wrong, 'must be a whole number of percent from 0 to 100', 'set a number in that range');
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) {
      throw invalid('weights-sum', 'weights', weights.join(' + '), `must sum to 100, and sum to ${sum}`, 'change them so that they do');
    }
    if (shadow !== undefined && !(Number.isInteger(shadow) && shadow >= 0)) {
      throw invalid('out-of-range', 'shadow', shadow, 'must be a generation: 0 is the newest version, 1 the one before it', 'set a whole number of at least 0');
    }
    if (shadow !== undefined && (weights[shadow] ?? 0) > 0) {
      throw invalid('shadow-live', 'shadow', shadow, `has live traffic (${weights[shadow]} percent)`, 'shadow a generation without live traffic, or remove it');
    }
    const headers = (options.match ?? []).map(({ header }) => header);
    const twice = headers.find((header, index) => headers.indexOf(header) !== index);
    if (twice !== undefined) {
      throw invalid('duplicate', 'match', twice, 'is the header of two matches', 'remove one');
    }
    this._matchesAll = headers.length === 0;
  }

  /** @internal */
  public _toDocument(): RuleDocument {
    const { weights, shadow, match = [] } = this.options;
    const headers = Object.fromEntries(sortedBy(match, ({ header }) => header).map(({ header, _match }) => [header, _match]));
    return {
      destinations: weights.map((weight, generation) => ({ generation, weight })).filter(({ weight }, index) => weight > 0 || index === 0),
      ...(shadow !== undefined && { shadow: { generation: shadow } }),
      ...(match.length > 0 && { match: [{ headers }] }),
    };
  }
}

/** Divides the traffic of a model graph over its versions. */
export class Rollout {
  /** The newest version gets a share, and the version before it the rest. */
  public static generations(options: GenerationsOptions): Rollout {
    const { newest, previous = 100 - newest } = options;
    return new Rollout([RolloutRule.split({ weights: [newest, previous] })]);
  }

  /** The newest version gets all traffic. */
  public static newestOnly(): Rollout {
    return new Rollout([RolloutRule.split({ weights: [100] })]);
  }

  /** Applies the first rule that matches the request. The last rule must match every request. */
  public static rules(rules: RolloutRule[]): Rollout {
    return new Rollout(rules);
  }

  private constructor(private readonly rules: RolloutRule[]) {
    if (rules.length === 0) {
      throw invalid('empty', 'rules', [], 'must hold at least one rule', "use 'Rollout.newestOnly()'");
    }
    const first = rules.findIndex((rule) => rule._matchesAll);
    if (first < 0) {
      throw invalid('rule-order', 'rules', `${rules.length} rules`, 'leave requests that match none of them without an answer', phrase`end with a rule that has no ${prop('match')}`);
    }
    if (first < rules.length - 1) {
      throw invalid('rule-order', 'rules', `rule ${first + 2}`, `is never reached: rule ${first + 1} matches every request`, 'put it before that one, or remove it');
    }
  }

  /** @internal */
  public _toDocument(): RuleDocument[] {
    return this.rules.map((rule) => rule._toDocument());
  }

  /** The number of generations that the rules name. @internal */
  public get _generations(): number {
    const named = this._toDocument().flatMap((rule) => [...rule.destinations, ...(rule.shadow ? [rule.shadow] : [])]);
    return 1 + Math.max(...named.map(({ generation }) => generation));
  }
}

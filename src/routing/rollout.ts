import { RolloutRule as RuleDocument } from '../contract/documents';
import { sortedBy } from '../loop/canonical';
import { invalid } from '../problem/error';
import { phrase, prop } from '../problem/phrase';
import { HeaderMatch } from './header-match';

/** How live traffic is divided over the newest deployments. */
export interface GenerationsProps {
  /** Percent of the traffic that the newest version gets. */
  readonly newest: number;

  /**
   * Percent that the version before it gets.
   * @default - the rest to 100
   */
  readonly previous?: number;
}

/** One rule of a rollout. */
export interface RolloutRuleProps {
  /**
   * Percent of the traffic by generation: the first number is for the newest version, the second
   * for the one before it, and so on. They sum to 100.
   */
  readonly weights: number[];

  /**
   * The generation that gets a copy of the traffic, whose answers are dropped.
   * @default - none
   */
  readonly shadow?: number;

  /**
   * The requests that the rule is for: those that carry all of these headers.
   * @default - every request
   */
  readonly match?: HeaderMatch[];
}

/** Which share of some requests goes to which generation: 0 is the newest version, 1 the one before it. */
export class RolloutRule {
  /** Divides the requests by weight. Generations that do not exist yet are left out and the rest is scaled up. */
  public static split(props: RolloutRuleProps): RolloutRule {
    return new RolloutRule(props);
  }

  /** @internal */
  readonly _matchesAll: boolean;

  private constructor(private readonly props: RolloutRuleProps) {
    const { weights, shadow } = props;
    const wrong = weights.find((weight) => !Number.isInteger(weight) || weight < 0 || weight > 100);
    if (wrong !== undefined) {
      throw invalid('out-of-range', 'weights', wrong, 'must be whole percents from 0 to 100', 'correct it');
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) {
      throw invalid('weights-sum', 'weights', weights.join(' + '), `must sum to 100, and sum to ${sum}`, 'correct them');
    }
    if (shadow !== undefined && !(Number.isInteger(shadow) && shadow >= 0)) {
      throw invalid('out-of-range', 'shadow', shadow, 'must be a generation: 0 for the newest version, 1 for the one before it', 'correct it');
    }
    if (shadow !== undefined && (weights[shadow] ?? 0) > 0) {
      throw invalid('shadow-live', 'shadow', shadow, `has live traffic of its own (${weights[shadow]} percent)`, 'shadow a generation that has none, or leave it out');
    }
    const headers = (props.match ?? []).map(({ header }) => header);
    const twice = headers.find((header, index) => headers.indexOf(header) !== index);
    if (twice !== undefined) {
      throw invalid('duplicate', 'match', twice, 'stands there twice', 'say all of it in one match');
    }
    this._matchesAll = headers.length === 0;
  }

  /** @internal */
  public _toDocument(): RuleDocument {
    const { weights, shadow, match = [] } = this.props;
    const headers = Object.fromEntries(sortedBy(match, ({ header }) => header).map(({ header, _match }) => [header, _match]));
    return {
      destinations: weights.map((weight, generation) => ({ generation, weight })).filter(({ weight }, index) => weight > 0 || index === 0),
      ...(shadow !== undefined && { shadow: { generation: shadow } }),
      ...(match.length > 0 && { match: [{ headers }] }),
    };
  }
}

/** How the traffic of a model moves from version to version. */
export class Rollout {
  /** The newest version gets a share, the one before it the rest. */
  public static generations(props: GenerationsProps): Rollout {
    return new Rollout([RolloutRule.split({ weights: [props.newest, props.previous ?? 100 - props.newest] })]);
  }

  /** The newest version gets everything. */
  public static newestOnly(): Rollout {
    return new Rollout([RolloutRule.split({ weights: [100] })]);
  }

  /** Rules in order; the first that a request matches applies. The last one must match every request. */
  public static rules(rules: RolloutRule[]): Rollout {
    return new Rollout(rules);
  }

  private constructor(private readonly rules: RolloutRule[]) {
    if (rules.length === 0) {
      throw invalid('empty', 'rules', [], 'must hold at least one rule', "use 'Rollout.newestOnly()'");
    }
    const first = rules.findIndex((rule) => rule._matchesAll);
    if (first < 0) {
      throw invalid('rule-order', 'rules', `${rules.length} rules`, 'leave requests that match none of them without answer', phrase`end with a rule that has no ${prop('match')}`);
    }
    if (first < rules.length - 1) {
      throw invalid('rule-order', 'rules', `rule ${first + 2}`, `is never reached: rule ${first + 1} matches every request`, 'put it before that one, or remove it');
    }
  }

  /** @internal */
  public _toDocument(): RuleDocument[] {
    return this.rules.map((rule) => rule._toDocument());
  }

  /** How many generations a rule speaks of. @internal */
  public get _generations(): number {
    const named = this._toDocument().flatMap((rule) => [...rule.destinations, ...(rule.shadow ? [rule.shadow] : [])]);
    return 1 + Math.max(...named.map(({ generation }) => generation));
  }
}

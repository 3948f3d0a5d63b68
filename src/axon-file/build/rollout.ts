import { HeaderMatch } from '../../routing/header-match';
import { Rollout, RolloutRule } from '../../routing/rollout';
import { DeployerKeys, HeaderMatchKeys, RolloutRuleKeys } from '../schema/deployer-shape';
import { Builder } from './builder';

/** The rollout of a deployer; undefined for the default, and if it is wrong, which has been reported. */
export function buildRollout({ rolloutSpec = [], $ }: DeployerKeys, builder: Builder): Rollout | undefined {
  const rules = rolloutSpec.map((rule) => buildRules(rule, builder));
  if (rules.length === 0 || rules.some((rule) => rule === undefined)) {
    return undefined;
  }
  return builder.attempt({ keys: $, words: { rules: 'rolloutSpec' } }, () => Rollout.rules(rules.flatMap((rule) => rule!)));
}

/** A rule with several matches applies if one of them does: that is a rule for each match. */
function buildRules({ destinations = [], match = [], shadow, $ }: RolloutRuleKeys, builder: Builder): RolloutRule[] | undefined {
  const weights = weightsOf(destinations, $, builder);
  const matches = match.map((one) => headersOf(one, builder));
  if (weights === undefined || matches.some((one) => one === undefined)) {
    return undefined;
  }
  const words = { weights: 'destinations', shadow: 'shadow.destinationIndex' };
  const rules = (matches.length === 0 ? [undefined] : matches).map((headers) => builder.attempt({ keys: $, words }, () => (
    RolloutRule.split({ weights, shadow: shadow?.destinationIndex?.value, match: headers }))));
  return rules.some((rule) => rule === undefined) ? undefined : rules as RolloutRule[];
}

function weightsOf(destinations: RolloutRuleKeys['destinations'] & object, keys: RolloutRuleKeys['$'], { report }: Builder): number[] | undefined {
  if (destinations.length === 0) {
    if (!keys.has('destinations')) {
      report.error(keys.place, 'required', 'destinations', 'nothing', 'is required in a rollout rule', 'add it');
    }
    return undefined;
  }
  const weights: number[] = [];
  for (const { destinationIndex: index, weight, $ } of destinations) {
    if (index === undefined || (weight === undefined && $.has('weight'))) {
      return undefined;
    }
    if (index.value < 0 || index.value > 9) {
      report.error(index.place, 'out-of-range', 'destinationIndex', index.value, 'must be a generation: 0 is the newest version, 1 the one before it, at most 9', 'set a whole number from 0 to 9');
      return undefined;
    }
    if (weights[index.value] !== undefined) {
      report.error(index.place, 'duplicate', 'destinationIndex', index.value, 'is listed twice', 'remove one');
      return undefined;
    }
    if (weight === undefined && destinations.length > 1) {
      report.error($.place, 'required', 'weight', 'nothing', 'is required if there are several destinations', 'set the weight of each');
      return undefined;
    }
    weights[index.value] = weight?.value ?? 100;
  }
  return Array.from(weights, (weight) => weight ?? 0);
}

function headersOf({ headers, $ }: HeaderMatchKeys, builder: Builder): HeaderMatch[] | undefined {
  const found = Object.entries(headers ?? {}).map(([name, { exact, prefix, regex, $: keys }]) => {
    const kinds = ['exact', 'prefix', 'regex'].filter((kind) => keys.has(kind));
    if (kinds.length !== 1) {
      builder.report.error($.closest('headers', name), 'exclusive', name, kinds.length === 0 ? 'nothing' : kinds.join(' and '), "must be one of 'exact', 'prefix' and 'regex'",
        kinds.length === 0 ? 'add one' : 'leave one');
    }
    const origin = { keys, words: { value: kinds[0] ?? '', expression: 'regex' } };
    return exact ? builder.attempt(origin, () => HeaderMatch.exact(name, exact.value))
      : prefix ? builder.attempt(origin, () => HeaderMatch.prefix(name, prefix.value))
        : regex && builder.attempt(origin, () => HeaderMatch.regex(name, regex.value));
  });
  if (headers !== undefined && found.length === 0) {
    builder.report.error($.at('headers'), 'empty', 'headers', '{}', 'matches every request', "name a header, or remove the 'match'");
    return undefined;
  }
  return headers === undefined || found.some((one) => one === undefined) ? undefined : found as HeaderMatch[];
}

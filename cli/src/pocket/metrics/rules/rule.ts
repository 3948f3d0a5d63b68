import { durationMs } from 'cdk8s-myelin/lib/promql/index.js';
import type { Objects } from '../../controller.js';
import { type KubeObject, refOf, refText } from '../../objects/kube-object.js';
import { unknownFields } from '../unknown-fields.js';

/** A group of rules that are evaluated together, in order. */
export interface RuleGroup {
  /** `<namespace>/<PrometheusRule>/<group>`. */
  readonly name: string;
  readonly intervalMs?: number;
  readonly rules: readonly Rule[];
}

/** An alert (with `alert`) or a recorded series (with `record`). */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface GivenRule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string | number;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface GivenGroup {
  readonly name: string;
  readonly interval?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules?: readonly GivenRule[];
}

const GROUP_FIELDS = ['name', 'interval', 'labels', 'rules'];
const RULE_FIELDS = ['alert', 'record', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/** The groups of all PrometheusRules, and why some objects are not followed. */
export function rulesOf(objects: Objects): { readonly groups: RuleGroup[]; readonly problems: string[] } {
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const object of objects.list('PrometheusRule')) {
    const given: readonly GivenGroup[] = object.spec?.groups ?? [];
    const problem = refusal(object, given);
    if (problem === undefined) {
      groups.push(...given.map((group) => groupOf(object, group)));
    } else {
      problems.push(problem);
    }
  }
  return { groups, problems };
}

function refusal(object: KubeObject, groups: readonly GivenGroup[]): string | undefined {
  const name = refText(refOf(object));
  const field = groups.flatMap((group, i) => [
    ...unknownFields(`spec.groups[${i}]`, group, GROUP_FIELDS),
    ...(group.rules ?? []).flatMap((rule, k) => unknownFields(`spec.groups[${i}].rules[${k}]`, rule, RULE_FIELDS)),
  ])[0];
  if (field !== undefined) return `'${name}' (${field}) is a field that the pocket cluster does not follow, remove it`;
  const rules = groups.flatMap((group) => group.rules ?? []);
  if (rules.some(({ alert, record }) => (alert === undefined) === (record === undefined))) {
    return `'${name}' has a rule that is not one of alert and record, give it one of the two`;
  }
  const times = [...groups.map(({ interval }) => interval), ...rules.flatMap((rule) => [rule.for, rule.keep_firing_for])];
  const wrong = times.find((time) => time !== undefined && durationMs(time) === undefined);
  return wrong === undefined ? undefined : `'${name}' (${wrong}) is no duration, write one such as 5m`;
}

function groupOf(object: KubeObject, { name, interval, labels: shared = {}, rules = [] }: GivenGroup): RuleGroup {
  return {
    name: `${object.metadata.namespace ?? 'default'}/${object.metadata.name}/${name}`,
    ...(interval !== undefined && { intervalMs: durationMs(interval) }),
    rules: rules.map(({ alert, record, expr, labels = {}, annotations = {}, ...times }) => ({
      ...(alert !== undefined && { alert }),
      ...(record !== undefined && { record }),
      expr: String(expr),
      forMs: durationMs(times.for ?? '0') ?? 0,
      keepMs: durationMs(times.keep_firing_for ?? '0') ?? 0,
      labels: { ...shared, ...labels },
      annotations,
    })),
  };
}

import type { RuleGroup } from '../rules/rule.js';
import type { Target } from '../scrape/target.js';

/** The configuration of a real Prometheus, as JSON, which is YAML; targets stand in it, so that builds without discovery by files do too. */
export function prometheusFile(targets: readonly Target[], rulesPath: string, alertmanager: string, evaluationMs: number): string {
  const jobs = new Map<string, Target[]>();
  for (const target of targets) jobs.set(target.job, [...jobs.get(target.job) ?? [], target]);
  return JSON.stringify({
    global: { scrape_interval: '30s', evaluation_interval: `${evaluationMs}ms` },
    rule_files: [rulesPath],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [...jobs].map(([name, [first, ...more]]) => ({
      job_name: name,
      scrape_interval: `${first.intervalMs}ms`,
      scrape_timeout: `${first.timeoutMs}ms`,
      metrics_path: first.path,
      honor_labels: first.honorLabels,
      honor_timestamps: first.honorTimestamps,
      params: first.params,
      static_configs: [first, ...more].map(({ host, port, labels }) => ({ targets: [`${host}:${port}`], labels })),
    })),
  });
}

export function rulesFile(groups: readonly RuleGroup[]): string {
  return JSON.stringify({
    groups: groups.map(({ name, intervalMs, rules }) => ({
      name,
      ...(intervalMs !== undefined && { interval: `${intervalMs}ms` }),
      rules: rules.map(({ alert, record, expr, forMs, keepMs, labels, annotations }) => (alert === undefined
        ? { record, expr, labels }
        : { alert, expr, for: `${forMs}ms`, keep_firing_for: `${keepMs}ms`, labels, annotations })),
    })),
  });
}

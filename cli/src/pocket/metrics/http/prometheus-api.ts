import { goTime } from '../alertmanager/message.js';
import type { QueryEngine } from '../promql/query.js';
import { valueText } from '../promql/value-text.js';
import type { ActiveAlert } from '../rules/alert-rule.js';
import type { GroupEvaluator, RuleState } from '../rules/evaluator.js';
import type { TargetState } from '../scrape/target.js';
import type { Request, Response } from './listen.js';
import { failure, QueryApi, success } from './query-api.js';

export interface PrometheusState {
  readonly engine: QueryEngine;
  now(): number;
  groups(): readonly GroupEvaluator[];
  targets(): readonly TargetState[];
}

/** The part of Prometheus' HTTP API that the gate, the view and dashboards use. */
export function prometheusApi(state: PrometheusState): (request: Request) => Response {
  const queries = new QueryApi(state.engine, () => state.now());
  return ({ method, url, body, headers }) => {
    const form = method === 'POST' && (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body) : [];
    const parameters = new URLSearchParams([...url.searchParams, ...form]);
    switch (url.pathname) {
      case '/api/v1/query': return queries.query(parameters);
      case '/api/v1/query_range': return queries.queryRange(parameters);
      case '/api/v1/alerts': return success({ alerts: state.groups().flatMap((group) => group.snapshot().flatMap(({ alerts }) => alerts.map(shownAlert))) });
      case '/api/v1/rules': return success({ groups: state.groups().map(shownGroup) });
      case '/api/v1/targets': return success({ activeTargets: state.targets().map(shownTarget), droppedTargets: [] });
      case '/api/v1/status/buildinfo': return success({ version: '3.0.0', revision: 'myelin-pocket', branch: '', buildUser: '', buildDate: '', goVersion: '' });
      case '/-/healthy':
      case '/-/ready': return { status: 200, body: 'Prometheus Server is Ready.\n' };
      default: return failure(404, 'not_found', `'${url.pathname}' is not served by the pocket cluster`);
    }
  };
}

function shownAlert({ labels, annotations, state, activeAt, value, keptSince }: ActiveAlert): object {
  const kept = keptSince === undefined ? {} : { keepFiringSince: goTime(keptSince) };
  return { labels, annotations, state, activeAt: goTime(activeAt), value: valueText(value), ...kept };
}

function shownGroup(group: GroupEvaluator): object {
  return { name: group.group.name.split('/').pop(), file: group.group.name, interval: group.intervalMs / 1000, limit: 0, rules: group.snapshot().map(shownRule) };
}

function shownRule({ rule, health, lastError, lastEvaluation = 0, tookMs = 0, alerts }: RuleState): object {
  const common = {
    query: rule.expr, labels: rule.labels, health, lastEvaluation: goTime(lastEvaluation), evaluationTime: tookMs / 1000, ...(lastError !== '' && { lastError }),
  };
  if (rule.alert === undefined) return { name: rule.record, ...common, type: 'recording' };
  const state = alerts.some((alert) => alert.state === 'firing') ? 'firing' : alerts.length > 0 ? 'pending' : 'inactive';
  return {
    state,
    name: rule.alert,
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepMs / 1000,
    annotations: rule.annotations,
    alerts: alerts.map(shownAlert),
    ...common,
    type: 'alerting',
  };
}

function shownTarget(target: TargetState): object {
  return {
    discoveredLabels: {},
    labels: target.labels,
    scrapePool: target.job,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError,
    lastScrape: goTime(target.lastScrape ?? 0),
    lastScrapeDuration: (target.lastDurationMs ?? 0) / 1000,
    health: target.health,
    scrapeInterval: `${target.intervalMs ?? 0}ms`,
    scrapeTimeout: `${target.timeoutMs ?? 0}ms`,
  };
}

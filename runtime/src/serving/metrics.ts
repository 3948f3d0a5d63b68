import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRIC, METRIC_DECLARATIONS } from '../contract/names.js';

type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** Which server's metrics they are; the labels of every series. */
export interface ServerLabels extends Record<string, string> {
  readonly axon: string;
  readonly model: string;
  readonly version: string;
}

/**
 * The metrics of a server, as the contract declares them. Those without a further label begin at 0: a counter that appears
 * with its first increase hides that increase from Prometheus.
 */
export class ServerMetrics {
  readonly predicted: Counter.Internal;
  readonly seconds: Histogram.Internal<string>;
  readonly inFlight: Gauge.Internal<string>;
  readonly compared: Counter.Internal;
  readonly right: Counter.Internal;
  readonly rewarded: Counter.Internal;
  readonly reward: Gauge.Internal<string>;
  readonly unmatched: Counter.Internal;
  readonly captured: Counter.Internal;
  private readonly registry = new Registry();
  private readonly metrics = new Map<string, Counter | Gauge | Histogram>();

  constructor(private readonly labels: ServerLabels) {
    for (const declaration of METRIC_DECLARATIONS) {
      const { name, help } = declaration;
      const options = { name, help, labelNames: [...declaration.labels], registers: [this.registry] };
      if (declaration.type === 'histogram') this.metrics.set(name, new Histogram({ ...options, buckets: [...declaration.buckets] }));
      else this.metrics.set(name, declaration.type === 'gauge' ? new Gauge(options) : new Counter(options));
    }
    this.predicted = this.counter(METRIC.PREDICTIONS_TOTAL);
    this.seconds = this.histogram(METRIC.PREDICTION_SECONDS);
    this.inFlight = this.gauge(METRIC.PREDICTIONS_IN_FLIGHT);
    this.compared = this.counter(METRIC.FEEDBACK_TOTAL);
    this.right = this.counter(METRIC.FEEDBACK_CORRECT_TOTAL);
    this.rewarded = this.counter(METRIC.FEEDBACK_REWARD_TOTAL);
    this.reward = this.gauge(METRIC.FEEDBACK_REWARD);
    this.unmatched = this.counter(METRIC.FEEDBACK_UNMATCHED_TOTAL);
    this.captured = this.counter(METRIC.CAPTURE_RECORDS_TOTAL);
  }

  /** Counts a prediction that failed. */
  failed(code: string): void {
    (this.metrics.get(METRIC.PREDICTION_ERRORS_TOTAL) as Counter).inc({ ...this.labels, code });
  }

  /** Counts records that the capture could not keep. */
  dropped(reason: string, records: number): void {
    (this.metrics.get(METRIC.CAPTURE_DROPPED_TOTAL) as Counter).inc({ ...this.labels, reason }, records);
  }

  /** Prometheus' text form. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private counter(name: MetricName): Counter.Internal {
    const counter = (this.metrics.get(name) as Counter).labels(this.labels);
    counter.inc(0);
    return counter;
  }

  private gauge(name: MetricName): Gauge.Internal<string> {
    const gauge = (this.metrics.get(name) as Gauge).labels(this.labels);
    gauge.set(0);
    return gauge;
  }

  private histogram(name: MetricName): Histogram.Internal<string> {
    const histogram = this.metrics.get(name) as Histogram;
    histogram.zero(this.labels);
    return histogram.labels(this.labels);
  }
}

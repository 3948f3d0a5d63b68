import { Labels, SecretKeyRef } from './kube';

/*
 * monitoring.coreos.com PrometheusRule v1, ServiceMonitor v1 and AlertmanagerConfig v1alpha1 (the storage
 * version of the stock CRD; v1beta1 needs a conversion webhook): only the fields we write.
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */

export interface PrometheusAlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for: string;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PrometheusRuleSpec {
  readonly groups: { readonly name: string; readonly rules: PrometheusAlertRule[] }[];
}

export interface ServiceMonitorSpec {
  readonly jobLabel: string;
  readonly selector: { readonly matchLabels: Labels };
  readonly endpoints: { readonly port: string; readonly path: string; readonly interval: string; readonly honorLabels: boolean }[];
}

export interface AlertmanagerMatcher {
  readonly name: string;
  readonly value: string;
  readonly matchType: '=' | '!=' | '=~' | '!~';
}

export interface AlertmanagerRoute {
  readonly receiver: string;
  readonly matchers: AlertmanagerMatcher[];
  readonly groupBy?: string[];
  readonly groupWait?: string;
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
  readonly routes?: AlertmanagerRoute[];
}

export interface AlertmanagerConfigSpec {
  readonly route: AlertmanagerRoute;
  readonly receivers: {
    readonly name: string;
    readonly webhookConfigs?: {
      readonly url: string;
      readonly sendResolved: boolean;
      readonly maxAlerts: number;
      readonly httpConfig?: { readonly authorization: { readonly type: string; readonly credentials: SecretKeyRef } };
    }[];
  }[];
}

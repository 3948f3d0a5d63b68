import { PodData } from './pod';
import { SecretKeyRef } from './secret-key';

/** What an axon needs from its cluster, with every default filled in. */
export interface PlatformData {
  readonly eventBus: string;
  readonly gateway: { readonly name: string; readonly namespace?: string };
  readonly hosts: string[];
  readonly registry: string;
  readonly registryCredentials?: SecretKeyRef;
  /** The address of the buildkitd that builds images; absent when images are built outside the cluster. */
  readonly builder?: string;
  readonly prometheus: string;
  readonly monitoringNamespace: string;
  readonly istioNamespace: string;
  readonly monitoringLabels: Readonly<Record<string, string>>;
  readonly pushgateway?: { readonly host: string; readonly port: string };
  readonly webhookToken: SecretKeyRef;
  readonly alertToken?: SecretKeyRef;
}

/** What a `Platform` construct makes for all axons of its namespace. */
export interface PlatformObjectsData {
  readonly namespace: string;
  readonly platform: PlatformData;
  readonly eventBus: { readonly replicas: number; readonly size: string; readonly storageClass?: string };
  /** Labels of the ingress gateway's pods. */
  readonly gatewaySelector: Readonly<Record<string, string>>;
  readonly runPushgateway: boolean;
  /** Labels of every pod, besides those of the platform. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The keys of those labels that come from the chart. */
  readonly chartLabels?: readonly string[];
  /** Options of all pods. */
  readonly pod?: PodData;
  readonly runtimeImage: string;
}

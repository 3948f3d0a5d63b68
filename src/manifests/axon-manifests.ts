import { axonConfigMap, DOCUMENT_KEY } from '../contract/constants';
import { derived, Loop } from '../loop/loop';
import { alertmanagerConfigs } from './alertmanager-config';
import { configMaps, ContractDocument } from './config-map';
import { cronWorkflows } from './cron-workflow';
import { axonDocument } from './documents/axon';
import { eventSource, eventSourceAccount } from './event-source';
import { isShared } from './labels';
import { byKindAndName, Manifest } from './manifest';
import { networkPolicy } from './network-policy';
import { persistentVolumes } from './persistent-volume';
import { persistentVolumeClaims } from './persistent-volume-claim';
import { prometheusRules } from './prometheus-rule';
import { rbac } from './rbac';
import { sensor, sensorAccount } from './sensor';
import { metricsService } from './service';
import { metricsMonitor } from './service-monitor';
import { stepsOf } from './steps/steps';
import { taskAccounts } from './steps/task-accounts';
import { virtualServices } from './virtual-service';
import { runOnceWorkflows } from './workflow';
import { workflowTemplate } from './workflow-template';

/** Every object of an axon, in the order in which they must be applied. The loop must have passed its checks. */
export const axonManifests = derived((loop: Loop): readonly Manifest[] => {
  const steps = stepsOf(loop);
  const accounts = [...steps.flatMap((step) => step.accounts), ...taskAccounts(loop), eventSourceAccount(loop), sensorAccount(loop)];
  const { annotations } = loop;
  const document: ContractDocument = { name: axonConfigMap(loop.name), component: 'axon', key: DOCUMENT_KEY.AXON, content: axonDocument(loop) };
  const manifests: Manifest[] = [
    ...persistentVolumes(loop),
    ...rbac(accounts, loop.namespace, loop.platform.registryCredentials),
    ...configMaps(loop, [document, ...steps.flatMap((step) => step.documents)]),
    ...persistentVolumeClaims(loop),
    networkPolicy(loop),
    metricsService(loop),
    ...virtualServices(loop),
    metricsMonitor(loop),
    ...prometheusRules(loop),
    workflowTemplate(loop),
    eventSource(loop),
    sensor(loop),
    ...alertmanagerConfigs(loop),
    ...cronWorkflows(loop),
    ...runOnceWorkflows(loop),
  ];
  const annotated = (manifest: Manifest) => (annotations === undefined || isShared(manifest.labels) ? manifest : { ...manifest, annotations });
  return manifests.map(annotated).sort(byKindAndName);
});

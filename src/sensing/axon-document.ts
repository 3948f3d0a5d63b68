import { axonConfigMap, DOCUMENT_KEY, eventSourceService, ledgerName, releasesName, STORE_PATH, WEBHOOK_PORT } from '../contract/constants';
import { AxonDocument } from '../contract/documents';
import { Assembly } from '../private/assembly';
import { sortedBy } from '../private/canonical';
import { Listeners } from '../private/listeners';
import { Loop } from '../private/loop';

/** Adds what the steps of the loop know of the axon. */
export function contributeAxonDocument(assembly: Assembly, loop: Loop): void {
  const { name, namespace, platform } = loop.identity;
  const listeners = new Listeners(loop);
  const document: AxonDocument = {
    contract: 1,
    axon: name,
    namespace,
    ledger: ledgerName(name),
    releases: releasesName(name),
    store: { path: STORE_PATH },
    webhook: { url: `http://${eventSourceService(name)}.${namespace}.svc:${WEBHOOK_PORT}` },
    prometheus: { url: platform.prometheus },
    tasks: loop.tasks.map((task) => ({
      name: task.identifier,
      kind: task.kind,
      metrics: task.metrics,
      ...(task.objective && { objective: task.objective }),
      emits: [...listeners.phasesOf(task.identifier)].sort(),
    })),
    sensors: sortedBy(assembly.sensors, (sensor) => sensor.name),
    models: loop.models.map((model) => ({ name: model.identifier, trainers: model.trainers, captures: model.captures })),
  };
  assembly.document(axonConfigMap(name), 'axon', DOCUMENT_KEY.AXON, document);
}

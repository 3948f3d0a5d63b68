import type { AxonDocument, AxonSensor, LedgerDocument } from '../contract/documents.js';
import type { Facts } from '../ledger/conditions.js';
import type { Needs } from '../ledger/decide.js';
import { fires } from '../ledger/triggering.js';
import { MyelinError } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { Prometheus } from './prometheus.js';

/** Whose set it is. */
export interface Asked {
  readonly axon: AxonDocument;
  readonly sensor: AxonSensor;
  /** Holds the set's events. */
  readonly ledger: LedgerDocument;
}

/** What a set must be judged by and the ledger does not know, asked of Prometheus; joined to what is known already. */
export async function gather(context: ProgramContext, { axon, sensor, ledger }: Asked, needs: Needs, known: Facts): Promise<Facts> {
  if (axon.prometheus === undefined) throw new MyelinError('MYELIN_PROMETHEUS_ABSENT', { sensor: sensor.name });
  const prometheus = new Prometheus(axon.prometheus.url, context.fetch, context.signal);
  const firing: Record<string, boolean> = { ...known.firing };
  for (const id of needs.alerts) firing[id] = (await prometheus.firing(alertLabels({ axon, sensor, ledger }, id))).length > 0;
  const samples: Record<string, readonly number[]> = { ...known.samples };
  for (const query of needs.queries) samples[query] = await prometheus.samples(query);
  return { ...known, firing, samples };
}

/** Labels that tell an alert from those of other versions. */
function alertLabels({ axon, sensor, ledger }: Asked, id: string): Record<string, string> {
  const event = ledger.events[id]!;
  const trigger = sensor.triggers.find((one) => one.kind === 'alert' && fires(sensor.name, one, event));
  return {
    ...(trigger?.kind === 'alert' && { alertname: trigger.alert }),
    axon: axon.axon,
    namespace: axon.namespace,
    ...(event.model !== undefined && event.version !== undefined && { model: event.model }),
    ...(event.version !== undefined && { version: event.version }),
  };
}

import { eventSourceService, restWebhook, WEBHOOK_PORT } from '@cdk8s-myelin/runtime';
import { misused, Outcome, UsageError } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { axonStates } from './axon-state.js';
import { ClusterClient } from './cluster-client.js';
import { chosen } from './show.js';

export interface TriggerOptions {
  readonly state: string;
  /** `name=value` pairs for the parameters of the sensor. */
  readonly parameter: readonly string[];
}

/** `myelin trigger`: calls a REST trigger as any client would. */
export async function trigger(axonName: string | undefined, name: string, options: TriggerOptions, terminal: Terminal): Promise<Outcome> {
  const { state, parameter } = options;
  const client = ClusterClient.of(state);
  const axon = chosen(axonStates(await client.list('ConfigMap'), [], client.info.gateway), axonName);
  const triggers = axon.sensors.flatMap((sensor) => sensor.triggers);
  const callable = [...new Set(triggers.filter(({ kind }) => kind === 'rest').map((rest) => rest.name))];
  if (!callable.includes(name)) {
    throw misused('trigger', name, 'is no REST trigger of the axon', callable.length === 0 ? 'the axon has none: declare one with type Rest' : `name one of ${callable.join(', ')}`);
  }
  const token = await webhookToken(client, axon.namespace);
  const answer = await fetch(`${client.info.services}/${restWebhook(name)}`, {
    method: 'POST',
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json', 'x-forwarded-host': `${eventSourceService(axon.axon)}.${axon.namespace}.svc:${WEBHOOK_PORT}` },
    body: JSON.stringify(Object.fromEntries(parameter.map(pair))),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) {
    throw new UsageError(`the event source refused the call: ${answer.status} ${await answer.text()}`);
  }
  terminal.out(`called ${name}; 'myelin get ${axon.axon}' shows what comes of it`);
  return Outcome.DONE;
}

async function webhookToken(client: ClusterClient, namespace: string): Promise<string> {
  const secret = (await client.list('Secret')).find(({ metadata }) => metadata.name === 'myelin-webhook-token' && metadata.namespace === namespace);
  if (secret === undefined) {
    throw new UsageError(`namespace ${namespace} has no Secret myelin-webhook-token yet: wait for the bootstrap Job, or look at 'myelin logs'`);
  }
  return Buffer.from(secret.data.token, 'base64').toString();
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) {
    throw misused('parameter', text, 'is no name=value', 'write for example -p learning-rate=0.01');
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

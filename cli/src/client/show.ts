import { dump } from 'js-yaml';
import { misused, Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { type AxonState, axonStates } from './axon-state.js';
import { ClusterClient } from './cluster-client.js';
import { age, table } from './tables.js';

export type Output = 'wide' | 'name' | 'json' | 'yaml';

export interface ShowOptions {
  readonly state: string;
  readonly output: Output;
}

/** `myelin list`: a line for each axon. */
export async function list(options: ShowOptions, terminal: Terminal): Promise<Outcome> {
  const axons = await states(options.state);
  if (!machineReadable(axons, options.output, terminal)) {
    const rows = axons.map(({ axon, namespace, models, runs }) => [
      axon, namespace,
      models.map(({ name, versions }) => `${name}: ${versions.find(({ generation }) => generation === 0)?.version ?? 'none live'}`).join(', ') || '-',
      // A sweep is no run of the loop.
      String(runs.filter(({ sensor, phase }) => sensor !== undefined && phase === 'Running').length),
    ]);
    (options.output === 'name' ? axons.map(({ axon }) => axon) : table(['AXON', 'NAMESPACE', 'LIVE', 'RUNNING'], rows)).forEach((line) => terminal.out(line));
  }
  return Outcome.DONE;
}

/** `myelin get`: an axon with its versions, sensors and runs. */
export async function get(name: string | undefined, options: ShowOptions, terminal: Terminal): Promise<Outcome> {
  const axon = chosen(await states(options.state), name);
  if (!machineReadable(axon, options.output, terminal)) {
    (options.output === 'name' ? [axon.axon] : described(axon, Date.now())).forEach((line) => terminal.out(line));
  }
  return Outcome.DONE;
}

/** `myelin endpoint`: where the models answer. */
export async function endpoint(name: string | undefined, options: ShowOptions, terminal: Terminal): Promise<Outcome> {
  const all = await states(options.state);
  const axons = name === undefined ? all : [chosen(all, name)];
  const endpoints = axons.flatMap(({ axon, namespace, models }) => models.map((model) => ({
    axon,
    namespace,
    model: model.name,
    modelStable: { url: model.urls[0], urls: model.urls },
    models: model.versions.filter(({ state }) => state === 'live').map(({ version, generation, urls }) => ({ version, generation, url: urls[0], urls })),
  })));
  machineReadable(endpoints, options.output === 'json' ? 'json' : 'yaml', terminal);
  return Outcome.DONE;
}

async function states(state: string): Promise<AxonState[]> {
  const client = ClusterClient.of(state);
  return axonStates(await client.list('ConfigMap'), await client.list('Workflow'), client.info.gateway);
}

/** The axon of that name, or the only one. */
export function chosen<T extends { readonly axon: string }>(axons: readonly T[], name: string | undefined): T {
  const names = axons.map(({ axon }) => axon).join(', ');
  const found = name === undefined ? axons : axons.filter(({ axon }) => axon === name);
  if (found.length === 1) {
    return found[0];
  }
  throw name === undefined
    ? misused('axon', 'absent', `must be given where there are ${axons.length === 0 ? 'none' : 'several'}`, axons.length === 0 ? "start one with 'myelin up'" : `name one of ${names}`)
    : misused('axon', name, 'does not run here', axons.length === 0 ? "start it with 'myelin up'" : `name one of ${names}`);
}

function machineReadable(value: unknown, output: Output, terminal: Terminal): boolean {
  if (output === 'json') {
    terminal.out(JSON.stringify(value, undefined, 2));
  } else if (output === 'yaml') {
    terminal.out(dump(value, { lineWidth: 150 }).trimEnd());
  } else {
    return false;
  }
  return true;
}

function described({ axon, namespace, models, sensors, runs }: AxonState, now: number): string[] {
  return [
    `axon ${axon} in namespace ${namespace}`,
    ...models.flatMap(({ name, urls, versions }) => [
      '', `model ${name}`, ...urls.map((url) => `  ${url}`),
      ...table(['VERSION', 'STATE', 'GENERATION', 'AGE', 'METRICS'], versions.map(({ version, state, generation, at, metrics }) => [
        version, state, generation === undefined ? '-' : String(generation), age(at, now),
        Object.values(metrics).flatMap((numbers) => Object.entries(numbers).map(([key, value]) => `${key}=${Number(value.toPrecision(4))}`)).join(' '),
      ])).map((line) => `  ${line}`),
    ]),
    '', ...table(['SENSOR', 'TRIGGERS', 'LAST', 'AGE', 'WHY'], sensors.map(({ name, triggers, last }) => [
      name, triggers.map((trigger) => trigger.name).join(' && ') || 'once', last?.decision ?? '-', age(last?.at, now), last?.reasons.join('; ') ?? '',
    ])),
    '', ...table(['RUN', 'SENSOR', 'PHASE', 'AGE'], runs.map(({ name, sensor, phase, startedAt }) => [name, sensor ?? '-', phase, age(startedAt, now)])),
  ];
}

import { labelsKey, type Labels } from '../../../../src/pocket/metrics/promql/labels.js';
import { QueryEngine } from '../../../../src/pocket/metrics/promql/query.js';
import { SeriesStore } from '../../../../src/pocket/metrics/series-store.js';
import { describeWith, realPrometheus } from '../binaries.js';
import { type PrometheusServer, startPrometheus } from '../prometheus-server.js';
import { remoteWrite } from '../remote-write.js';
import { alertOf, vector } from './expressions.js';
import { chance, type Random, world } from './worlds.js';

const binary = realPrometheus();
const QUERIES = Number(process.env.MYELIN_TEST_QUERIES ?? 1500);
const SEED = Number(process.env.MYELIN_TEST_SEED ?? 20_261);

interface Answer {
  readonly error?: string;
  readonly values: ReadonlyMap<string, number>;
}

describeWith(binary, 'prometheus', () => {
  const random = chance(SEED);
  // A time of its own, so that a run is the same each time: roundings at the edge of a comparison must not differ by the hour.
  const end = Date.UTC(2026, 5, 1, 12);
  const store = new SeriesStore();
  const engine = new QueryEngine(store, 60_000);
  let server: PrometheusServer;

  beforeAll(async () => {
    server = await startPrometheus(binary!);
    const samples = world(random, end);
    for (const { labels, time, value } of samples) store.append(labels, time, value);
    await remoteWrite(server.url, samples);
  }, 60_000);
  afterAll(() => server?.stop());

  test('the shapes of expressions that we synthesise have the same values', async () => {
    expect(await differences(random, () => alertOf(random), Math.ceil(QUERIES / 5))).toEqual([]);
  }, 60_000);

  test('random expressions have the same values, or fail in both', async () => {
    expect(await differences(random, () => vector(random, 3), QUERIES)).toEqual([]);
  }, 120_000);

  async function differences(r: Random, make: () => string, count: number): Promise<string[]> {
    const found: string[] = [];
    let alike = 0;
    let filled = 0;
    for (let i = 0; i < count; i += 20) {
      const batch = Array.from({ length: Math.min(20, count - i) }, () => ({ query: make(), at: end - Math.floor(r() * 1_500_000) }));
      const answers = await Promise.all(batch.map(({ query, at }) => theirs(server.url, query, at)));
      batch.forEach(({ query, at }, k) => {
        const ours = mine(query, at);
        const difference = compare(ours, answers[k]);
        if (difference !== undefined) {
          found.push(`${query} @ ${at}: ${difference}`);
        } else {
          alike += 1;
          filled += Number(ours.values.size > 0);
        }
      });
    }
    process.stderr.write(`compared ${count} expressions with prometheus: ${alike} alike (${filled} not empty), ${found.length} different\n`);
    return found.slice(0, 20);
  }

  function mine(query: string, at: number): Answer {
    try {
      const result = engine.instant(query, at);
      if (result.type !== 'vector') throw new Error(`'${query}' gave a ${result.type}`);
      return { values: new Map(result.samples.map(({ labels, value }) => [labelsKey(labels), value])) };
    } catch (error) {
      return { error: (error as Error).message, values: new Map() };
    }
  }
});

async function theirs(url: string, query: string, at: number): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query, time: String(at / 1000) }) });
  const body = await response.json() as { error?: string; data?: { result: { metric: Labels; value: [number, string] }[] } };
  if (body.data === undefined) return { error: body.error, values: new Map() };
  return { values: new Map(body.data.result.map(({ metric, value }) => [labelsKey(metric), Number(value[1].replace('Inf', 'Infinity'))])) };
}

function compare(ours: Answer, others: Answer): string | undefined {
  if (ours.error !== undefined || others.error !== undefined) {
    return ours.error !== undefined && others.error !== undefined ? undefined : `ours ${ours.error ?? 'is fine'}, theirs ${others.error ?? 'is fine'}`;
  }
  for (const key of new Set([...ours.values.keys(), ...others.values.keys()])) {
    const [a, b] = [ours.values.get(key), others.values.get(key)];
    if (a === undefined || b === undefined || !near(a, b)) return `${key} is ${a} in ours, ${b} in theirs`;
  }
  return undefined;
}

function near(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

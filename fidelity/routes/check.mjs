// Leads traffic in each of the ways of kinds.mjs: synth, then the runtime's deploy in memory, then the oracle's judgement and istiod's own routes.
// node check.mjs FOLDER ORACLE ISTIO_ROUTES
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { deployed } from './deployed.mjs';
import { axonOf, KINDS } from './kinds.mjs';
import { copiesOf, routeOf, sharesOf } from './requests.mjs';

const [folder, oracle, generator] = process.argv.slice(2);
const myelin = new URL('../../cli/bin/myelin.js', import.meta.url).pathname;
const NAMESPACE = 'shop-test';
const PREFIX = `/${NAMESPACE}/shop`;
const WHERE = ['myelin.io/version', 'myelin.io/backend', 'myelin.io/model'];

function synthesised(kind) {
  const file = join(folder, `${kind}.json`);
  const to = join(folder, `${kind}-dist`);
  writeFileSync(file, JSON.stringify(axonOf(kind)));
  execFileSync('node', [myelin, 'synth', file, '-n', NAMESPACE, '-o', to], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readdirSync(to).sort().reverse().flatMap((name) => loadAll(readFileSync(join(to, name), 'utf8')));
}

/** What the oracle finds. */
function findings(name, objects) {
  const to = join(folder, name);
  mkdirSync(to);
  writeFileSync(join(to, 'all.yaml'), objects.map((object) => `${JSON.stringify(object)}\n`).join('---\n'));
  const { status, stdout, stderr } = spawnSync(oracle, [to], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`the oracle cannot run: ${stderr}`);
  return status === 0 ? [] : stdout.trim().split('\n');
}

/** The routes of the one VirtualService of the one Gateway. */
function routesOf(objects) {
  const all = JSON.parse(execFileSync(generator, { input: JSON.stringify(objects), maxBuffer: 1 << 26 }));
  if (all.length !== 1) throw new Error(`${all.length} VirtualServices at gateways`);
  return all[0].routes;
}

/** What is not as it was meant. */
function differences({ versions, objects }, asks) {
  const routes = routesOf(objects);
  const delegate = objects.find(({ kind, metadata }) => kind === 'VirtualService' && metadata.name === 'shop-routes');
  const servers = new Map(objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.labels?.['myelin.io/version'])
    .map(({ metadata: { name, labels } }) => [`outbound|5000||${name}.${NAMESPACE}.svc.cluster.local`, WHERE.map((label) => labels[label])]));
  const found = [];
  const written = delegate.spec.http.reduce((sum, { match }) => sum + match.length, 0);
  if (routes.length !== written) found.push(`${written} matches are written, ${routes.length} routes come of them`);
  const told = (shares, { model, shares: meant }) => {
    const byBackend = Object.keys(meant ?? {}).some((key) => key.includes('/'));
    return Object.fromEntries(Object.entries(shares).map(([cluster, share]) => {
      const [version, backend, owner] = servers.get(cluster) ?? [];
      if (version === undefined || (model !== undefined && model !== owner)) return [cluster, share];
      const number = versions.indexOf(version) + 1;
      return [byBackend ? `${number}/${backend}` : String(number), share];
    }));
  };
  for (const ask of asks) {
    const path = PREFIX + ask.path.replace(/\{(\d)\}/, (_, number) => versions[number - 1] ?? 'none');
    const route = routeOf(routes, { ...ask, path });
    const is = route === undefined ? { shares: null } : {
      to: route.route.prefixRewrite, shares: told(sharesOf(route), ask), ...(ask.copies && { copies: told(copiesOf(route), ask) }),
    };
    const { to, shares, copies } = ask;
    const meant = shares === null ? { shares } : { to, shares, ...(copies && { copies }) };
    if (isDeepStrictEqual(is, meant)) continue;
    found.push(`${path} ${JSON.stringify(ask.headers ?? {})}: meant ${JSON.stringify(meant)}, is ${JSON.stringify(is)}`);
  }
  return found;
}

const counts = { worlds: 0, objects: 0, requests: 0, wrong: 0 };
for (const [kind, { after }] of Object.entries(KINDS)) {
  const manifests = synthesised(kind);
  for (const [rounds, asks] of Object.entries(after)) {
    const world = await deployed(manifests, Number(rounds));
    const wrong = [...findings(`${kind}-${rounds}`, world.objects), ...differences(world, asks)];
    counts.worlds++;
    counts.objects += world.objects.length;
    counts.requests += asks.length;
    counts.wrong += wrong.length;
    wrong.forEach((each) => console.log(`DIFFERS: ${kind} after ${rounds}: ${each}`));
  }
  console.log(`${kind}: ${Object.keys(after).join(', ')} versions, ${Object.values(after).flat().length} requests`);
}

// What the two must see: each change is one that the API server would take.
const BROKEN = {
  'a host that no Service has': ({ spec: { http: [{ route }] } }) => { route[0].destination.host = `nobody.${NAMESPACE}.svc.cluster.local`; },
  'a port that the Service has not': ({ spec: { http: [{ route }] } }) => { route[0].destination.port.number = 5001; },
  'a path outside of the prefix': ({ spec: { http: [{ match }] } }) => { match[0].uri.exact = '/elsewhere/predict'; },
  'a regular expression below the prefix': ({ spec: { http: [{ match }] } }) => { match[0].uri = { regex: `${PREFIX}/.*` }; },
  'a delegate of another name': (delegate) => { delegate.metadata.name = 'shop-paths'; },
  'shares that are swapped': ({ spec: { http } }) => http.filter(({ route }) => route.length > 1).forEach(({ route }) => {
    [route[0].weight, route[1].weight] = [route[1].weight, route[0].weight];
  }),
};
const canary = await deployed(synthesised('canary'), 2);
for (const [index, [what, change]] of Object.entries(BROKEN).entries()) {
  const objects = structuredClone(canary.objects);
  change(objects.find(({ kind, metadata }) => kind === 'VirtualService' && metadata.name === 'shop-routes'));
  const byOracle = findings(`broken-${index}`, objects).length;
  let byRoutes;
  try {
    byRoutes = differences({ ...canary, objects }, KINDS.canary.after[2]).length;
  } catch {
    byRoutes = 1;
  }
  console.log(`${what}: ${byOracle} findings of the oracle, ${byRoutes} differences in the routes`);
  if (byOracle + byRoutes === 0) counts.wrong++;
}
console.log(`${counts.worlds} worlds of ${counts.objects} objects, ${counts.requests} requests, ${Object.keys(BROKEN).length} broken worlds; `
  + `${counts.wrong} differences`);
process.exit(counts.wrong === 0 ? 0 : 1);

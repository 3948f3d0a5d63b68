import { readFileSync } from 'fs';
import { join } from 'path';
import { loadAll } from 'js-yaml';
import type { Right, RightsTrace } from '../fidelity/traces/trace';
import { Axon, ContainerTask, Platform, Sensor } from '../src';
import { objectsOf } from './axon-file/digits';
import { READY } from './helpers/loop';
import { find, Manifest, synthesise, templateOf, testChart } from './helpers/manifests';

const text = (...path: string[]) => readFileSync(join(__dirname, '..', ...path), 'utf8');

/** What programs asked of a real API server, and what it refused them: see fidelity/cluster/rights.sh. */
const TRACE: RightsTrace = JSON.parse(text('fidelity', 'traces', 'rights.json'));

/** The axon that was played there. */
const PLAYED = text('fidelity', 'cluster', 'rights', 'axon.yaml');

function platform(): Manifest[] {
  const chart = testChart();
  new Platform(chart, 'platform');
  return synthesise(chart);
}

/** A line for each verb and kind, with the names that it is limited to. */
function lines(rights: readonly Right[]): string[] {
  const words = ({ program, group, resource, verb }: Right) => `${program}: ${verb} ${group === '' ? '' : `${group}/`}${resource}`;
  return [...new Set(rights.map(words))].sort().map((line) => {
    const names = rights.filter((right) => words(right) === line).map(({ name }) => name);
    // Who may do it to any may do it to those.
    return names.includes(undefined) ? line : `${line} ${[...new Set(names)].sort().join(' ')}`;
  });
}

/** What the Roles among some objects grant, by the component that each is for. */
function granted(objects: Manifest[]): Right[] {
  return objects.filter(({ kind }) => kind === 'Role').flatMap(({ metadata: { labels }, rules }) => rules.flatMap((rule: Manifest) => {
    const common = { program: labels['app.kubernetes.io/name'], group: only(rule.apiGroups), resource: only(rule.resources) };
    const names: (string | undefined)[] = rule.resourceNames ?? [undefined];
    const own = `${labels['myelin.io/axon']}-`;
    return rule.verbs.flatMap((verb: string) => names.map((name) => ({ ...common, verb, name: name?.replace(own, '<axon>-') })));
  }));
}

function only(values: string[]): string {
  expect(values).toHaveLength(1);
  return values[0];
}

test('nothing that a program asked for was refused', () => {
  expect(TRACE.allowed.length).toBeGreaterThan(40);
  expect(TRACE.refused).toEqual([]);
});

test('each Role grants what its program has used on a cluster, and no more', () => {
  expect(lines(granted([...platform(), ...objectsOf(PLAYED)]))).toEqual(lines(TRACE.allowed));
});

test.each([
  'digits/expected/digits.yaml', 'digits/expected/platform.yaml', 'tumor-screening/expected/tumor-screening.yaml',
])('no Role of %s grants what is not used', (file) => {
  const used = new Set(lines(TRACE.allowed));
  const grants = lines(granted(loadAll(text('examples', ...file.split('/'))) as Manifest[]));

  expect(grants.length).toBeGreaterThan(0);
  expect(grants.filter((grant) => !used.has(grant) && !isPart(grant, used))).toEqual([]);
});

/** A grant for some of the names that another axon needs. */
function isPart(grant: string, used: Set<string>): boolean {
  const [program, verb, resource, ...names] = grant.split(' ');
  return [...used].some((line) => {
    const words = line.split(' ');
    const sameKind = words.slice(0, 3).join(' ') === `${program} ${verb} ${resource}`;
    return sameKind && names.length > 0 && names.every((name) => words.slice(3).includes(name));
  });
}

test('a deployment may write the ledger only where it decides by itself', () => {
  const source = 'artifacts: [{name: code, path: /src, git: {repo: "https://git.example.org/code.git", revision: "1"}}]';
  const built = PLAYED.replace('  volumeClaimTemplate:', `  ${source}\n  volumeClaimTemplate:`)
    .replace('image: probe/tasks:1', 'imageBuild: {repositoryName: serve, artifact: code, buildLocation: /src, s2i: {contextDir: serve}}');
  const written = (file: string) => lines(granted(objectsOf(file))).filter((line) => line.startsWith('deploy: update configmaps'));

  expect(written(PLAYED)).toEqual(['deploy: update configmaps <axon>-ledger <axon>-releases']);
  expect(written(built)).toEqual(['deploy: update configmaps <axon>-releases']);
});

describe('the token of an account', () => {
  test('lies in a pod only where its program calls the API', () => {
    const accounts = objectsOf(PLAYED).filter(({ kind }) => kind === 'ServiceAccount');
    const mounted = accounts.filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false);

    expect(mounted.map(({ metadata }) => metadata.name))
      .toEqual(['rights-deploy', 'rights-emit', 'rights-gate', 'rights-sensor', 'rights-sweep', 'rights-tune']);
  });

  test("is there for Argo's containers beside the user's, and not for the user's", () => {
    const template = templateOf(objectsOf(PLAYED), 'task-prepare');
    const [patch] = loadAll(template.podSpecPatch) as Manifest[];
    const mount = { name: 'executor-token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };

    expect(template.container.volumeMounts).not.toContainEqual(expect.objectContaining({ mountPath: mount.mountPath }));
    expect(patch).toEqual({
      initContainers: [{ name: 'init', volumeMounts: [mount] }],
      containers: [{ name: 'wait', volumeMounts: [mount] }],
      volumes: [{
        name: 'executor-token',
        // What the kubelet mounts of itself otherwise.
        projected: {
          sources: [
            { serviceAccountToken: { path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
          ],
        },
      }],
    });
  });

  test('is left to who named the account, and may have bound more to it', () => {
    const chart = testChart();
    const axon = new Axon(chart, 'ml', { serviceAccountName: 'trainer' });
    new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'call', { image: READY })] });

    expect(find(synthesise(chart), 'ServiceAccount', 'trainer').automountServiceAccountToken).toBeUndefined();
  });
});

test('the operations manual says what each account may do', () => {
  const rights = lines(granted([...platform(), ...objectsOf(PLAYED)])).filter((line) => !line.endsWith('workflowtaskresults'));
  const programs = [...new Set(rights.map((line) => line.split(':')[0]))];
  const rows = text('docs', 'operations.md').split('\n').filter((line) => /^\| `(<axon>|myelin)-/.test(line)).map((line) => line.split(' | '));

  expect(programs.map((program) => rows.find(([account]) => account.endsWith(`-${program}\``))?.at(-1)))
    .toEqual(programs.map((program) => `${sentence(rights.filter((line) => line.startsWith(`${program}: `)))} |`));
});

/** Lines of one program as one text: `get`, `list` pods; `update` configmaps `<axon>-ledger`. */
function sentence(rights: string[]): string {
  const kinds = new Map<string, string[]>();
  for (const right of rights) {
    const [, verb, resource, names] = /^\w+: (\w+) (?:[\w.]+\/)?(\w+)(.*)$/.exec(right)!;
    const what = `${resource}${names.replace(/ (\S+)/g, ' `$1`')}`;
    kinds.set(what, [...(kinds.get(what) ?? []), `\`${verb}\``]);
  }
  return [...kinds].map(([what, verbs]) => `${verbs.join(', ')} ${what}`).join('; ');
}

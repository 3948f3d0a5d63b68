import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { contents, ROOT, Workshop } from './workshop';

/*
 * What users get: the npm tarball and the Python wheel, installed outside the
 * repository beside the oldest and the newest peers. The examples that are
 * programs run with each: they have main.ts, main.py and cdk8s.yaml (app: node main.js).
 */

const EXAMPLES = join(ROOT, 'examples');
/** The loop of platform-team is that of digits, which has the recorded manifests under other names. */
const DIGITS = contents(join(EXAMPLES, 'digits', 'expected'));
/** The recorded manifests of each program, by the names that cdk8s gives the files of its charts. */
const EXPECTED: Record<string, Record<string, string>> = {
  'platform-team': { 'digits-chart.k8s.yaml': DIGITS['digits.yaml'], 'platform.k8s.yaml': DIGITS['platform.yaml'] },
  'patches': contents(join(EXAMPLES, 'patches', 'expected')),
  'shared-cluster': contents(join(EXAMPLES, 'shared-cluster', 'expected')),
};
const PROGRAMS = Object.keys(EXPECTED);
/** The versions the library promises to work with: its own development versions are the minima of its peers. */
const VERSIONS: Record<string, string> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devDependencies;
const PEERS = ['cdk8s', 'cdk8s-plus-27', 'constructs'];
/** Apps by the peers beside the tarball: the minima, and the newest of the same major versions. */
const APPS: Record<string, (peer: string) => string> = {
  oldest: peer => VERSIONS[peer],
  newest: peer => `^${VERSIONS[peer]}`,
};
const CDK8S_CLI = 'cdk8s-cli@2.207.60';

/** The library's types come from the tarball; only Node's are the repository's. */
const COMPILER_OPTIONS = { strict: true, skipLibCheck: true, target: 'es2022', module: 'node16', types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')] };

/** Everything the tarball may hold. */
const PUBLISHED = [
  /^package\.json$/, /^README\.md$/, /^LICENSE$/, /^API\.md$/, /^\.jsii$/,
  /^lib\/.*\.(js|d\.ts|json)$/,
  /^node_modules\/(js-yaml|argparse|@lezer\/(common|highlight|lr)|@prometheus-io\/lezer-promql)\//,
];

const workshop = new Workshop();
let wheel: string | undefined;
let tarball: { filename: string; files: { path: string }[] };

beforeAll(() => {
  workshop.run([process.execPath, 'scripts/compile.mjs', 'root'], { cwd: ROOT });
  [tarball] = JSON.parse(workshop.run(['npm', 'pack', '--json', '--pack-destination', workshop.folder], { cwd: ROOT }));
});

afterAll(() => workshop.close());

test('the tarball holds the library, its manual and its bundled dependencies, and nothing else', () => {
  const files = tarball.files.map(file => file.path);

  expect(files.filter(file => !PUBLISHED.some(pattern => pattern.test(file)))).toEqual([]);
  expect(PUBLISHED.filter(pattern => !files.some(file => pattern.test(file)))).toEqual([]);
});

describe.each(Object.entries(APPS))('an app with the installed tarball beside %s peers', (app, rangeOf) => {
  beforeAll(() => {
    for (const program of PROGRAMS) {
      for (const file of ['main.ts', 'main.py', 'cdk8s.yaml']) cpSync(join(EXAMPLES, program, file), workshop.path(app, program, file));
    }
    writeFileSync(workshop.path(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
    writeFileSync(workshop.path(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: PROGRAMS.map(program => `${program}/main.ts`) }));
    workshop.run(
      ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', workshop.path(tarball.filename), CDK8S_CLI, ...PEERS.map(peer => `${peer}@${rangeOf(peer)}`)],
      { cwd: workshop.path(app) },
    );
    tsc(app, '-p', '.');
  });

  test('the library and the program share one copy of each peer', () => {
    const inside = ['cdk8s-myelin', ...PEERS].flatMap(name => PEERS.map(peer => join(name, 'node_modules', peer)));

    expect(inside.filter(path => existsSync(workshop.path(app, 'node_modules', path)))).toEqual([]);
  });

  test.each(PROGRAMS)('examples/%s: main.ts synthesises the expected manifests with the cdk8s command', (program) => {
    synth(app, program, 'dist');

    expect(contents(workshop.path(app, program, 'dist'))).toEqual(EXPECTED[program]);
  });

  describe('and the installed wheel', () => {
    let python: string;

    beforeAll(() => {
      python = pythonWithWheel(app);
    });

    test.each(PROGRAMS)('examples/%s: main.py synthesises the same bytes', (program) => {
      synth(app, program, 'dist-python', '--app', `${python} main.py`);

      expect(contents(workshop.path(app, program, 'dist-python'))).toEqual(EXPECTED[program]);
    });
  });
});

test('the newest constructs is newer than the oldest', () => {
  const [oldest, newest] = Object.keys(APPS).map(app => installed(app, 'constructs').split('.').map(Number));

  expect(installed('oldest', 'constructs')).toBe(VERSIONS.constructs);
  expect([newest[0], newest[1] > oldest[1]]).toEqual([oldest[0], true]);
});

describe('the PromQL reader', () => {
  test.each([
    ['a CommonJS program', 'reader.ts', { module: 'node16' }],
    ['an ES module', 'reader.mts', { module: 'nodenext' }],
    ['a bundled program', 'reader.ts', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('%s imports it by its path in the package, with its types', (_, file, options) => {
    const source = "import { type Expr, parse } from 'cdk8s-myelin/lib/promql/index.js';\nconst expr: Expr | undefined = parse('up == 0').expr;\nconsole.log(expr?.end);\n";
    writeFileSync(workshop.path('oldest', file), source);
    writeFileSync(workshop.path('oldest', 'tsconfig.reader.json'), JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, ...options }, files: [file] }));

    tsc('oldest', '-p', 'tsconfig.reader.json');

    if (options.module !== 'esnext') {
      const compiled = file.replace(/ts$/, 'js');
      expect(workshop.run([process.execPath, compiled], { cwd: workshop.path('oldest') })).toBe('7\n');
    }
  });

  test('fails if a program imports another file of the package', () => {
    const other = () => workshop.run([process.execPath, '-e', "require('cdk8s-myelin/lib/axon.js')"], { cwd: workshop.path('oldest') });

    expect(other).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

function tsc(app: string, ...args: string[]): void {
  workshop.run([process.execPath, join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...args], { cwd: workshop.path(app) });
}

/** The version of a package that an app got. */
function installed(app: string, name: string): string {
  return JSON.parse(readFileSync(workshop.path(app, 'node_modules', name, 'package.json'), 'utf8')).version;
}

function synth(app: string, program: string, output: string, ...args: string[]): void {
  workshop.run(['npx', '--no-install', 'cdk8s', 'synth', '--output', output, ...args], {
    cwd: workshop.path(app, program),
    env: { CDK8S_CHECK_UPGRADE: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' },
  });
}

/** An environment with the peers of an app from PyPI, kept between runs, and in it the wheel of this moment. */
function pythonWithWheel(app: string): string {
  const python = venv(`peers-${app}`, PEERS.map(peer => `${peer}==${installed(app, peer)}`));
  wheel ??= buildWheel();
  workshop.run([python, '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-deps', '--force-reinstall', wheel]);
  return python;
}

/** Builds the Python sources as jsii-pacmak generates them; it would also build them, but in an environment that it downloads anew each time. */
function buildWheel(): string {
  const builder = venv('wheel', ['build~=1.5.0', 'setuptools~=75.3.2', 'wheel']);
  const bindings = workshop.path('bindings');
  mkdirSync(bindings);
  workshop.run([
    process.execPath, join(ROOT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'), '--targets', 'python', '--code-only', '--no-npmignore', '--outdir', bindings, ROOT,
  ]);
  workshop.run([builder, '-m', 'build', '--wheel', '--no-isolation', '--outdir', workshop.path('wheels'), join(bindings, 'python')]);
  const [file] = Object.keys(contents(workshop.path('wheels')));
  return workshop.path('wheels', file);
}

function venv(name: string, requirements: string[]): string {
  return workshop.run([process.execPath, 'scripts/venv.mjs', name, ...requirements], { cwd: ROOT });
}

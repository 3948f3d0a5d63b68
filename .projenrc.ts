import { cdk8s, javascript } from 'projen';
import { addGates } from './projenrc/gates';
import { addLint } from './projenrc/lint';
import { addPackaging } from './projenrc/packaging';
import { addWorkspaces } from './projenrc/workspaces';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-myelin',
  description: 'Declare a machine-learning deployment loop once; synthesise it to static Kubernetes, Argo, Istio and Prometheus manifests.',
  author: 'The cdk8s-myelin authors',
  authorAddress: 'authors@example.org',
  repositoryUrl: 'https://example.org/cdk8s-myelin.git',
  license: 'Apache-2.0',
  keywords: ['cdk8s', 'kubernetes', 'mlops', 'argo', 'hyperband', 'istio', 'prometheus'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '0.103.25',
  projenrcTs: true,
  // The peers' minima; the development versions are pinned below, so that tests run against the lowest promise.
  cdk8sVersion: '2.70.106',
  constructsVersion: '10.3.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  minNodeVersion: '20.16.0',
  peerDeps: ['cdk8s-plus-27@^2.9.5'],
  // jsii wants everything that is not a jsii module inside the package; the grammar of PromQL names the @lezer packages as its peers.
  bundledDeps: ['js-yaml@^5.5.0', '@prometheus-io/lezer-promql@^0.315.0', '@lezer/common@^1.2.0', '@lezer/highlight@^1.2.0', '@lezer/lr@^1.4.0'],
  devDeps: [
    'cdk8s-plus-27@2.9.5',
    '@jest/globals@^30.5.2',
    '@swc/core@1.16.18',
    '@swc/jest@^0.2.39',
    '@types/node@^20',
    'ajv@^8.20.0',
    'fast-check@^4.10.2',
    'json-schema-to-typescript@^16.0.0',
    'jsii-pacmak@^1.140.0',
  ],
  jestOptions: {
    // A golden that updates itself can never fail.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    // Coverage doubles the time of a run: ask for it with `npx jest --coverage`.
    // Without roots jest indexes every workspace, build output and virtual environment of the repository.
    jestConfig: { collectCoverage: false, roots: ['<rootDir>/src', '<rootDir>/test'] },
    junitReporting: false,
  },
  // Lint in the gate reports; it must not repair and pass. Repair with `npm run lint -- --fix`.
  eslintOptions: { dirs: ['src'], devdirs: ['test'], commandOptions: { fix: false, extraArgs: ['--max-warnings=0'] } },
  // Placeholders, like the addresses above: nothing is published yet.
  publishToMaven: { javaPackage: 'org.example.cdk8s.myelin', mavenGroupId: 'org.example.cdk8s', mavenArtifactId: 'cdk8s-myelin' },
  publishToGo: { moduleName: 'example.org/cdk8s-myelin-go' },
  publishToPypi: { distName: 'cdk8s-myelin', module: 'cdk8s_myelin' },
  sampleCode: false,
  release: false,
  github: false,
  depsUpgrade: false,
  stale: false,
});

addWorkspaces(project);
addLint(project);
addGates(project);
addPackaging(project);
project.synth();

import { builtinModules } from 'module';
import { cdk8s, javascript } from 'projen';
import { importZones, PLAIN_DATA_FILES, PURE_FILES } from './import-law';
import { WORKSPACES } from './workspaces';

/**
 * projen's rules, sharpened to the house style, and the import law.
 *
 * Type-aware rules find each file's types through the nearest tsconfig.json;
 * so every folder linted here has one.
 */
export function addLint(project: cdk8s.ConstructLibraryCdk8s): void {
  const eslint = project.eslint!;
  for (const workspace of WORKSPACES) {
    eslint.addLintPattern(workspace);
    eslint.addIgnorePattern(`/${workspace}/dist/`);
  }
  // The compiled library is linted as its sources.
  eslint.addIgnorePattern('/lib/');
  eslint.addRules(HOUSE_RULES);
  addSizes(eslint);
  addDependencies(eslint);
  addPurity(eslint);
}

const HOUSE_RULES = {
  'import/order': ['error', { groups: ['builtin', 'external', 'parent', 'sibling', 'index'], alphabetize: { order: 'asc', caseInsensitive: true } }],
  'import/no-cycle': ['error', { ignoreExternal: true }],
  'import/no-restricted-paths': ['error', { zones: importZones() }],
  'no-unused-expressions': ['off'],
  '@typescript-eslint/no-unused-expressions': ['error'],
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
};

function addSizes(eslint: javascript.Eslint): void {
  const sized = (max: number) => ({ 'max-lines': ['error', { max }] });
  eslint.addOverride({ files: ['src/**/*.ts', ...WORKSPACES.map(workspace => `${workspace}/src/**/*.ts`), 'projenrc/**/*.ts'], rules: sized(400) });
  eslint.addOverride({ files: ['test/**/*.ts', ...WORKSPACES.map(workspace => `${workspace}/test/**/*.ts`)], rules: sized(500) });
}

/** Whose package.json must name an import: the workspace's own, and for its tests also the root's development dependencies. */
function addDependencies(eslint: javascript.Eslint): void {
  const declared = (packageDir: string[], devDependencies: boolean) => ({
    'import/no-extraneous-dependencies': ['error', { packageDir, devDependencies, optionalDependencies: false, peerDependencies: true }],
  });
  for (const workspace of WORKSPACES) {
    eslint.addOverride({ files: [`${workspace}/**/*.ts`], rules: declared([`./${workspace}`], false) });
    eslint.addOverride({ files: [`${workspace}/test/**/*.ts`], rules: declared([`./${workspace}`, '.'], true) });
  }
  // Both would compile here, through the links of the npm workspaces, and break wherever the package stands alone.
  eslint.addOverride({ files: ['src/**/*.ts', 'runtime/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [foreignPackages()] }] } });
}

function foreignPackages() {
  return {
    group: ['cdk8s-myelin', 'cdk8s-myelin/*', '@cdk8s-myelin/*'],
    message: 'constructs and runtime never import each other, share what both need through contract/',
  };
}

function addPurity(eslint: javascript.Eslint): void {
  const message = 'this room only calculates: take it as an argument';
  const named = (names: string[]) => names.map(name => ({ name, message }));
  const modules = builtinModules.filter(name => !name.startsWith('_'));
  const world = {
    'no-restricted-globals': ['error', ...named([
      'process', 'performance', 'crypto', 'fetch', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate',
      'globalThis', 'global', 'require', 'module', '__dirname', '__filename',
    ])],
    'no-restricted-properties': ['error',
      { object: 'Math', property: 'random', message },
      { object: 'Date', property: 'now', message }],
    'no-restricted-syntax': ['error',
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message },
      { selector: 'CallExpression[callee.name="Date"]', message },
      // The rules of imports do not see these two.
      ...['ImportExpression', 'TSImportType'].map(selector => ({ selector, message: 'write an import at the top of the file' }))],
  };
  const imports = (paths: object[], patterns: object[] = []) => ({
    'no-restricted-imports': ['error', { paths, patterns: [foreignPackages(), { group: ['node:*', 'node:*/**'], message }, ...patterns] }],
  });
  eslint.addOverride({ files: PURE_FILES, rules: { ...imports(named(modules)), ...world } });
  // A hash is a calculation, for which Node has the module.
  const paths = [...named(modules.filter(name => name !== 'crypto')), { name: 'crypto', allowImportNames: ['createHash'], message }];
  const framework = { regex: '^(cdk8s|cdk8s-plus-27|constructs)(/|$)', message: 'a loop and its manifests are plain data' };
  eslint.addOverride({ files: PLAIN_DATA_FILES, rules: { ...imports(paths, [framework]), ...world } });
}

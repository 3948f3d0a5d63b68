import { cdk8s, JsonFile } from 'projen';

/** The folders beside the jsii root that are npm packages of their own, under one lockfile; a later one may import an earlier one. */
export const WORKSPACES = ['runtime', 'cli'];

/**
 * The workspaces are plain npm packages with hand-written manifests: a projen
 * sub-project would write a lockfile and a node_modules of its own.
 *
 * Each has two TypeScript projects: `<workspace>` compiles src/ to dist/, and
 * `<workspace>/test` type-checks the tests, which run uncompiled through swc.
 */
export function addWorkspaces(project: cdk8s.ConstructLibraryCdk8s): void {
  project.package.addField('workspaces', WORKSPACES);
  new JsonFile(project, 'tsconfig.workspace.json', {
    obj: {
      compilerOptions: {
        target: 'ES2022',
        lib: ['es2022'],
        module: 'nodenext',
        moduleResolution: 'nodenext',
        types: ['node'],
        strict: true,
        noImplicitOverride: true,
        noImplicitReturns: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        noFallthroughCasesInSwitch: true,
        declaration: true,
        sourceMap: true,
        skipLibCheck: true,
        esModuleInterop: true,
        resolveJsonModule: true,
      },
    },
  });
  WORKSPACES.forEach((workspace, index) => addTypeScriptProjects(project, workspace, WORKSPACES.slice(0, index)));
}

function addTypeScriptProjects(project: cdk8s.ConstructLibraryCdk8s, workspace: string, uses: string[]): void {
  new JsonFile(project, `${workspace}/tsconfig.json`, {
    obj: {
      extends: '../tsconfig.workspace.json',
      // Inside dist/, so that deleting dist/ also forgets what was built.
      compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
      include: ['src/**/*.ts', 'src/**/*.json'],
      references: uses.map(used => ({ path: `../${used}` })),
    },
  });
  new JsonFile(project, `${workspace}/test/tsconfig.json`, {
    obj: {
      extends: '../../tsconfig.workspace.json',
      compilerOptions: { noEmit: true, rootDir: '../..', tsBuildInfoFile: '../dist/.test.tsbuildinfo', types: ['node', 'jest'] },
      include: ['**/*.ts', '**/*.json'],
      references: ['..', ...uses.map(used => `../../${used}`)].map(path => ({ path })),
    },
  });
}

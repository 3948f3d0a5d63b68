import { cdk8s } from 'projen';

/**
 * The commands of the house. `npm test` is the one gate, and projen's own tasks
 * do the same as our scripts, so that `npx projen build` proves no less.
 */
export function addGates(project: cdk8s.ConstructLibraryCdk8s): void {
  project.compileTask.reset('node scripts/compile.mjs');
  project.tasks.tryFind('docgen')?.reset('node scripts/api.mjs');
  project.testTask.reset('node scripts/gate.mjs', { receiveArgs: true });
  // The packaging tests compile, pack and install by themselves; they would make every edit of a unit test wait.
  project.jest?.addIgnorePattern('/test/packaging/');
  project.setScript('test', 'node scripts/gate.mjs');
  project.setScript('compile', 'node scripts/compile.mjs');
  project.setScript('lint', 'projen eslint');
  project.setScript('docs:api', 'node scripts/compile.mjs root && node scripts/api.mjs');
  // Goldens change by this and nothing else.
  project.setScript('golden:update', 'node scripts/golden.mjs');
  // Not part of the gate: it takes minutes, needs a JDK with Maven and Go, and skips what a registry refuses.
  project.setScript('languages', 'node scripts/languages.mjs');
  project.setScript('bench:synth', 'node scripts/compile.mjs && node bench/synth.mjs');
  project.setScript('demo', 'node scripts/compile.mjs && node scripts/demo.mjs');
}

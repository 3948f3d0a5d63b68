import { cdk8s } from 'projen';

/** What running, building and packing leave behind. */
const BUILT = ['/.work/', '/build/', '/runtime/dist/', '/cli/dist/', '/python/dist/', '/python/build/', '__pycache__/', '*.py[cod]', '*.egg-info/', '.myelin/'];

/** What the npm package consists of; npm itself adds package.json, README.md, LICENSE and the bundled dependencies. */
const PUBLISHED = ['/lib/**/*.js', '/lib/**/*.d.ts', '/lib/**/*.json', '/.jsii', '/API.md'];

/**
 * What can be imported by path: the library, what jsii reads, and the PromQL reader, which the command line shares.
 * TypeScript and Node take the first condition that they know, so `types` comes first.
 */
const EXPORTS = {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './lib/promql/index.js': { types: './lib/promql/index.d.ts', default: './lib/promql/index.js' },
};

/**
 * A package states what it holds rather than what it leaves out: with an
 * exclusion list, each new folder of the repository would be published until
 * somebody noticed. npm reads `files` and passes over the root's .npmignore;
 * projen's stays only because jsii-pacmak writes one where it finds none.
 */
export function addPackaging(project: cdk8s.ConstructLibraryCdk8s): void {
  project.package.addField('files', PUBLISHED);
  project.package.addField('exports', EXPORTS);
  // npm 11 asks to settle each dependency's install script: nothing here needs one, all come with prebuilt binaries.
  project.package.addField('allowScripts', { '@parcel/watcher': false, '@swc/core': false, 'backport': false, 'unrs-resolver': false });
  // The newest releases whose binaries registries hold for every platform: with one missing, npm writes a lockfile that `npm ci` refuses.
  // The same holds for the pinned @swc/core.
  project.package.addField('overrides', { 'unrs-resolver': '1.12.2', 'light-my-request': '6.6.0' });
  // Whose registry or mirror a contributor uses does not belong in the lockfile.
  project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
  project.gitignore.addPatterns(...BUILT);
  // Archives compared byte by byte and binary fixtures must survive checkout unchanged.
  for (const pattern of ['*.png', '*.npz', '*.gz', '*.tgz', '*.whl', '*.db']) {
    project.gitattributes.addAttributes(pattern, 'binary');
  }
}

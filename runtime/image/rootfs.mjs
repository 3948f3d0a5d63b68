#!/usr/bin/env node
// Lays out the file system of the runtime image, without its base: node runtime/image/rootfs.mjs FOLDER
// The Dockerfile runs it in its build stage; where there is no builder, the folder itself is made into an image.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const HOME = '/opt/myelin';

const target = process.argv[2];
if (target === undefined) {
  console.error("'folder' (absent) must be given, name where the file system is laid out");
  process.exit(2);
}
if (!existsSync(join(ROOT, 'runtime', 'dist', 'main.js'))) {
  console.error("'runtime/dist' (absent) must be compiled, run 'npm run compile' first");
  process.exit(2);
}

const home = join(resolve(target), HOME);
rmSync(home, { recursive: true, force: true });
for (const part of ['dist', 'package.json']) {
  cpSync(join(ROOT, 'runtime', part), join(home, part), { recursive: true, filter: (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path) });
}
for (const folder of dependencies()) {
  cpSync(folder, join(home, relative(ROOT, folder)), { recursive: true, dereference: true, filter: isNeeded });
}
cpSync(join(ROOT, 'python', 'src', 'myelin_worker'), join(home, 'python', 'myelin_worker'), { recursive: true, filter: (path) => !path.includes('__pycache__') });

const command = join(resolve(target), 'usr', 'local', 'bin', 'myelin-runtime');
mkdirSync(dirname(command), { recursive: true });
// No shell and no `env` in the image: the kernel starts node itself.
writeFileSync(command, `#!/usr/local/bin/node
import('${HOME}/dist/main.js').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2), process.env);
});
`);
chmodSync(command, 0o755);

/** Folders of the packages that the runtime needs when it runs, as npm has laid them out. */
function dependencies() {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--workspace', 'runtime'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return listed.trim().split('\n').filter((path) => path.includes('node_modules') && !path.includes('@cdk8s-myelin'));
}

/** Types, maps, documentation and tests are for people who develop the package. */
function isNeeded(path) {
  return !/\.(d\.[cm]?ts|map|md|markdown)$/.test(path) && !/\/(test|tests|docs|benchmarks?|examples?|\.github)$/.test(path);
}

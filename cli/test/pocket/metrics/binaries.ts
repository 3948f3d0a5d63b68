import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A real Prometheus to hold ours against: the variable, PATH, or what a test cluster left on this machine. */
export function realPrometheus(): string | undefined {
  return found('MYELIN_TEST_PROMETHEUS', ['prometheus'], [join(homedir(), '.cache/cluster/bin/prometheus')]);
}

/** A real Alertmanager; Debian's has a name of its own. */
export function realAlertmanager(): string | undefined {
  return found('MYELIN_TEST_ALERTMANAGER', ['alertmanager', 'prometheus-alertmanager'], [join(homedir(), '.cache/cluster/rootfs/alertmanager/bin/alertmanager')]);
}

/** Tests that need a real engine: skipped with a reason in their title where there is none. */
export function describeWith(binary: string | undefined, name: string, tests: () => void): void {
  if (binary === undefined) {
    describe(`SKIPPED, no ${name} on this machine (set MYELIN_TEST_${name.toUpperCase()})`, () => test.skip('', () => undefined));
    process.stderr.write(`\n*** tests against a real ${name} are SKIPPED: none on PATH nor at MYELIN_TEST_${name.toUpperCase()} ***\n`);
    return;
  }
  describe(`against a real ${name}`, tests);
}

function found(variable: string, names: readonly string[], paths: readonly string[]): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env[variable], ...onPath, ...paths].find((path) => path !== undefined && existsSync(path));
}

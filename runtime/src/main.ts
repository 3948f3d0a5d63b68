import { writeFileSync } from 'node:fs';
import { PERMANENT_EXIT_CODE, type Program as ProgramName, RUNTIME_COMMAND } from './contract/constants.js';
import { MyelinError } from './shared/errors.js';
import { openLog } from './shared/log.js';
import { Mounts } from './shared/mounts.js';
import { ProgramContext, type Program } from './shared/program.js';
import { serviceFetch } from './shared/service-fetch.js';

/** The programs of the image. Each is loaded when it is called: a gate should not wait for a web server's code. */
const PROGRAMS: Readonly<Record<ProgramName, () => Promise<Program>>> = {
  'bootstrap': async () => (await import('./kube/bootstrap.js')).bootstrap,
  'deploy': async () => (await import('./release/deploy.js')).deploy,
  'emit': async () => (await import('./sensing/emit.js')).emit,
  'gate': async () => (await import('./sensing/gate.js')).gate,
  'install-worker': async () => (await import('./serving/install-worker.js')).installWorker,
  'serve': async () => (await import('./serving/serve.js')).serve,
  'sweep': async () => (await import('./sensing/sweep.js')).sweep,
  'tune': async () => (await import('./tuning/tune.js')).tune,
};

/** Runs `PROGRAM --name=value…`, and returns its exit code: 0 done, 1 worth another try, 65 not. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [name = '', ...rest] = argv;
  const log = openLog(name || RUNTIME_COMMAND, env.MYELIN_LOG_LEVEL);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  try {
    const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name as ProgramName] : undefined;
    if (program === undefined) throw new MyelinError('MYELIN_PROGRAM_UNKNOWN', { program: name, programs: Object.keys(PROGRAMS).join(', ') });
    const args = argumentsOf(name, rest);
    const { httpKubeClient } = await import('./kube/http-client.js');
    const run = await program();
    await run(new ProgramContext({
      args, env, log, signal: stopping.signal, fetch: serviceFetch(env), kube: (namespace) => httpKubeClient(env, namespace),
    }));
    return 0;
  } catch (error) {
    const permanent = error instanceof MyelinError && error.permanent;
    log.error({ err: error, code: error instanceof MyelinError ? error.code : undefined, permanent }, 'program failed');
    leaveLastWords(error instanceof Error ? error.message : String(error), env);
    return permanent ? PERMANENT_EXIT_CODE : 1;
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop);
  }
}

/** Characters; Kubernetes keeps 4096 bytes. */
const LONGEST_LAST_WORDS = 2000;

/** What the status of the pod, and so that of the run, says of the failure: its message, and not the end of a log. */
function leaveLastWords(message: string, env: NodeJS.ProcessEnv): void {
  try {
    // It is there in every container, and only there.
    writeFileSync(Mounts.of(env).host('/dev/termination-log'), message.slice(0, LONGEST_LAST_WORDS), { flag: 'r+' });
  } catch {
    // The log has it.
  }
}

function argumentsOf(program: string, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => {
    const [, name, value] = /^--([A-Za-z][\w.-]*)=([^]*)$/.exec(word) ?? [];
    if (name === undefined) throw new MyelinError('MYELIN_PROGRAM_ARGUMENT_UNKNOWN', { program, argument: word });
    return [name, value];
  }));
}

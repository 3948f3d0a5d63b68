import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { addLoopCommands } from './loop-commands.js';
import { Outcome, UsageError } from './outcome.js';
import { Streams, Terminal } from './terminal.js';

/** Runs the command line, and returns its exit code: 0 done, 1 something is wrong with the files, 2 the command cannot be carried out. */
export async function run(args: string[], streams: Streams): Promise<Outcome> {
  const terminal = new Terminal(streams);
  let outcome: Outcome = Outcome.DONE;
  const program = new Command('myelin')
    .description('Axon files in, Kubernetes manifests out; and the loop itself, on this machine.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
    .showHelpAfterError('run with --help for what there is');
  program.command('synth')
    .description('writes the manifests of axon files: a file for each axon, and one for what all axons of a namespace share')
    .argument('<file...>', "axon files; '-' is the standard input")
    .requiredOption('-o, --output <dir>', 'the folder to write to')
    .option('-n, --namespace <name>', "the namespace of axons that name none ('default' without it)")
    .option('--registry <host>', "the registry of images that are built, with port and path if any ('registry.local:5000' without it)")
    .option('--registry-login <secret>', 'the Secret with the login to it, as kubectl create secret docker-registry makes it')
    .addOption(new Option('--images <how>', 'who builds images: the runs themselves, or something outside the cluster').choices(['build', 'external']).default('build'))
    .option('--explain', 'says what each object is for')
    .option('--no-platform', 'leaves out the file of what all axons share')
    .addOption(lenient()).addOption(strict())
    .action(async (files: string[], options) => {
      const { synth } = await import('./synth/synth.js');
      outcome = await synth(files, options, terminal);
    });
  program.command('validate')
    .description('says all that is wrong or odd in axon files')
    .argument('<file...>', "axon files; '-' is the standard input")
    .addOption(new Option('--format <format>', 'how to say it').choices(['text', 'json']).default('text'))
    .option('-n, --namespace <name>', "the namespace of axons that name none ('default' without it)")
    .addOption(lenient()).addOption(strict())
    .action(async (files: string[], options) => {
      const { validate } = await import('./validate.js');
      outcome = await validate(files, options, terminal);
    });
  addLoopCommands(program, terminal, streams, (end) => { outcome = end; });
  try {
    await program.parseAsync(args, { from: 'user' });
    return outcome;
  } catch (e) {
    return failure(e, terminal);
  }
}

function lenient(): Option {
  return new Option('--lenient', 'takes keys that nothing is known of for warnings').conflicts('strict');
}

function strict(): Option {
  return new Option('--strict', 'takes warnings for errors').conflicts('lenient');
}

function failure(e: unknown, terminal: Terminal): Outcome {
  if (e instanceof CommanderError) {
    return e.exitCode === 0 ? Outcome.DONE : Outcome.MISUSED;
  }
  if (e instanceof UsageError) {
    terminal.err(`${terminal.severity('error')}: ${e.message}`);
    return Outcome.MISUSED;
  }
  terminal.err(`${terminal.severity('error')}: myelin itself failed, which is a fault of ours: ${e instanceof Error ? e.message : String(e)}`);
  terminal.err(process.env.MYELIN_DEBUG ? String((e as Error).stack) : 'set MYELIN_DEBUG=1 to see where');
  return Outcome.MISUSED;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

import { Command, Option } from 'commander';
import { misused, type Outcome } from './outcome.js';
import type { Streams, Terminal } from './terminal.js';
import type { UpOptions } from './up/options.js';

/** Where a cluster keeps everything unless --state says otherwise. */
const STATE = '.myelin';

type Outputs = readonly ['wide' | 'yaml', ...string[]];

/** Adds the commands that run a loop on this machine and look at it. Each loads its code when it is called. */
export function addLoopCommands(program: Command, terminal: Terminal, streams: Streams, done: (outcome: Outcome) => void): void {
  running(program.command('up'))
    .description('runs axons on this machine until Ctrl-C, or until nothing is left that could run; run again, it goes on where it was')
    .option('--keep', 'leaves the cluster running in the background when the first runs have ended; myelin down ends it')
    .action(async (files: string[], options: UpOptions) => {
      const { up } = await import('./up/up.js');
      done(await up(files, options, terminal, streams));
    });
  running(program.command('demo'))
    .description('runs an axon with played clients until the loop has closed: deployed, drifted, retrained, deployed better')
    .option('--keep', 'leaves the loop running afterwards, until Ctrl-C')
    .option('--patience <seconds>', 'gives up after so long', positive('patience'), 420)
    .action(async (files: string[], options) => {
      const { demo } = await import('./demo/demo.js');
      done(await demo(files, options, terminal, streams));
    });
  looking(program.command('down'))
    .description('ends the running cluster')
    .option('--delete', 'removes its data, models and images, too')
    .action(async (options) => {
      const { down } = await import('./client/down.js');
      done(await down(options, terminal));
    });
  looking(program.command('list'), ['wide', 'name', 'json', 'yaml'])
    .description('lists the axons that run')
    .action(async (options) => {
      const { list } = await import('./client/show.js');
      done(await list(options, terminal));
    });
  looking(program.command('get'), ['wide', 'name', 'json', 'yaml'])
    .description('shows an axon: versions, sensors, runs')
    .argument('[axon]', 'its name; not needed where there is one')
    .action(async (name, options) => {
      const { get } = await import('./client/show.js');
      done(await get(name, options, terminal));
    });
  looking(program.command('endpoint'), ['yaml', 'json'])
    .description('says where models answer: the stable address and that of each version')
    .argument('[axon]', 'its name; all without it')
    .action(async (name, options) => {
      const { endpoint } = await import('./client/show.js');
      done(await endpoint(name, options, terminal));
    });
  looking(program.command('logs'))
    .description('prints what a run, a version, a task or a pod has printed')
    .argument('<name>', 'its name')
    .option('-f, --follow', 'goes on with what is printed from now on')
    .action(async (name, options) => {
      const { logs } = await import('./client/logs.js');
      done(await logs(name, options, terminal));
    });
  looking(program.command('trigger'))
    .description('calls a REST trigger')
    .argument('<trigger>', 'its name')
    .option('-a, --axon <name>', 'the axon; not needed where there is one')
    .option('-p, --parameter <name=value>', 'a parameter of the run; may be given several times', collect, [])
    .action(async (name, options) => {
      const { trigger } = await import('./client/trigger.js');
      done(await trigger(options.axon, name, options, terminal));
    });
}

function running(command: Command): Command {
  return looking(command)
    .argument('<file...>', 'axon files, or folders of manifests that synth wrote')
    .option('--source <name=folder>', 'takes the code of an artifact from a folder; NAME is that of the artifact or its repository', collect, [])
    .option('-n, --namespace <name>', "the namespace of axons that name none ('default' without it)")
    .option('--port <number>', 'the port under which models answer (any free one without it)', positive('port'))
    .addOption(new Option('--metrics <how>', 'real prometheus and alertmanager where they are on PATH, or the built-in ones').choices(['auto', 'embedded']).default('auto'))
    .addOption(new Option('--lenient', 'takes keys that nothing is known of for warnings').conflicts('strict'))
    .addOption(new Option('--strict', 'takes warnings for errors').conflicts('lenient'));
}

function looking(command: Command, outputs?: Outputs): Command {
  command.option('--state <folder>', 'the folder of the cluster', STATE);
  return outputs === undefined ? command : command.addOption(new Option('-o, --output <format>', 'how to print it').choices([...outputs]).default(outputs[0]));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function positive(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw misused(name, text, 'must be a whole number above 0', `write for example --${name} 8080`);
    }
    return value;
  };
}

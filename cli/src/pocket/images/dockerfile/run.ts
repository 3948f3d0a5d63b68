import { posix } from 'node:path';
import { Install, RequirementFiles, installOf } from '../python/requirements.js';
import { Instruction } from './instructions.js';
import { Lookup, NotUnderstood, Token, scan } from './words.js';

/** What a RUN does to an image on a laptop. */
export interface RunEffects {
  readonly installs: readonly Install[];
  readonly folders: readonly string[];
  /** Folders that it makes virtual environments in; here there is one for the whole image. */
  readonly venvs: readonly string[];
  /** Commands that are not carried out, as they stand. */
  readonly skipped: readonly string[];
}

export interface RunSite {
  readonly lookup: Lookup;
  readonly workdir: string;
  readonly files: RequirementFiles;
  /** The file and line, for messages. */
  readonly place: string;
}

/** Commands without a meaning for a process that runs as its user, in an environment that is its own. */
const NEEDLESS = /^(set|true|:|echo|printf|chown|chmod|chgrp|useradd|adduser|groupadd|addgroup|usermod|export|ldconfig|hash|activate)$/;
const NEEDLESS_FORMS = [
  /^rm (-\S+ )*(\/root\/\.cache|\/tmp|\/var\/(cache|lib\/apt|tmp))/,
  /^(apt|apt-get|apk|yum|dnf) (\S+ )*(clean|autoclean|autoremove|update)( |$)/,
  /^(python[\d.]*( -\S+)* -m )?pip[\d.]* (cache purge|check|list|freeze|--version)/,
];
const COMPOUND = /^(if|for|while|until|case|function|\{|!)$/;

/** Reads the commands of a RUN: installs of Python packages and new folders are carried out, the rest is told. */
export async function runEffects(instruction: Instruction, site: RunSite): Promise<RunEffects> {
  const found = { installs: [] as Install[], folders: [] as string[], venvs: [] as string[], skipped: [] as string[] };
  let cwd = site.workdir;
  const [document] = instruction.documents;
  const script = document?.content ?? instruction.text;
  const commands = instruction.list === undefined || document !== undefined ? commandsOf(script, site.lookup) : [[...instruction.list]];
  for (const words of commands ?? []) {
    const command = withoutAssignments(words.filter((word) => !word.startsWith('>')));
    const writes = words.some((word) => word.startsWith('>'));
    const pip = pipArguments(command);
    const text = words.join(' ');
    if (pip !== undefined) {
      found.installs.push(await installOf(pip, cwd, site.files, site.place));
    } else if (command[0] === 'cd' && command.length === 2) {
      cwd = posix.resolve(cwd, command[1]);
    } else if (command[0] === 'mkdir') {
      found.folders.push(...command.slice(1).filter((word) => !word.startsWith('-')).map((word) => posix.resolve(cwd, word)));
    } else if (venvFolder(command) !== undefined) {
      found.venvs.push(posix.resolve(cwd, venvFolder(command)!));
    } else if (writes || !isNeedless(command)) {
      found.skipped.push(text);
    }
  }
  return commands === undefined ? { ...found, skipped: [script.trim().replace(/\s+/g, ' ')] } : found;
}

/** The commands of a script in their order, what runs only after a failure left out; undefined when it takes a shell to know. */
function commandsOf(script: string, lookup: Lookup): string[][] | undefined {
  let tokens: Token[];
  try {
    tokens = scan(script, { lookup, shell: true });
  } catch (e) {
    if (e instanceof NotUnderstood) return undefined;
    throw e;
  }
  const commands: string[][] = [[]];
  let alternative = false;
  for (const { text, operator } of tokens) {
    if (operator && /^(\(|\)|&|;;)$/.test(text)) return undefined;
    if (operator && text === '|') {
      commands.at(-1)!.push('|');
    } else if (operator) {
      alternative = text === '||';
      commands.push([]);
    } else if (!alternative) {
      commands.at(-1)!.push(text);
    }
  }
  const all = commands.filter((words) => words.length > 0);
  return all.some(([first]) => COMPOUND.test(first)) ? undefined : all;
}

function withoutAssignments(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  return first < 0 ? [':'] : words.slice(first);
}

/** What follows `pip install`, however pip is called; undefined for another command. */
function pipArguments(words: readonly string[]): string[] | undefined {
  if (words.includes('|')) return undefined;
  const [program = '', ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
  const name = posix.basename(program);
  if (/^python[\d.]*$/.test(name)) {
    const module = rest.indexOf('-m');
    return module >= 0 && rest.slice(0, module).every((word) => word.startsWith('-')) && /^(pip|uv)$/.test(rest[module + 1] ?? '')
      ? pipArguments(rest.slice(module + 1)) : undefined;
  }
  const args = name === 'uv' && rest[0] === 'pip' ? rest.slice(1) : /^pip[\d.]*$/.test(name) ? rest : undefined;
  const install = args?.findIndex((word) => !word.startsWith('-')) ?? -1;
  return args !== undefined && install >= 0 && args[install] === 'install' ? [...args.slice(0, install), ...args.slice(install + 1)] : undefined;
}

function venvFolder(words: readonly string[]): string | undefined {
  const [program = '', ...rest] = words;
  const isVenv = posix.basename(program) === 'virtualenv' || (/^python[\d.]*$/.test(posix.basename(program)) && rest.join(' ').startsWith('-m venv '))
    || (posix.basename(program) === 'uv' && rest[0] === 'venv');
  return isVenv ? rest.filter((word) => !word.startsWith('-') && word !== 'venv').at(-1) : undefined;
}

function isNeedless(words: readonly string[]): boolean {
  const text = words.join(' ');
  return NEEDLESS.test(words[0]) || /^(\.|source) \S*\/activate$/.test(text) || NEEDLESS_FORMS.some((form) => form.test(text));
}

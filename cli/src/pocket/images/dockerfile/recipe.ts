import { posix } from 'node:path';
import { BuildContext } from '../build-context.js';
import { BuildError } from '../build-error.js';
import { FileTree } from '../file-tree.js';
import { copyInstruction } from './copy.js';
import { Instruction, Instructions, instructionsOf } from './instructions.js';
import { runEffects } from './run.js';
import { Stage, StageInstall } from './stage.js';
import { Lookup, NotUnderstood, expand, scan } from './words.js';

/** The image that a Dockerfile describes, before any of it is on disk. */
export interface Recipe {
  readonly tree: FileTree;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly user: string | undefined;
  /** The Python that its base image has, as `3.11`; undefined when the base says nothing of one. */
  readonly python: string | undefined;
  /** Python packages in the order of their installs, and the files of the stage that installs them. */
  readonly installs: readonly StageInstall[];
  /** What is different from a build in a container, each with its file and line. */
  readonly warnings: readonly string[];
}

/** An image that was built before, as a base. */
export type BaseImages = (reference: string) => Promise<Recipe | undefined>;

export interface RecipeOptions {
  readonly context: BuildContext;
  /** The Dockerfile's name in messages. */
  readonly file: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** A stage by its name; without it the last. */
  readonly target?: string;
  readonly bases?: BaseImages;
}

/** Reads what a Dockerfile makes. Stages that the result does not need are not looked into, as BuildKit does it. */
export async function recipeOf(source: string, options: RecipeOptions): Promise<Recipe> {
  const instructions = instructionsOf(source, options.file);
  return new Interpreter(instructions, options).recipe();
}

/** What PATH begins as in an image: nothing of this is one here, but the variable can be built upon. */
export const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface StageText {
  readonly name: string | undefined;
  readonly from: Instruction;
  readonly own: readonly Instruction[];
}

class Interpreter {
  private readonly warnings: string[] = [];
  private readonly globals: Record<string, string> = {};
  private readonly stages: StageText[] = [];
  private readonly done = new Map<number, Promise<Stage>>();

  constructor(private readonly instructions: Instructions, private readonly options: RecipeOptions) {
    for (const instruction of instructions.all) {
      const last = this.stages.at(-1);
      if (instruction.keyword === 'FROM') {
        this.stages.push({ name: /\sAS\s+(\S+)$/i.exec(instruction.text)?.[1].toLowerCase(), from: instruction, own: [] });
      } else if (last !== undefined) {
        (last.own as Instruction[]).push(instruction);
      } else if (instruction.keyword === 'ARG') {
        this.argument(instruction, this.globals, {});
      } else {
        throw new BuildError(`'${this.place(instruction)}' (${instruction.keyword}) must come after a FROM, begin with one`);
      }
    }
    if (this.stages.length === 0) throw new BuildError(`'${options.file}' (no FROM) must say what it builds upon, begin with 'FROM python:3.11'`);
  }

  public async recipe(): Promise<Recipe> {
    const { target } = this.options;
    const index = target === undefined ? this.stages.length - 1 : this.stageIndex(target);
    if (index === undefined) throw new BuildError(`'target' (${target}) must be a stage of ${this.options.file}, correct it`);
    const { tree, workdir, env, entrypoint, cmd, user, python, installs, venvs } = await this.stage(index);
    const named = (words: readonly string[]) => words.map((word, at) => (at === 0 ? programName(word, tree, venvs) : word));
    const { VIRTUAL_ENV, ...rest } = env;
    return {
      tree,
      workdir,
      user,
      python,
      installs,
      warnings: this.warnings,
      env: VIRTUAL_ENV !== undefined && venvs.includes(VIRTUAL_ENV) ? rest : env,
      entrypoint: named(entrypoint),
      cmd: entrypoint.length === 0 ? named(cmd) : cmd,
    };
  }

  /** A stage that is needed, worked out once. */
  private async stage(index: number): Promise<Stage> {
    const known = this.done.get(index);
    if (known !== undefined) return known;
    const made = this.build(index);
    this.done.set(index, made);
    return made;
  }

  private stageIndex(name: string, before = this.stages.length): number | undefined {
    const found = this.stages.findIndex((stage, index) => index < before && stage.name === name.toLowerCase());
    if (found >= 0) return found;
    return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined;
  }

  private async build(index: number): Promise<Stage> {
    const { from, own } = this.stages[index];
    const stage = await this.base(from, index);
    for (const instruction of own) {
      try {
        await this.carryOut(instruction, stage, index);
      } catch (e) {
        if (!(e instanceof NotUnderstood)) throw e;
        throw new BuildError(`'${this.place(instruction)}' (${e.message}) cannot be read here, write it in a simpler way`);
      }
    }
    return stage;
  }

  private async base(from: Instruction, index: number): Promise<Stage> {
    const reference = expand(from.text.replace(/\s+AS\s+\S+$/i, ''), (name) => this.globals[name], this.instructions.escape);
    const earlier = this.stageIndex(reference, index);
    if (earlier !== undefined && !/^\d+$/.test(reference)) {
      const { tree, env, installs, venvs, ...rest } = await this.stage(earlier);
      return { ...rest, args: {}, tree: new FileTree(tree), env: { ...env }, installs: [...installs], venvs: [...venvs] };
    }
    const built = await this.options.bases?.(reference);
    const empty = { args: {}, shell: ['/bin/sh', '-c'], venvs: [] };
    if (built !== undefined) {
      return { ...built, ...empty, tree: new FileTree(built.tree), env: { PATH: IMAGE_PATH, ...built.env }, installs: [...built.installs] };
    }
    const python = pythonOf(reference);
    if (python === undefined) {
      this.warn(from, `the base image '${reference}' is not there on this machine, what it brings is missing; its Python is this machine's`);
    }
    return { ...empty, tree: new FileTree(), workdir: '/', env: { PATH: IMAGE_PATH }, entrypoint: [], cmd: [], user: undefined, python, installs: [] };
  }

  private async carryOut(instruction: Instruction, stage: Stage, index: number): Promise<void> {
    const { keyword, text, list } = instruction;
    const lookup: Lookup = (name) => stage.env[name] ?? stage.args[name];
    const whole = () => expand(text, lookup, this.instructions.escape);
    switch (keyword) {
      case 'ARG': return this.argument(instruction, stage.args, this.globals, lookup);
      case 'ENV': return void Object.assign(stage.env, this.pairs(instruction, lookup));
      case 'WORKDIR':
        stage.workdir = posix.resolve(stage.workdir, whole());
        return stage.tree.put(stage.workdir, { kind: 'folder' });
      case 'USER': return void (stage.user = whole());
      case 'SHELL': return void (stage.shell = list ?? stage.shell);
      case 'CMD': return void (stage.cmd = list ?? [...stage.shell, text]);
      case 'ENTRYPOINT':
        stage.entrypoint = list ?? [...stage.shell, text];
        // As Docker does it: a CMD of the base was meant for its own entrypoint.
        if (!this.stages[index].own.some((other) => other.keyword === 'CMD' && other.line < instruction.line)) stage.cmd = [];
        return undefined;
      case 'COPY':
      case 'ADD':
        return copyInstruction(instruction, stage, {
          context: this.options.context,
          place: this.place(instruction),
          lookup,
          escape: this.instructions.escape,
          stage: async (name) => {
            const found = this.stageIndex(name, index);
            return found === undefined ? undefined : this.stage(found);
          },
        });
      case 'RUN': return this.runs(instruction, stage, lookup);
      case 'EXPOSE': case 'LABEL': case 'MAINTAINER': case 'HEALTHCHECK': case 'STOPSIGNAL': case 'VOLUME': case 'ONBUILD': return undefined;
      default: throw new BuildError(`'${this.place(instruction)}' (${keyword}) must be an instruction that Docker knows, correct it`);
    }
  }

  private async runs(instruction: Instruction, stage: Stage, lookup: Lookup): Promise<void> {
    const { tree } = stage;
    const files = { read: async (path: string) => tree.read(path), isThere: (path: string) => tree.get(path) !== undefined };
    const site = { lookup, workdir: stage.workdir, files, place: this.place(instruction) };
    const { installs, folders, venvs, skipped } = await runEffects(instruction, site);
    stage.installs.push(...installs.map((install) => ({ ...install, tree })));
    stage.venvs.push(...venvs);
    folders.forEach((folder) => tree.put(folder, { kind: 'folder' }));
    if (skipped.length > 0) this.warn(instruction, `RUN installs Python packages only on this machine, left out is ${skipped.map(shortened).join('; ')}`);
  }

  private argument({ text }: Instruction, into: Record<string, string>, globals: Readonly<Record<string, string>>, lookup?: Lookup): void {
    for (const { text: word } of scan(text, { lookup: (name) => lookup?.(name) ?? into[name], escape: this.instructions.escape })) {
      const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      const given = this.options.buildArgs?.[name] ?? value ?? globals[name];
      if (name !== undefined && given !== undefined) into[name] = given;
    }
  }

  private pairs(instruction: Instruction, lookup: Lookup): Record<string, string> {
    const { text } = instruction;
    const [, oldName, oldValue] = /^([A-Za-z_][\w.-]*)\s+([^=\s][\s\S]*|=[\s\S]*)$/.exec(text) ?? [];
    if (oldName !== undefined) return { [oldName]: expand(oldValue, lookup, this.instructions.escape) };
    return Object.fromEntries(scan(text, { lookup, escape: this.instructions.escape }).map(({ text: word }) => {
      const at = word.indexOf('=');
      if (at <= 0) throw new BuildError(`'${this.place(instruction)}' (${word}) must have the form NAME=value, correct it`);
      return [word.slice(0, at), word.slice(at + 1)];
    }));
  }

  private warn(instruction: Instruction, text: string): void {
    this.warnings.push(`${this.place(instruction)}: ${text}`);
  }

  private place({ line }: Instruction): string {
    return `${this.options.file}:${line}`;
  }
}

/** The version that an official image of Python has: `python:3.11.9-slim` has 3.11. */
export function pythonOf(reference: string): string | undefined {
  const [, version] = /^(?:[\w.:-]+\/)*python:(\d+(?:\.\d+)?)[\w.-]*(?:@.*)?$/.exec(reference) ?? [];
  return version ?? (/^(?:[\w.:-]+\/)*python(?::(?:latest|slim|alpine|bookworm|bullseye)[\w.-]*)?(?:@.*)?$/.test(reference) ? '3' : undefined);
}

/** A program by its name alone where its folder is one of the packages': here they lie in an environment of this machine. */
function programName(program: string, tree: FileTree, venvs: readonly string[]): string {
  const folders = ['/usr/local/bin', '/usr/bin', '/root/.local/bin', ...venvs.map((venv) => `${venv}/bin`)];
  return folders.includes(posix.dirname(program)) && tree.get(program) === undefined ? posix.basename(program) : program;
}

function shortened(command: string): string {
  return `'${command.length > 60 ? `${command.slice(0, 57)}...` : command}'`;
}

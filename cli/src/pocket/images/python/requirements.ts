import { posix } from 'node:path';
import { BuildError } from '../build-error.js';

/** What one `pip install` of a Dockerfile asks for, with all requirement files read in. */
export interface Install {
  /** Requirements, sorted: two installs of the same packages are equal. Paths into the image begin with `{root}/`. */
  readonly requirements: readonly string[];
  /** Lines that hold for all of them, in their order: `--extra-index-url …`, `--pre`. */
  readonly options: readonly string[];
  readonly constraints: readonly string[];
  /** Paths of the image that something is installed from. */
  readonly local: readonly string[];
  /** Whether it asks for the package that user code imports of ours. */
  readonly client: boolean;
}

/** The files of an image, as far as requirements name them. */
export interface RequirementFiles {
  read(path: string): Promise<string | undefined>;
  isThere(path: string): boolean;
}

/** The package of this repository that user code imports: it comes with us and never from an index. */
const CLIENT = 'cdk8s-myelin-client';

/** Options of pip and of requirement files that are followed by a value. */
const VALUED = new Set([
  '-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-i', '--index-url', '--pypi-url', '--extra-index-url', '-f', '--find-links',
  '--trusted-host', '--platform', '--python-version', '--implementation', '--abi', '--no-binary', '--only-binary', '--timeout', '--retries', '--proxy',
  '--cert', '--client-cert', '--cache-dir', '--progress-bar', '--src', '--config-settings', '-C', '--global-option', '--use-feature', '--use-deprecated',
  '--log', '--report', '--root-user-action', '--exists-action', '--upgrade-strategy', '-t', '--target', '--prefix', '--root', '--keyring-provider',
]);

/** Options that say where an image keeps packages, or how a build in a container behaves: a virtual environment has its own way. */
const DROPPED = new Set([
  '--no-cache-dir', '--user', '--system', '--root-user-action', '--quiet', '--verbose', '--disable-pip-version-check', '--yes', '-y',
  '--break-system-packages', '--no-input', '--progress-bar', '--cache-dir', '--no-color', '--no-warn-script-location', '--ignore-installed', '-I',
  '--force-reinstall', '--target', '-t', '--prefix', '--root', '--src', '--log', '--report', '--no-compile', '--compile', '--upgrade', '-U',
  '--upgrade-strategy',
]);

/** Reads what the arguments after `pip install` ask for; `folder` is where it runs and `place` where it stands, for messages. */
export async function installOf(args: readonly string[], folder: string, files: RequirementFiles, place: string): Promise<Install> {
  const reading = new Reading(files);
  for (const [name, value] of options(args)) {
    if (name === '-r') await reading.file(posix.resolve(folder, value), folder, 'requirements', place);
    else if (name === '-c') await reading.file(posix.resolve(folder, value), folder, 'constraints', place);
    else if (name === undefined || name === '-e') reading.requirement(value, folder);
    else reading.option(name, value, folder);
  }
  return reading.install();
}

class Reading {
  private readonly requirements = new Set<string>();
  private readonly options = new Set<string>();
  private readonly constraints = new Set<string>();
  private readonly local = new Set<string>();
  private readonly read = new Set<string>();
  private client = false;

  constructor(private readonly files: RequirementFiles) {}

  public install(): Install {
    const { requirements, options: lines, constraints, local, client } = this;
    return { requirements: [...requirements].sort(), options: [...lines], constraints: [...constraints].sort(), local: [...local].sort(), client };
  }

  public async file(path: string, folder: string, into: 'requirements' | 'constraints', place: string): Promise<void> {
    if (this.read.has(`${into} ${path}`)) return;
    this.read.add(`${into} ${path}`);
    const text = await this.files.read(path);
    if (text === undefined) throw new BuildError(`'${place}' (${path}) must name a file that is in the image by then, COPY it before`);
    for (const [number, line] of logicalLines(text)) await this.line(line, path, folder, into, `${posix.basename(path)}:${number}`);
  }

  /** A package, an address, or a path of the image. */
  public requirement(text: string, folder: string): void {
    if (isClient(text)) this.client = true;
    else this.requirements.add(this.located(text, folder));
  }

  public option(name: string, value: string, folder: string): void {
    if (DROPPED.has(name) || /^-[qv]+$/.test(name)) return;
    const found = name === '-f' || name === '--find-links' ? this.located(value, folder, true) : value;
    this.options.add(found === '' ? name : `${name} ${found}`);
  }

  private async line(line: string, path: string, folder: string, into: 'requirements' | 'constraints', place: string): Promise<void> {
    if (!line.startsWith('-')) {
      if (into === 'requirements') this.requirement(line, folder);
      else this.constraints.add(line);
      return;
    }
    for (const [name, value] of options(line.split(/\s+/))) {
      if (name === '-r') await this.file(posix.resolve(posix.dirname(path), value), folder, into, place);
      else if (name === '-c') await this.file(posix.resolve(posix.dirname(path), value), folder, 'constraints', place);
      else if (name === undefined || name === '-e') this.requirement(value, folder);
      else this.option(name, value, posix.dirname(path));
    }
  }

  /** A path of the image becomes one below `{root}`, since the environment is made elsewhere. */
  private located(text: string, folder: string, isFolder = false): string {
    const [, before, path, after] = /^([^@]*@\s*file:\/\/|file:\/\/|)([^\s[;#]+)(.*)$/.exec(text) ?? ['', '', text, ''];
    const isPath = isFolder || before !== '' || /^\.{0,2}\/|^\.\.?$/.test(path) || /\.(whl|zip|tar\.gz)$/.test(path) || path.includes('/');
    const absolute = posix.resolve(folder, path);
    if (!isPath || /^[a-z+]+:\/\//.test(path) || !this.files.isThere(absolute)) return text;
    this.local.add(absolute);
    return `${before}{root}${absolute}${after}`;
  }
}

/** Names and values of options; what is none has no name. Long forms of -r, -c and -e come as the short ones. */
function options(args: readonly string[]): (readonly [name: string | undefined, value: string])[] {
  const found: (readonly [string | undefined, string])[] = [];
  // Letters without a value may stand before one that has it: `-qr file`.
  const all = args.map((arg) => arg.replace(/^-[qvUI]+(?=[rceifCt])/, '-'));
  for (let at = 0; at < all.length; at += 1) {
    const [, long, given] = /^(--[\w-]+)(?:=(.*))?$/s.exec(all[at]) ?? [];
    const short = /^-[rceifCt](?=.)/.exec(all[at])?.[0];
    if (long !== undefined) {
      const value = given ?? (VALUED.has(long) ? all[at += 1] ?? '' : '');
      found.push([SHORT[long] ?? long, value]);
    } else if (short !== undefined) {
      found.push([short, all[at].slice(2)]);
    } else if (all[at].startsWith('-')) {
      const name = all[at];
      found.push([name, VALUED.has(name) ? all[at += 1] ?? '' : '']);
    } else {
      found.push([undefined, all[at]]);
    }
  }
  return found;
}

const SHORT: Readonly<Record<string, string>> = { '--requirement': '-r', '--constraint': '-c', '--editable': '-e' };

/** Lines with the number they begin at, without comments, continued ones joined. */
function logicalLines(text: string): [number: number, line: string][] {
  const found: [number, string][] = [];
  let before: [number, string] | undefined;
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split(/\r?\n/).entries()) {
    const [number, start] = before ?? [index + 1, ''];
    const line = start + raw.replace(/(^|\s)#.*$/, '').trim();
    before = line.endsWith('\\') ? [number, `${line.slice(0, -1).trim()} `] : undefined;
    if (before === undefined && line.trim() !== '') found.push([number, line.trim().replace(/\s+/g, ' ')]);
  }
  return found;
}

function isClient(requirement: string): boolean {
  const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(requirement)?.[0] ?? '';
  return name.toLowerCase().replace(/[-_.]+/g, '-') === CLIENT;
}

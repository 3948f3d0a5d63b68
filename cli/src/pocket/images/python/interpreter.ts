import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BuildError } from '../build-error.js';

/** A Python of this machine. */
export interface Python {
  /** Its own path. */
  readonly executable: string;
  /** As `3.11.7`. */
  readonly version: string;
  /** What environments made with it depend on: version, implementation and machine. */
  readonly id: string;
}

const OLDEST = 8;
const NEWEST = 16;

const QUESTION = `
import json, platform, sys
print(json.dumps({
    "executable": sys.executable,
    "version": platform.python_version(),
    "id": "-".join([platform.python_implementation(), platform.python_version(), sys.platform, platform.machine()]),
}))
`;

const run = promisify(execFile);

/** Finds Pythons; asks each program once. */
export class Pythons {
  private readonly asked = new Map<string, Promise<Python | undefined>>();

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /**
   * The Python to stand in for that of an image: MYELIN_PYTHON if set, the version wanted (`3.11`) if it is there, else the nearest.
   * Fails if there is none of at least 3.8.
   */
  public async find(wanted: string | undefined): Promise<Python> {
    const named = this.env.MYELIN_PYTHON;
    if (named !== undefined && named !== '') return this.named(named);
    const minor = /^3\.(\d+)/.exec(wanted ?? '')?.[1];
    const exact = minor === undefined ? undefined : await this.exactly(minor);
    if (exact !== undefined) return exact;
    const usual = await this.ask('python3') ?? await this.ask('python');
    const others = minor === undefined && isUsable(usual) ? [] : await this.all();
    const usable = [usual, ...others].filter((python): python is Python => isUsable(python));
    const distance = ({ version }: Python) => (minor === undefined ? 0 : Math.abs(minorOf(version) - Number(minor)));
    const [nearest] = usable.sort((a, b) => distance(a) - distance(b));
    if (nearest !== undefined) return nearest;
    const want = wanted === undefined || wanted === '3' ? 'Python 3.11' : `Python ${wanted}`;
    throw new BuildError(usual === undefined
      ? `'python3' (not on PATH) is needed to run images with Python, install ${want} or set MYELIN_PYTHON to where it is`
      : `'python3' (${usual.version}) must be at least 3.${OLDEST}, install ${want} or set MYELIN_PYTHON to where it is`);
  }

  private async named(program: string): Promise<Python> {
    const found = await this.ask(program);
    if (found === undefined) throw new BuildError(`'MYELIN_PYTHON' (${program}) must be a Python that starts, correct or unset it`);
    if (!isUsable(found)) throw new BuildError(`'MYELIN_PYTHON' (${program} is ${found.version}) must be at least 3.${OLDEST}, name a newer one`);
    return found;
  }

  /** Under its own name, or under that of the usual one. */
  private async exactly(minor: string): Promise<Python | undefined> {
    const found = [await this.ask(`python3.${minor}`), await this.ask('python3')];
    return found.find((python) => python !== undefined && isUsable(python) && minorOf(python.version) === Number(minor));
  }

  private async all(): Promise<(Python | undefined)[]> {
    const names = Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `python3.${NEWEST - index}`);
    return Promise.all(names.map(async (name) => this.ask(name)));
  }

  private async ask(program: string): Promise<Python | undefined> {
    const known = this.asked.get(program);
    if (known !== undefined) return known;
    const answer = (async () => {
      try {
        // A program of that name need not be one that works: version managers leave names behind that only say so.
        const { stdout } = await run(program, ['-I', '-c', QUESTION], { env: this.env, timeout: 20_000 });
        return JSON.parse(stdout) as Python;
      } catch {
        // It may be there the next time.
        this.asked.delete(program);
        return undefined;
      }
    })();
    this.asked.set(program, answer);
    return answer;
  }
}

/** What to tell when a Python is not the one that the image has; undefined when it is. */
export function versionNotice(wanted: string | undefined, { version }: Python): string | undefined {
  if (wanted === undefined || version === wanted || version.startsWith(`${wanted}.`)) return undefined;
  return `Python ${version} of this machine stands in for ${wanted}: install Python ${wanted}, or set MYELIN_PYTHON to where it is, if packages do not fit`;
}

function isUsable(python: Python | undefined): boolean {
  return python !== undefined && /^3\./.test(python.version) && minorOf(python.version) >= OLDEST;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

import { readFileSync } from 'fs';
import { Construct } from 'constructs';
import { Axon } from '../axon';
import { isStrict } from '../common/warnings';
import { IPlatform } from '../platform/platform';
import { ProblemsError, invalid } from '../problem/error';
import { AxonFileProblem, ProblemSeverity } from './axon-file-problem';
import { buildAxon } from './build/axon';
import { modernise } from './legacy/modernise';
import { NamedAxon, nameConflicts } from './name-conflicts';
import { formatProblem, Report } from './report';
import { axon as axonShape, AxonKeys } from './schema/axon-shape';
import { entryOf, member, Node, placeOf, shownNode, textOf } from './yaml/node';
import { readDocuments } from './yaml/read';
import { SourceText } from './yaml/source-text';

/** Properties of an `AxonFile`. */
export interface AxonFileProps {
  /**
   * The namespace of axons that state none. An axon that states another one is an error.
   * @default - the namespace of the chart, else that of the platform, else 'default'
   */
  readonly namespace?: string;

  /**
   * The platform of the axons' namespace.
   * @default - an imported platform with the defaults of `PlatformAttributes`
   */
  readonly platform?: IPlatform;

  /**
   * The image with the runtime's programs.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;

  /**
   * Report unknown keys as warnings instead of errors. They have no effect.
   * @default false
   */
  readonly lenient?: boolean;

  /**
   * Report warnings as errors.
   * @default - the context 'myelin:strict' of the scope where `load` and `parse` make the axon; false without it
   */
  readonly strict?: boolean;
}

/**
 * Axons that are written in YAML, as documents of `kind: Axon`. They become the same constructs that
 * one would write in code. All mistakes of a file are reported together, each with its place.
 */
export class AxonFile {
  /**
   * Makes the axon of a file that holds one.
   *
   * Throws one error with everything that is wrong.
   *
   * @param scope where the axon is made
   * @param path  the file
   */
  public static load(scope: Construct, path: string, props: AxonFileProps = {}): Axon {
    return AxonFile.parse(scope, readText(path), path, props);
  }

  /**
   * Makes the axon of a YAML text that holds one.
   *
   * Throws one error with everything that is wrong.
   *
   * @param scope where the axon is made
   * @param text  the YAML
   * @param file  what the text is called in messages
   */
  public static parse(scope: Construct, text: string, file: string, props: AxonFileProps = {}): Axon {
    const read = new AxonFile(text, file, { ...props, strict: props.strict ?? isStrict(scope) });
    const [name, second] = read.axonNames;
    if (second !== undefined) {
      throw invalid('unsupported', 'file', file, `holds ${read.axonNames.length} axons`, "read it by 'new AxonFile(…)' and make each by its name");
    }
    const axon = name === undefined ? undefined : read.make(scope, name);
    if (axon === undefined) {
      const errors = read.problems.filter(({ severity }) => severity === ProblemSeverity.ERROR);
      throw new ProblemsError(`${file} has ${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}\n${errors.map(AxonFile.format).join('\n')}`, errors);
    }
    return axon;
  }

  /** A problem as compilers write it: file, line, column, message, the line, and a mark below the part that is meant. */
  public static format(problem: AxonFileProblem): string {
    return formatProblem(problem);
  }

  /**
   * Finds axons of several files that would overwrite each other in one cluster: axons of one name in one namespace, and axons that
   * create an object of one name with different content.
   *
   * Call it after `make`: only names are compared for axons that have not been made.
   *
   * @param files files whose axons are applied to one cluster
   * @returns an error for each conflict, at the later axon. The `problems` of the files do not include them
   */
  public static compareNames(files: AxonFile[]): AxonFileProblem[] {
    return nameConflicts(files.flatMap((file) => file.namedAxons()));
  }

  /** The names of the axons in it, as they are written there. */
  public readonly axonNames: string[];

  private readonly report: Report;
  private readonly axons = new Map<string, AxonKeys>();
  private readonly made = new Map<string, Axon>();

  /**
   * Reads a YAML text. It never throws for the content of the text: `problems` lists what is wrong.
   *
   * @param text the YAML
   * @param file what the text is called in messages
   */
  constructor(text: string, file: string, private readonly props: AxonFileProps = {}) {
    const { lenient = false, strict = false } = props;
    this.report = new Report(new SourceText(file, text), { lenient, strict });
    this.readAxons();
    this.axonNames = [...this.axons.keys()];
  }

  /** The problems found so far, by place. Those of a whole axon are found by `make`. */
  public get problems(): AxonFileProblem[] {
    return this.report.problems;
  }

  /**
   * Makes an axon.
   * @param scope where it is made
   * @param name  one of `axonNames`
   * @returns nothing when the file has errors: `problems` lists them, and what was made below the scope is of no use
   */
  public make(scope: Construct, name: string): Axon | undefined {
    const keys = this.axons.get(name);
    if (keys === undefined) {
      throw invalid('not-found', 'name', name, 'is no axon of the file', this.axonNames.length === 0 ? 'there is none' : `use one of ${this.axonNames.join(', ')}`);
    }
    const { namespace, platform, runtimeImage } = this.props;
    const axon = buildAxon(scope, keys, this.report, { namespace, platform, runtimeImage });
    if (this.report.failed) {
      return undefined;
    }
    this.made.set(name, axon);
    return axon;
  }

  private namedAxons(): NamedAxon[] {
    return [...this.axons].flatMap(([key, { metadata }]) => {
      const axon = this.made.get(key);
      const namespace = axon?.namespace ?? metadata?.namespace?.value ?? this.props.namespace ?? 'default';
      return metadata?.name === undefined ? [] : [{ report: this.report, name: metadata.name, namespace, objects: axon?._contents() ?? [] }];
    });
  }

  private readAxons(): void {
    const { source } = this.report;
    if (source.text.trim() === '') {
      this.report.error(START, 'empty', 'file', source.file, 'is empty', "write a document of 'kind: Axon'");
      return;
    }
    if (source.text.includes('\0')) {
      this.report.error(START, 'unreadable', 'file', source.file, 'is no text', 'name a YAML file');
      return;
    }
    const documents = readDocuments(this.report);
    const axons = documents.filter(isAxon);
    if (axons.length === 0 && !this.report.failed) {
      const kinds = documents.flatMap((document) => entryOf(document, 'kind') ?? []);
      this.report.error(kinds.length === 0 ? START : placeOf(kinds[0], 'kind'), 'required', 'kind', kinds.map(({ value }) => shownNode(value)).join(', ') || 'nothing',
        'must be Axon in one document at least', "add 'apiVersion: myelin.io/v1alpha1' and 'kind: Axon'");
    }
    axons.forEach((document) => this.readAxon(document));
  }

  private readAxon(document: Node): void {
    modernise(document, this.report);
    const keys = axonShape.read(document, { key: 'axon', place: { start: document.start, end: document.end, path: '' } }, this.report);
    if (keys === undefined) {
      return;
    }
    const name = keys.metadata?.name;
    if (name !== undefined && this.axons.has(name.value)) {
      this.report.error(name.place, 'duplicate', 'name', name.value, 'is the name of another axon of the file', 'rename one of them');
      return;
    }
    this.axons.set(name?.value ?? `axon ${this.axons.size + 1}`, keys);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (e) {
    throw invalid('unreadable', 'path', path, `cannot be read (${(e as NodeJS.ErrnoException).code})`, 'name a file that exists');
  }
}

const START = { start: 0, end: 1, path: '' };

/** Also one whose kind is misspelt in case, so a misspelt kind is reported. */
function isAxon(document: Node): boolean {
  const kind = textOf(member(document, 'kind'));
  return kind?.toLowerCase() === 'axon' || (kind === undefined && member(document, 'spec') !== undefined);
}

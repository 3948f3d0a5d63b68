import { DockerfileParser } from 'dockerfile-ast';
import { BuildError } from '../build-error.js';

/** A part of a Dockerfile that lies in it as it is: `<<EOF … EOF`. */
export interface HereDocument {
  readonly name: string;
  readonly content: string;
  /** Whether its name stands in quotes: then no variable of it is filled in. */
  readonly quoted: boolean;
}

/** One instruction of a Dockerfile, its line continuations and comments taken out. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** Line it begins in, from 1. */
  readonly line: number;
  /** By name, without dashes; a flag without value is ''. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** What follows the keyword and the flags. */
  readonly text: string;
  /** The strings of the text when it has the form of a JSON array. */
  readonly list?: readonly string[];
  readonly documents: readonly HereDocument[];
}

export interface Instructions {
  readonly escape: string;
  readonly all: readonly Instruction[];
}

/** The instructions of a Dockerfile in their order. The file named in messages is `file`. */
export function instructionsOf(source: string, file: string): Instructions {
  // The parser cuts the file into instructions; what is inside of one is read here, since it keeps comments and drops spaces of JSON strings.
  const dockerfile = DockerfileParser.parse(source);
  const escape = dockerfile.getEscapeCharacter();
  const lines = source.split(/\r?\n/);
  const all = dockerfile.getInstructions().map((parsed) => {
    const { start, end } = parsed.getRange();
    const own = lines.slice(start.line, end.line + 1);
    return instruction(own, start.line + 1, escape, file);
  });
  return { escape, all };
}

const HERE = /<<-?(["']?)([A-Za-z_]\w*)\1/g;
const TAKES_DOCUMENTS = /^(RUN|COPY|ADD)$/;

function instruction(lines: readonly string[], line: number, escape: string, file: string): Instruction {
  const { head, rest } = logicalLine(lines, escape);
  const [, word, argument = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(head) ?? ['', '', ''];
  const keyword = word.toUpperCase();
  const { flags, text } = flagsOf(argument);
  const documents = TAKES_DOCUMENTS.test(keyword) ? documentsOf(text, rest, `${file}:${line}`) : [];
  return { keyword, line, flags, text: text.trim(), list: listOf(text.trim()), documents };
}

/** The first line with those that continue it, and the lines after it, which are those of here-documents. */
function logicalLine(lines: readonly string[], escape: string): { head: string; rest: string[] } {
  const continues = new RegExp(`${escape === '\\' ? '\\\\' : escape}[ \\t]*$`);
  let head = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(#|$)/.test(line)) continue;
    if (!continues.test(line)) return { head: head + line, rest: lines.slice(index + 1) };
    head += line.replace(continues, '');
  }
  return { head, rest: [] };
}

function flagsOf(argument: string): { flags: [string, string][]; text: string } {
  const flags: [string, string][] = [];
  let text = argument;
  for (let match = /^--([a-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text); match !== null; match = /^--([a-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text)) {
    flags.push([match[1], match[2] ?? '']);
    text = text.slice(match[0].length);
  }
  return { flags, text };
}

function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined;
  } catch {
    // As Docker does it, what is no JSON is a shell's command that begins with a bracket.
    return undefined;
  }
}

function documentsOf(text: string, rest: readonly string[], place: string): HereDocument[] {
  let next = 0;
  return [...text.matchAll(HERE)].map(([operator, quote, name]) => {
    const end = rest.findIndex((line, index) => index >= next && (operator.startsWith('<<-') ? line.replace(/^\t+/, '') : line) === name);
    if (end < 0) throw new BuildError(`'${place}' (<<${name}) must end with a line that is ${name} alone, add it`);
    const own = rest.slice(next, end).map((line) => (operator.startsWith('<<-') ? line.replace(/^\t+/, '') : line));
    next = end + 1;
    return { name, content: own.map((line) => `${line}\n`).join(''), quoted: quote !== '' };
  });
}

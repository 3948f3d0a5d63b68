import { nearest } from '../../contract/nearest';
import { ProblemCode } from '../../problem/codes';
import { Report } from '../report';
import { Node, Place, ScalarNode, shownNode } from '../yaml/node';
import { oldBoolean } from '../yaml/scalar';

/** A fragment of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The form that values of a key have: reads them, and describes them to editors. */
export interface Shape<T> {
  readonly json: JsonSchema;
  /** The value, or undefined after having said what is wrong with it. */
  read(node: Node, at: Spot, report: Report): T | undefined;
}

/** The place of a value, and what the value is called in messages. */
export interface Spot {
  readonly key: string;
  readonly place: Place;
}

/** A scalar that has been read, with its place. */
export interface Leaf<T> {
  readonly value: T;
  readonly place: Place;
}

/** A text; numbers are taken as they are written. */
export function text(): Shape<Leaf<string>> {
  return {
    json: { type: ['string', 'number', 'boolean', 'null'] },
    read: (node, at, report) => {
      if (node.kind !== 'scalar') {
        return wrong(node, at, report, 'wrong-type', 'must be a text', 'write it on one line');
      }
      if (node.plain && oldBoolean(node.text)) {
        report.warning(at.place, 'yaml-boolean', at.key, node.text, 'is a boolean to many readers of YAML, and a text is meant', `write "${node.text}"`);
      }
      return { value: node.text, place: at.place };
    },
  };
}

/** A name that becomes part of others, and the id of a construct. */
export function name(): Shape<Leaf<string>> {
  const any = text();
  return {
    json: any.json,
    read: (node, at, report) => {
      const found = any.read(node, at, report);
      if (found !== undefined && !/^[A-Za-z][A-Za-z0-9._-]*$/.test(found.value)) {
        return wrong(node, at, report, 'name-format', "must be letters, digits, '-', '_' and '.', with a letter first", 'rename it');
      }
      // Such as 'constructor': children of a construct are kept in a plain object.
      return found !== undefined && found.value in {} ? wrong(node, at, report, 'reserved', 'is a word that JavaScript keeps to itself', 'rename it') : found;
    },
  };
}

/** A number, in quotes or not. */
export function number(): Shape<Leaf<number>> {
  return { json: { type: ['number', 'string'] }, read: (node, at, report) => readNumber(node, at, report, 'a number') };
}

/** A number without fraction. */
export function integer(): Shape<Leaf<number>> {
  return {
    json: { type: ['integer', 'string'] },
    read: (node, at, report) => {
      const found = readNumber(node, at, report, 'a whole number');
      return found === undefined || Number.isSafeInteger(found.value) ? found : wrong(node, at, report, 'not-whole', 'must be a whole number', 'round it');
    },
  };
}

/** `true` or `false`. */
export function flag(): Shape<Leaf<boolean>> {
  return {
    json: { type: 'boolean' },
    read: (node, at, report) => (node.kind === 'scalar' && typeof node.value === 'boolean'
      ? { value: node.value, place: at.place }
      : wrong(node, at, report, 'wrong-type', "must be 'true' or 'false'", 'write it without quotes')),
  };
}

/** One of several words. */
export function oneOf<W extends string>(...words: readonly W[]): Shape<Leaf<W>> {
  return {
    json: { enum: words },
    read: (node, at, report) => {
      const found = words.find((word) => node.kind === 'scalar' && node.text === word);
      if (found !== undefined) {
        return { value: found, place: at.place };
      }
      const near = node.kind === 'scalar' ? nearest(node.text, words) : undefined;
      return wrong(node, at, report, 'not-one-of', words.length === 1 ? `must be '${words[0]}'` : `must be one of ${words.join(', ')}`,
        near === undefined ? words.length === 1 ? `write '${words[0]}'` : 'use one of them' : `did you mean '${near}'?`);
    },
  };
}

/** A shape that rejects one word of the format, which no construct supports. */
export function withoutWord<T>(shape: Shape<T>, word: string, remedy: string): Shape<T> {
  return {
    json: shape.json,
    read: (node, at, report) => (node.kind === 'scalar' && node.text === word
      ? wrong(node, at, report, 'unsupported', 'is not supported', remedy)
      : shape.read(node, at, report)),
  };
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function readNumber(node: Node, at: Spot, report: Report, expected: string): Leaf<number> | undefined {
  const value = node.kind === 'scalar' ? numberOf(node) : undefined;
  return value === undefined ? wrong(node, at, report, 'wrong-type', `must be ${expected}`, `write ${expected}`) : { value, place: at.place };
}

/** Quoted numbers count, because the format's own bounds are written so. */
function numberOf(node: ScalarNode): number | undefined {
  const value = typeof node.value === 'number' ? node.value : NUMBER.test(node.text) ? Number(node.text) : undefined;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Reports a value that breaks a rule. */
export function wrong(node: Node, at: Spot, report: Report, code: ProblemCode, rule: string, remedy: string): undefined {
  report.error(at.place, code, at.key, shownNode(node), rule, remedy);
  return undefined;
}

import { Fields, section, Section } from './section';
import { flag, integer, JsonSchema, Leaf, Shape, text, wrong } from './shape';

/*
 * Shapes of Kubernetes' own format. They read plain data, which goes into objects as it is, and only its form: what values mean is checked where
 * programs and files meet.
 */

/** A part of an object. One that lacks a required key is left out, after that has been reported. */
export function part<F extends Fields>(noun: string, fields: F): Shape<Record<string, unknown>> {
  const keys = section(noun, fields);
  return mapped(keys, ({ $, ...read }: Section<Fields>) => (
    Object.keys(fields).some((key) => fields[key].required && read[key] === undefined) ? undefined : read));
}

/** A text. */
export function word(): Shape<string> {
  return mapped(text(), valueOf);
}

/** A text that is one of several words, which editors list. */
export function choice(...words: readonly string[]): Shape<string> {
  return { ...word(), json: { enum: words } };
}

/** A whole number. */
export function count(): Shape<number> {
  return mapped(integer(), valueOf);
}

/** `true` or `false`. */
export function truth(): Shape<boolean> {
  return mapped(flag(), valueOf);
}

/** Permissions of a file. Kubernetes reads numbers that begin with 0 as octal, and so do we. */
export function permissions(): Shape<number> {
  return {
    json: { type: ['integer', 'string'] },
    read: (node, at, report) => {
      const written = node.kind === 'scalar' ? node.text : '';
      const octal = /^0o?([0-7]+)$/.exec(written);
      return octal !== null ? parseInt(octal[1], 8) : /^\d+$/.test(written) ? Number(written)
        : wrong(node, at, report, 'wrong-type', 'must be file permissions', "write them in octal, as '0440'");
    },
  };
}

/** A key that Kubernetes has and the checks reject, whatever it holds. */
export function rejected(): Shape<object> {
  return { json: { not: {} }, read: () => ({}) };
}

function valueOf<T>({ value }: Leaf<T>): T {
  return value;
}

function mapped<T, U>(shape: Shape<T>, map: (value: T) => U | undefined): Shape<U> {
  return {
    get json(): JsonSchema {
      return shape.json;
    },
    read: (node, at, report) => {
      const found = shape.read(node, at, report);
      return found === undefined ? undefined : map(found);
    },
  };
}

import { nearest } from '../../contract/nearest';
import { Report } from '../report';
import { below, Entry, isNothing, ListNode, MapNode, Node, Place, placeOf, shownNode, spanOf } from '../yaml/node';
import { Keys } from './keys';
import { JsonSchema, Shape, Spot, wrong } from './shape';

/** What is known of a key. */
export interface Field<T> {
  readonly shape: Shape<T>;
  /** One sentence for editors. */
  readonly doc: string;
  readonly required: boolean;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/**
 * A map that has been read: what each key holds, without those that are absent or wrong. Even a
 * required key can be missing here, and has been complained about then.
 */
export type Section<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never } & { readonly $: Keys };

/** The section that a shape reads. */
export type Read<S> = S extends Shape<infer T> ? T : never;

/** A key that may be there. */
export function may<T>(shape: Shape<T>, doc: string): Field<T> {
  return { shape, doc, required: false };
}

/** A key that must be there. */
export function must<T>(shape: Shape<T>, doc: string): Field<T> {
  return { shape, doc, required: true };
}

/** A key of the format that there is no construct for. It is refused, because leaving it out would change what runs. */
export function unsupported(remedy: string = 'leave it out', rule: string = 'is not supported yet'): Field<undefined> {
  return { required: false, doc: `It ${rule}: ${remedy}.`, shape: { json: { not: {} }, read: (node, at, report) => wrong(node, at, report, 'unsupported', rule, remedy) } };
}

/** A key that means nothing to us, and that nothing is lost by. */
export function withoutEffect(rule: string, remedy: string): Field<undefined> {
  return {
    required: false,
    doc: `Without effect: it ${rule}.`,
    shape: {
      json: {},
      read: (node, at, report) => {
        report.warning(at.place, 'unused', at.key, shownNode(node), rule, remedy);
        return undefined;
      },
    },
  };
}

/**
 * A map of known keys.
 * @param noun what it is, in messages: `a task`
 */
export function section<F extends Fields>(noun: string, fields: F): Shape<Section<F>> {
  const required = Object.keys(fields).filter((key) => fields[key].required);
  return {
    get json() {
      return {
        title: noun,
        type: ['object', 'null'],
        properties: propertiesOf(fields),
        ...(required.length > 0 && { required }),
        additionalProperties: false,
      };
    },
    read: (node, at, report) => {
      const map = asMap(node, at, report);
      if (map === undefined) {
        return undefined;
      }
      const read: Record<string, unknown> = {};
      for (const entry of map.entries) {
        const path = below(at.place.path, entry.key);
        if (!Object.hasOwn(fields, entry.key) && !unknownKey(map, entry, path, noun, fields, report)) {
          continue;
        }
        if (!isNothing(entry.value)) {
          const value = fields[entry.key].shape.read(entry.value, { key: entry.key, place: placeOf(entry, path) }, report);
          if (value !== undefined) {
            read[entry.key] = value;
          }
        }
      }
      for (const key of required.filter((name) => isNothing(map.entries.find((entry) => entry.key === name)?.value))) {
        const there = map.entries.find((entry) => entry.key === key);
        report.error(there === undefined ? at.place : placeOf(there, below(at.place.path, key)), 'required', key, 'nothing', `is required in ${noun}`, 'add it');
      }
      return { ...read, $: new Keys(map, at.place) } as unknown as Section<F>;
    },
  };
}

function propertiesOf(fields: Fields): JsonSchema {
  return Object.fromEntries(Object.entries(fields).map(([key, { shape, doc }]): [string, JsonSchema] => [key, { description: doc, ...shape.json }]));
}

/** A list of values of one form. One without brackets or dashes around it is refused, as Kubernetes would. */
export function list<T>(noun: string, item: Shape<T>): Shape<T[]> {
  return {
    get json() {
      return { type: ['array', 'null'], items: item.json };
    },
    read: (node, at, report) => (node.kind === 'list'
      ? readItems(node, at, report, noun, item)
      : wrong(node, at, report, 'wrong-type', 'must be a list', node.kind === 'map' ? "write '- ' before its first key" : `write it as '[${shownNode(node).split(/\s+/).join(', ')}]'`)),
  };
}

/** A list whose items may be lists themselves; comes back as a list of lists. */
export function listOfLists<T>(noun: string, item: Shape<T>): Shape<T[][]> {
  const one: Shape<T[]> = {
    get json() {
      return { anyOf: [item.json, { type: 'array', items: item.json }] };
    },
    read: (node, at, report) => {
      if (node.kind === 'list' && node.items.length === 0) {
        return wrong(node, at, report, 'empty', `must hold ${noun}`, 'fill it in or remove it');
      }
      if (node.kind === 'list') {
        return readItems(node, at, report, noun, item);
      }
      const value = item.read(node, at, report);
      return value === undefined ? undefined : [value];
    },
  };
  return list(noun, one);
}

/** A map of the user's own keys. */
export function dictionary<T>(value: Shape<T>): Shape<Record<string, T>> {
  return {
    get json() {
      return { type: ['object', 'null'], additionalProperties: value.json };
    },
    read: (node, at, report) => {
      const found = asMap(node, at, report)?.entries.flatMap((entry): [string, T][] => {
        const spot = { key: `${at.key}.${entry.key}`, place: placeOf(entry, below(at.place.path, entry.key)) };
        const one = isNothing(entry.value) ? wrong(entry.value, spot, report, 'empty', 'must not be empty', 'give it a value') : value.read(entry.value, spot, report);
        return one === undefined ? [] : [[entry.key, one]];
      });
      return found && Object.fromEntries(found);
    },
  };
}

function readItems<T>(node: ListNode, at: Spot, report: Report, noun: string, item: Shape<T>): T[] {
  return node.items.flatMap((value, index) => {
    const path = `${at.place.path}[${index}]`;
    const spot = { key: `${at.key}[${index}]`, place: { ...spanOf(value), path } };
    const one = isNothing(value) ? wrong(value, spot, report, 'empty', `must be ${noun}`, 'fill it in or remove it') : item.read(value, spot, report);
    return one === undefined ? [] : [one];
  });
}

function asMap(node: Node, at: Spot, report: Report): MapNode | undefined {
  return node.kind === 'map' ? node : wrong(node, at, report, 'wrong-type', 'must be a map', node.kind === 'list' ? "remove the '- '" : "write its keys as 'key: value' below it");
}

/**
 * Complains about a key that is not known. Where it is an error and the known key that is probably
 * meant is absent, the entry is taken for that one from here on: the absence is no second mistake.
 */
function unknownKey(map: MapNode, entry: Entry, path: string, noun: string, fields: Fields, report: Report): boolean {
  const known = Object.keys(fields);
  const near = nearest(entry.key, known);
  const place: Place = { ...spanOf(entry.keySpan), path };
  const remedy = near === undefined ? `use one of ${known.join(', ')}` : `did you mean '${near}'?`;
  const refused = report.unknownKey(place, entry.key, `is no key of ${noun}`, remedy);
  if (!refused || near === undefined || map.entries.some(({ key }) => key === near)) {
    return false;
  }
  entry.key = near;
  return true;
}

import {
  EVENT_ALIAS, EVENT_DOCUMENT, EVENT_MAPPING, EVENT_POP, EVENT_SCALAR, EVENT_SEQUENCE, Event, getScalarValue, MappingEvent, parseEvents,
  SCALAR_STYLE_PLAIN, ScalarEvent, SequenceEvent, YAMLException,
} from 'js-yaml';
import { ProblemCode } from '../../problem/codes';
import { invalid, ProblemError } from '../../problem/error';
import { Report } from '../report';
import { below, Entry, isNothing, MapNode, Node, Place, Span } from './node';
import { coreValue } from './scalar';

/** Aliases may stand for aliases: ten lines can mean a billion values. */
const MOST_NODES = 200_000;

/** The documents of a YAML text. Problems of the YAML itself go into the report; some of them leave no document. */
export function readDocuments(report: Report): Node[] {
  const { text } = report.source;
  try {
    return new Reader(text, report, parseEvents(text, { maxDepth: 100 })).documents();
  } catch (e) {
    if (e instanceof YAMLException && e.mark) {
      const start = Math.min(e.mark.position, text.length);
      report.error({ start, end: start + 1, path: '' }, 'yaml-syntax', '', undefined, `no valid YAML: ${e.reason}`, 'correct the syntax');
      return [];
    }
    if (e instanceof ProblemError) {
      return [];
    }
    throw e;
  }
}

class Reader {
  private next = 0;
  private nodes = 0;
  private anchors = new Map<string, { readonly node: Node; readonly size: number }>();

  constructor(private readonly text: string, private readonly report: Report, private readonly events: Event[]) {}

  public documents(): Node[] {
    const found: Node[] = [];
    while (this.next < this.events.length) {
      const event = this.events[this.next++];
      if (event.type === EVENT_DOCUMENT) {
        this.anchors = new Map();
        found.push(this.node({ start: 0, end: 0 }, ''));
        this.next++;
      }
    }
    return found;
  }

  /** The next value, at a path; `near` is where it is said to be when it is nothing and so nowhere. */
  private node(near: Span, path: string): Node {
    const event = this.events[this.next++];
    const before = this.nodes;
    let node: Node;
    switch (event.type) {
      case EVENT_ALIAS:
        return this.alias(this.text.slice(event.anchorStart, event.anchorEnd), { start: event.anchorStart - 1, end: event.anchorEnd }, path);
      case EVENT_SCALAR:
        node = this.scalar(event, near);
        break;
      case EVENT_SEQUENCE: {
        const items: Node[] = [];
        const span = { start: event.start, end: event.start + 1 };
        node = { kind: 'list', items, ...span };
        while (this.events[this.next].type !== EVENT_POP) {
          items.push(this.node(span, `${path}[${items.length}]`));
        }
        this.next++;
        break;
      }
      case EVENT_MAPPING:
        node = this.map(event.start, path);
        break;
      default:
        throw new Error(`unexpected event ${event.type} in a YAML document`);
    }
    this.count(1, node, path);
    this.checkTag(event, node, path);
    if ('anchorStart' in event && event.anchorStart >= 0) {
      this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), { node, size: this.nodes - before });
    }
    return node;
  }

  private map(start: number, path: string): Node {
    const node: MapNode = { kind: 'map', entries: [], start, end: start + 1 };
    const merged: Entry[] = [];
    while (this.events[this.next].type !== EVENT_POP) {
      const plain = isPlain(this.events[this.next]);
      const key = this.node(node, path);
      const keySpan: Span = { start: key.start, end: key.kind === 'scalar' ? Math.max(key.end, key.start + 1) : key.start + 1 };
      if (key.kind !== 'scalar') {
        this.report.error({ ...keySpan, path }, 'wrong-type', 'key', key.kind === 'map' ? 'a map' : 'a list', 'must be a text', 'write it as a plain word');
        this.node(node, path);
        continue;
      }
      const inside = below(path, key.text);
      const value = this.node(keySpan, inside);
      const twin = node.entries.find((entry) => entry.key === key.text);
      if (key.text === '<<' && plain) {
        merged.push(...this.merge(value, { ...keySpan, path: inside }));
      } else if (twin !== undefined) {
        const { line } = this.report.source.position(twin.keySpan.start);
        this.report.error({ ...keySpan, path: inside }, 'duplicate', key.text, 'key', `stands twice in the same map, first in line ${line}`, 'remove one');
      } else {
        node.entries.push({ key: key.text, keySpan, value });
      }
    }
    this.next++;
    // What a map says itself wins over what it merges, and of several merged maps the first.
    for (const entry of merged) {
      if (!node.entries.some(({ key }) => key === entry.key)) {
        node.entries.push(entry);
      }
    }
    return node;
  }

  private merge(value: Node, at: Span & { path: string }): Entry[] {
    const maps = value.kind === 'list' ? value.items : [value];
    if (maps.some((map) => map.kind !== 'map' && !isNothing(map))) {
      this.report.error(at, 'yaml-alias', '<<', 'a text', 'must be an alias of a map, or a list of such', "write it as '<<: *name'");
    }
    return maps.flatMap((map) => (map.kind === 'map' ? map.entries.map((entry) => ({ ...entry })) : []));
  }

  private scalar(event: ScalarEvent, near: Span): Node {
    if (event.valueStart < 0) {
      return { kind: 'scalar', text: '', value: null, plain: true, ...near };
    }
    const text = getScalarValue(this.text, event);
    const tag = event.tagStart < 0 ? '' : this.text.slice(event.tagStart, event.tagEnd);
    const plain = isPlain(event) && tag !== '!!str' && tag !== '!';
    // In quotes the value stands one character in.
    const quoted = event.style !== SCALAR_STYLE_PLAIN && /['"]/.test(this.text[event.valueStart - 1] ?? '') ? 1 : 0;
    const lineEnd = /[\r\n]|$/.exec(this.text.slice(event.valueStart))!.index + event.valueStart;
    const span = { start: event.valueStart - quoted, end: Math.min(event.valueEnd + quoted, Math.max(lineEnd, event.valueStart + 1)) };
    return { kind: 'scalar', text, value: plain ? coreValue(text) : text, plain, ...span };
  }

  private alias(name: string, span: Span, path: string): Node {
    const anchor = this.anchors.get(name);
    if (anchor === undefined) {
      return this.stop({ ...span, path }, 'yaml-alias', `*${name}`, 'alias', 'refers to no anchor before it', `mark the value with '&${name}'`);
    }
    this.count(anchor.size, span, path);
    return anchor.node;
  }

  /** Ends the reading: nothing behind this place means anything. */
  private stop(place: Place, code: ProblemCode, key: string, value: string, rule: string, remedy: string): never {
    this.report.error(place, code, key, value, rule, remedy);
    throw invalid(code, key, value, rule, remedy);
  }

  /** Tags of the core schema say what is known anyway; others would have to be acted upon. */
  private checkTag(event: ScalarEvent | SequenceEvent | MappingEvent, span: Span, path: string): void {
    const tag = event.tagStart < 0 ? '!' : this.text.slice(event.tagStart, event.tagEnd);
    if (!/^(?:!|!!(?:str|int|float|bool|null|map|seq))$/.test(tag)) {
      this.report.error({ start: span.start, end: span.end, path }, 'yaml-tag', tag, 'tag', 'means nothing here', 'remove it');
    }
  }

  private count(nodes: number, span: Span, path: string): void {
    this.nodes += nodes;
    if (this.nodes > MOST_NODES) {
      this.stop({ start: span.start, end: span.end, path }, 'too-large', 'file', `more than ${MOST_NODES} values`, 'is too large, or its aliases multiply', 'divide it');
    }
  }
}

function isPlain(event: Event): boolean {
  return event.type === EVENT_SCALAR && event.style === SCALAR_STYLE_PLAIN;
}

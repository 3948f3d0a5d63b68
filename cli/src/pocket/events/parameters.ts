import { contextOf, type BusEvent } from './event.js';
import { GoTemplate } from './go-template/go-template.js';
import { plain, type GoValue } from './go-template/values.js';
import { parseDestination, parsePath, setAt, valueAt } from './json-path.js';
import { jsonAt } from './json-text.js';

/** Where a trigger's parameter comes from and goes to. */
export interface TriggerParameter {
  readonly src: {
    readonly dependencyName: string;
    readonly contextKey?: string;
    readonly contextTemplate?: string;
    readonly dataKey?: string;
    readonly dataTemplate?: string;
    readonly value?: string;
    readonly useRawData?: boolean;
  };
  readonly dest: string;
  readonly operation?: '' | 'overwrite' | 'append' | 'prepend';
}

interface Resolved {
  readonly text: string;
  /** The text is JSON that may be put in as such. */
  readonly isJson: boolean;
}

/** Fails if a parameter cannot be read, before there is an event. */
export function checkParameter({ src, dest }: TriggerParameter): void {
  for (const template of [src.contextTemplate, src.dataTemplate]) if (template) new GoTemplate(template);
  for (const key of [src.contextKey, src.dataKey]) if (key) parsePath(key);
  parseDestination(dest);
}

/** Puts the values of a trigger's events into a copy of its object. Fails if one has no value and no default. */
export function withParameters<T extends object>(resource: T, parameters: readonly TriggerParameter[], events: ReadonlyMap<string, BusEvent>): T {
  const result = structuredClone(resource);
  for (const { src, dest, operation } of parameters) {
    const value = resolve(src, events);
    // An event that did not come has no say: it may be of the other side of an `||`.
    if (value === undefined) continue;
    const path = parseDestination(dest);
    const current = valueAt(result, path);
    const joined = current !== undefined && (operation === 'append' || operation === 'prepend');
    if (joined) setAt(result, path, operation === 'append' ? textOf(current) + value.text : value.text + textOf(current));
    else setAt(result, path, value.isJson && src.useRawData ? JSON.parse(value.text) : value.text);
  }
  return result;
}

/** The value of a source, as Argo Events finds it: the template first, then the key, then the default; data goes before context. */
function resolve(src: TriggerParameter['src'], events: ReadonlyMap<string, BusEvent>): Resolved | undefined {
  const event = events.get(src.dependencyName);
  const fallback = src.value === undefined ? undefined : { text: src.value, isJson: false };
  if (event === undefined) return fallback;
  const fromData = Boolean(src.dataKey || src.dataTemplate);
  const [key, template] = fromData ? [src.dataKey, src.dataTemplate] : [src.contextKey, src.contextTemplate];
  if (!key && !template) return fallback ?? { text: JSON.stringify({ context: contextOf(event), data: Buffer.from(event.data).toString('base64') }), isJson: false };
  const payload = fromData ? event.data : JSON.stringify(contextOf(event));
  const problems: string[] = [];
  for (const attempt of [template && (() => byTemplate(template, payload)), key && (() => byKey(key, payload))]) {
    if (!attempt) continue;
    try {
      return attempt();
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (fallback !== undefined) return fallback;
  throw new Error(`unable to resolve '${src.dependencyName}' parameter value. err: ${problems.join('; ')}`);
}

function byTemplate(template: string, payload: string): Resolved {
  const text = new GoTemplate(template).execute({ Input: JSON.parse(payload) as GoValue });
  if (text === '' || text === '<no value>') throw new Error(`template evaluated to empty string or no value: ${template}`);
  return { text, isJson: false };
}

function byKey(key: string, payload: string): Resolved {
  const raw = jsonAt(payload, parsePath(key));
  if (raw === undefined) throw new Error(`key ${key} does not exist to in the event payload`);
  return raw.startsWith('"') ? { text: JSON.parse(raw) as string, isJson: false } : { text: raw, isJson: true };
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : plain(value as GoValue);
}

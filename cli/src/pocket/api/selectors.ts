import type { KubeObject } from '../objects/kube-object.js';
import { ObjectError } from '../objects/object-error.js';

/** Whether an object is among those that were asked for. */
export type Selector = (object: KubeObject) => boolean;

/** A `labelSelector`: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, joined by commas. Throws BadRequest. */
export function labelSelector(text: string | null): Selector {
  const parts = requirements(text ?? '').map(labelRequirement);
  return (object) => parts.every((holds) => holds(object.metadata.labels ?? {}));
}

const FIELDS: Readonly<Record<string, (object: KubeObject) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'status.phase': ({ status }) => status?.phase ?? '',
};

/** A `fieldSelector` over name, namespace and phase. Throws BadRequest. */
export function fieldSelector(text: string | null): Selector {
  const parts = requirements(text ?? '').map((requirement) => {
    const [, field, operator, value] = /^([\w.]+)\s*(==?|!=)\s*(.*)$/.exec(requirement) ?? [];
    const read = field === undefined || !Object.hasOwn(FIELDS, field) ? undefined : FIELDS[field];
    if (read === undefined) throw new ObjectError('BadRequest', `field label not supported: ${requirement}`);
    return (object: KubeObject) => (read(object) === value) === (operator !== '!=');
  });
  return (object) => parts.every((holds) => holds(object));
}

/** The one name that a fieldSelector allows, which permissions by name are checked against; undefined when it allows several. */
export function selectedName(text: string | null): string | undefined {
  return /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(text ?? '')?.[1];
}

function labelRequirement(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const [, key, operator, list] = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text) ?? [];
  if (key !== undefined) {
    const values = list!.split(',').map((value) => value.trim());
    return (labels) => (operator === 'in' ? key in labels && values.includes(labels[key]!) : !(key in labels) || !values.includes(labels[key]!));
  }
  const [, name, relation, value] = /^([\w./-]+)\s*(==?|!=)\s*([\w.-]*)$/.exec(text) ?? [];
  if (name !== undefined) return (labels) => (labels[name] === value) === (relation !== '!=');
  const [, not, alone] = /^(!?)\s*([\w./-]+)$/.exec(text) ?? [];
  if (alone === undefined) throw new ObjectError('BadRequest', `unable to parse requirement: ${text}`);
  return (labels) => (alone in labels) === (not === '');
}

/** Splits at commas outside brackets. */
function requirements(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim()).filter((part) => part !== '');
}

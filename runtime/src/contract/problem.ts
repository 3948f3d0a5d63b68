import type { ErrorObject } from 'ajv';
import { shown } from '../shared/errors.js';
import { nearest } from './nearest.js';
import { SCHEMAS } from './schemas.js';

type Schema = Readonly<Record<string, any>>;

/** Definitions have distinct names over all schemas; the generator refuses a second one. */
const DEFINITIONS: Schema = Object.assign({}, ...Object.values(SCHEMAS).map((schema) => schema.$defs));

/** What the validator found, one sentence for each mistake: 'path' (got) rule. In the order of the paths. */
export function problems(errors: readonly ErrorObject[]): string[] {
  const missing = new Set(errors.filter((error) => error.keyword === 'required').map(path));
  const told = errors
    // These repeat what another error says: the branch taken, the key's own rule, the key that tells the branch.
    .filter((error) => error.keyword !== 'if' && error.keyword !== 'propertyNames')
    .filter((error) => !(error.keyword === 'discriminator' && missing.has(path(error))))
    .map((error) => ({ path: path(error), sentence: `'${path(error)}' (${got(error)}) ${rule(error)}` }));
  told.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return [...new Set(told.map(({ sentence }) => sentence))];
}

/** Where it is, as one would write it in code: sensors[0].guard.cooldownSeconds. */
function path(error: ErrorObject): string {
  const keys = error.instancePath.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const child = error.propertyName ?? error.params.missingProperty ?? error.params.additionalProperty ?? tagOf(error);
  if (child !== undefined) keys.push(child);
  return keys.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join('') || 'document';
}

const tagOf = (error: ErrorObject): string | undefined => (error.keyword === 'discriminator' ? error.params.tag : undefined);

function got(error: ErrorObject): string {
  // The value of an unknown key is not shown: it may be a secret that somebody put in the wrong place.
  if (error.propertyName !== undefined || error.keyword === 'additionalProperties') return 'key';
  if (error.keyword === 'required') return 'absent';
  const key = tagOf(error);
  return shown(key === undefined ? error.data : (error.data as Schema)[key]);
}

const RULES: Readonly<Record<string, (params: Schema, schema: Schema) => string>> = {
  required: () => 'is required',
  additionalProperties: ({ additionalProperty }, { properties }) => {
    const meant = nearest(additionalProperty, Object.keys(properties ?? {}));
    return meant === undefined ? 'is no known key' : `is no known key, did you mean '${meant}'?`;
  },
  discriminator: ({ tag }, { oneOf }) => oneOfThese(oneOf.flatMap(({ $ref }: Schema) => values(definition($ref).properties[tag]))),
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  enum: ({ allowedValues }) => oneOfThese(allowedValues),
  type: ({ type }) => `must be of type ${[type].flat().join(' or ')}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `must be above ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be below ${limit}`,
  minItems: ({ limit }) => `must have at least ${count(limit, 'entry', 'entries')}`,
  maxItems: ({ limit }) => `must have at most ${count(limit, 'entry', 'entries')}`,
  minProperties: ({ limit }) => `must have at least ${count(limit, 'key', 'keys')}`,
  maxProperties: ({ limit }) => `must have at most ${count(limit, 'key', 'keys')}`,
  minLength: ({ limit }) => `must have at least ${count(limit, 'character', 'characters')}`,
  maxLength: ({ limit }) => `must have at most ${count(limit, 'character', 'characters')}`,
  pattern: ({ pattern }) => `must match ${pattern}`,
  uniqueItems: ({ i, j }) => `must not repeat an entry, as [${j}] and [${i}] do`,
  not: () => 'must be absent here',
};

function rule({ keyword, params, parentSchema, message }: ErrorObject): string {
  return RULES[keyword]?.(params, parentSchema ?? {}) ?? `${message}`;
}

const definition = (ref: string): Schema => DEFINITIONS[ref.slice(ref.lastIndexOf('/') + 1)];
const values = (schema: Schema): unknown[] => schema.enum ?? [schema.const];
const oneOfThese = (allowed: readonly unknown[]): string => `must be one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`;
const count = (limit: number, one: string, many: string): string => `${limit} ${limit === 1 ? one : many}`;

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { Documents } from './documents.js';
import { CONTRACT_VERSION } from './names.js';
import { problems } from './problem.js';
import { SCHEMAS } from './schemas.js';

/** Name of a document of the contract. */
export type DocumentName = keyof Documents;

const SYNTHESISED = 'synthesise and apply it again with the construct library of this release';
const RUNTIME_OWNED = 'only the runtime writes it, restore what it wrote last';
const IN_SOURCE = 'correct it in contract/';

/** What to do about a bad document: it depends on who writes it. */
const REMEDIES: Readonly<Record<DocumentName, string>> = {
  'axon': SYNTHESISED,
  'study': SYNTHESISED,
  'model': SYNTHESISED,
  'wake': SYNTHESISED,
  'graph': 'run deploy again, which writes it',
  'server': 'run deploy again, which writes it',
  'capture': 'remove the line',
  'event': 'send it as the emit step of this release does',
  'ledger': RUNTIME_OWNED,
  'release': RUNTIME_OWNED,
  'trial-result': 'remove it and the trial runs again',
  'metrics': IN_SOURCE,
  'environment': IN_SOURCE,
  'constants': IN_SOURCE,
};

// `verbose` keeps value and schema beside each error, for the sentence about it. Conditions (if, then) lean on the types outside them.
const ajv = new Ajv2020({ allErrors: true, verbose: true, discriminator: true, strict: true, strictTypes: false, strictRequired: false });
for (const schema of Object.values(SCHEMAS)) ajv.addSchema(schema);

/**
 * Parses and checks a document.
 *
 * @param name which document it should be
 * @param text its JSON
 * @param place where it was found, for messages: a file, or a ConfigMap and its key
 *
 * Fails if the text is no JSON, speaks another contract, or breaks the schema; the message names every mistake.
 */
export function readDocument<Name extends DocumentName>(name: Name, text: string, place: string): Documents[Name] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MyelinError('MYELIN_DOCUMENT_NOT_JSON', { place, got: shown(text), remedy: REMEDIES[name] }, { cause });
  }
  return checkDocument(name, value, place);
}

/** Checks a parsed document, like {@link readDocument}. The value itself is returned, not a copy. */
export function checkDocument<Name extends DocumentName>(name: Name, value: unknown, place: string): Documents[Name] {
  // A document of a later contract breaks the schema in ways that would only mislead.
  const contract = contractOf(value);
  if (typeof contract === 'number' && contract !== CONTRACT_VERSION) {
    throw new MyelinError('MYELIN_DOCUMENT_OTHER_CONTRACT', { place, got: `contract ${shown(contract)}`, contract: CONTRACT_VERSION });
  }
  const validate = validator(name);
  if (!validate(value)) {
    const found = problems(validate.errors ?? []).join('; ');
    throw new MyelinError('MYELIN_DOCUMENT_INVALID', { place, document: name, problems: found, remedy: REMEDIES[name] });
  }
  return value as Documents[Name];
}

function validator(name: DocumentName): ValidateFunction {
  // Compiled at first use and kept by ajv.
  const validate = ajv.getSchema(SCHEMAS[name].$id);
  if (validate === undefined) throw new Error(`no schema for the document '${name}'`);
  return validate;
}

/** An event carries its contract in its data, all others at the top. */
function contractOf(value: unknown): unknown {
  const document = value as { contract?: unknown; data?: { contract?: unknown } | null } | null | undefined;
  return document?.contract ?? document?.data?.contract;
}

// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

/** A reference to a parameter of the run or of the step. */
export interface Placeholder {
  /** As it is written, with its braces. */
  readonly text: string;
  readonly scope: 'workflow' | 'inputs';
  readonly name: string;
}

const PLACEHOLDER = /\{\{\s*(workflow|inputs)\.parameters\.([^\s{}]+)\s*\}\}/g;

/**
 * The text with `{{workflow.parameters.NAME}}` and `{{inputs.parameters.NAME}}` replaced by their values. A placeholder without a value stays as it
 * is, and so do other braces, which belong to the user. A value is not searched for placeholders again.
 */
export function filled(text: string, valueOf: (placeholder: Placeholder) => string | undefined): string {
  return text.replace(PLACEHOLDER, (all: string, scope: Placeholder['scope'], name: string) => valueOf({ text: all, scope, name }) ?? all);
}

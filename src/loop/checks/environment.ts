import { isReservedVariable } from '../../contract/names';
import { phrase, prop } from '../../problem/phrase';
import { error, Problem } from '../../problem/problem';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLACEHOLDER = /\{\{\s*(.*?)\s*\}\}/gs;
const SECRETIVE = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i;

type Texts = Readonly<Record<string, string>>;

/** Checks the names of environment variables, secrets in clear, and references to parameters of the axon. */
export function environmentProblems(path: string, env: Texts, parameters: Texts): Problem[] {
  const found: Problem[] = [];
  for (const [name, value] of Object.entries(env)) {
    const at = { item: name };
    if (!NAME.test(name)) {
      found.push(error(path, 'name-format', 'env', name, 'must be the name of an environment variable: letters, digits and underscores, no digit first',
        'rename it', at));
    }
    if (isReservedVariable(name)) {
      found.push(error(path, 'reserved', 'env', name, 'is set by the loop itself', 'use another name', at));
    }
    if (SECRETIVE.test(name) && value !== '' && !value.includes('{{')) {
      found.push(error(path, 'secret-in-clear', 'env', name, 'reads as a secret, and manifests are readable',
        phrase`put the value into a Secret and name it in ${prop('secretEnv')}`, at));
    }
    found.push(...referenceProblems(path, 'env', name, value, parameters));
  }
  return found;
}

/**
 * Checks the references of a text that Argo Workflows expands. It takes every pair of braces for a reference of its
 * own, and fails the whole run when a pair does not close.
 */
export function referenceProblems(path: string, name: string, item: number | string, text: string, parameters: Texts): Problem[] {
  const found: Problem[] = [];
  const shown = (part: string) => (typeof item === 'string' ? `${item}: ${part}` : part);
  for (const [whole, inner] of text.matchAll(PLACEHOLDER)) {
    const parameter = /^workflow\.parameters\.([-A-Za-z0-9_]+)$/.exec(inner)?.[1];
    if (parameter === undefined) {
      found.push(error(path, 'parameter-reference', name, shown(whole), 'may only refer to a parameter of the axon',
        "write it as '{{workflow.parameters.NAME}}'", { item }));
    } else if (!Object.hasOwn(parameters, parameter)) {
      found.push(error(path, 'not-found', name, shown(whole), `refers to '${parameter}', which is no parameter of the axon`,
        Object.keys(parameters).length === 0 ? 'declare it' : `declare it, or use one of ${Object.keys(parameters).sort().join(', ')}`, { item }));
    }
  }
  if (text.replace(PLACEHOLDER, '').includes('{{')) {
    found.push(error(path, 'parameter-reference', name, shown(text), 'opens two braces that it does not close',
      "write '{ {' where no reference is meant", { item }));
  }
  return found;
}

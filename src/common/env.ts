import { EnvironmentEntry, SecretEnvironmentEntry } from '../contract/documents';
import { EnvVar } from '../crd/kube';
import { sortedBy } from '../private/canonical';
import { phrase, prop } from '../problem/phrase';
import { error, Problem } from '../problem/problem';
import { SecretKey } from './secret-key';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLACEHOLDER = /\{\{\s*(.*?)\s*\}\}/gs;
const SECRETIVE = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i;

/**
 * What is wrong with a set of environment variables: their names, secrets in clear, and references
 * to axon parameters that do not exist. Values may refer to parameters and to nothing else, since
 * Argo Workflows would read any other pair of braces as its own.
 *
 * @internal
 */
export function envProblems(
  path: string,
  env: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>>,
  isReserved: (name: string) => boolean,
): Problem[] {
  const found: Problem[] = [];
  for (const [name, value] of Object.entries(env)) {
    const at = { item: name };
    if (!NAME.test(name)) {
      found.push(error(path, 'name-format', 'env', name, 'must be the name of an environment variable: letters, digits and underscores, no digit first', 'rename it', at));
    }
    if (isReserved(name)) {
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
 * What is wrong with the references of a text that Argo Workflows fills in: it takes every pair of
 * braces for its own, and refuses the whole run where a pair does not close.
 *
 * @internal
 */
export function referenceProblems(
  path: string, name: string, item: number | string, text: string, parameters: Readonly<Record<string, string>>,
): Problem[] {
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

/** The list form, sorted by name: order must not depend on how a map was written. @internal */
export function toEnv(env: Readonly<Record<string, string>>, secrets: Readonly<Record<string, SecretKey>> = {}): EnvVar[] {
  const plain = Object.entries(env).map(([name, value]): EnvVar => ({ name, value }));
  const secret = Object.entries(secrets).map(([name, key]): EnvVar => ({ name, valueFrom: { secretKeyRef: { name: key.name, key: key.key } } }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The same as contract documents have it. @internal */
export function toPlainEnv(env: Readonly<Record<string, string>>): EnvironmentEntry[] {
  return toEnv(env).map(({ name, value }) => ({ name, value: value! }));
}

/** References to Secrets as contract documents have them. @internal */
export function toSecretEnv(secrets: Readonly<Record<string, SecretKey>> = {}): SecretEnvironmentEntry[] {
  return sortedBy(Object.entries(secrets), ([name]) => name).map(([name, { name: secret, key }]) => ({ name, secret, key }));
}

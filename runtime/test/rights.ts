import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RightsTrace } from '../../fidelity/traces/trace.js';
import type { KubeClient, KubeKind, KubeObject } from '../src/kube/client.js';
import { REPOSITORY } from './fixtures.js';

/** What each program did on a real cluster, and its Role grants: see fidelity/cluster/rights.sh and test/rights.test.ts. */
const { allowed: RIGHTS }: RightsTrace = JSON.parse(readFileSync(join(REPOSITORY, 'fidelity', 'traces', 'rights.json'), 'utf8'));

/** A client with the rights of a program's account and no more: a call beyond them fails here before it would on a cluster. */
export function asProgram(program: string, axon: string, client: KubeClient): KubeClient {
  const own = RIGHTS.filter((right) => right.program === program);
  const check = (verb: string, { apiVersion, plural }: KubeKind, name?: string) => {
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const granted = own.some((right) => right.group === group && right.resource === plural && right.verb === verb
      && (right.name === undefined || right.name.replace('<axon>', axon) === name));
    if (!granted) throw new Error(`the Role of ${program} does not let it ${verb} ${plural} ${name ?? ''}`.trim());
  };
  return {
    get: async <T extends KubeObject>(kind: KubeKind, name: string) => (check('get', kind, name), client.get<T>(kind, name)),
    list: async <T extends KubeObject>(kind: KubeKind, labels?: Readonly<Record<string, string>>) => (
      check('list', kind), client.list<T>(kind, labels)),
    create: async <T extends KubeObject>(kind: KubeKind, object: T) => (check('create', kind), client.create(kind, object)),
    replace: async <T extends KubeObject>(kind: KubeKind, object: T) => (
      check('update', kind, object.metadata.name), client.replace(kind, object)),
    remove: async (kind, name) => (check('delete', kind, name), client.remove(kind, name)),
  };
}

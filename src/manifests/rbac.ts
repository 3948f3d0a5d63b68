import { Labels, PolicyRule, SecretKeyRef } from '../crd/kube';
import { canonicalJson } from '../loop/canonical';
import { Manifest } from './manifest';

/** A service account, with the permissions that one of its users needs. */
export interface Account {
  readonly name: string;
  readonly labels: Labels;
  readonly rules: PolicyRule[];
  /** Keeps the token out of pods that do not call the API, although the account has permissions. */
  readonly withoutToken?: boolean;
  /** Existing accounts that get the same permissions. */
  readonly alsoFor?: readonly string[];
  /** Whether only existing accounts get the permissions, and none is created. */
  readonly existing?: boolean;
}

/**
 * A ServiceAccount for each account, with a Role and a RoleBinding where it has permissions. An account that
 * several steps use gets the union of their rules.
 *
 * @param login the pull secret of the pods
 */
export function rbac(accounts: Account[], namespace: string, login?: SecretKeyRef): Manifest[] {
  return united(accounts).flatMap((account) => [
    ...(account.existing ? [] : [serviceAccount(account, namespace, login)]),
    ...(account.rules.length > 0 ? [role(account, namespace), roleBinding(account, namespace)] : []),
  ]);
}

function serviceAccount({ name, labels, rules, withoutToken }: Account, namespace: string, login?: SecretKeyRef): Manifest {
  const body = {
    ...(login && { imagePullSecrets: [{ name: login.name }] }),
    ...((rules.length === 0 || withoutToken) && { automountServiceAccountToken: false }),
  };
  return { kind: 'ServiceAccount', id: name, name, namespace, labels, body };
}

function role({ name, labels, rules }: Account, namespace: string): Manifest {
  return { kind: 'Role', id: name, name, namespace, labels, body: { rules } };
}

function roleBinding({ name, labels, existing, alsoFor = [] }: Account, namespace: string): Manifest {
  const body = {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [...(existing ? [] : [name]), ...alsoFor].map((account) => ({ kind: 'ServiceAccount', name: account, namespace })),
  };
  return { kind: 'RoleBinding', id: name, name, namespace, labels, body };
}

function united(accounts: Account[]): Account[] {
  const found = new Map<string, Account>();
  for (const account of accounts) {
    const known = found.get(account.name);
    found.set(account.name, known === undefined ? account : { ...account, rules: union(known.rules, account.rules) });
  }
  return [...found.values()];
}

function union(a: PolicyRule[], b: PolicyRule[]): PolicyRule[] {
  return [...new Map([...a, ...b].map((rule) => [canonicalJson(rule), rule])).values()];
}

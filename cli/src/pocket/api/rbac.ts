import type { Objects } from '../controller.js';
import type { KubeObject } from '../objects/kube-object.js';

/** Who calls: the owner of the laptop, a ServiceAccount, or somebody who says nothing of himself. */
export type Caller = { readonly kind: 'admin' } | { readonly kind: 'account'; readonly namespace: string; readonly account: string } | { readonly kind: 'anonymous' };

type Bound = Exclude<Caller, { kind: 'admin' }>;

/** What is asked for, in the words of RBAC. */
export interface Request {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent where no single object is named: create, list, watch. */
  readonly name?: string;
  /** Absent for what lies in no namespace, or in all. */
  readonly namespace?: string;
}

interface Rule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Whether the Roles and bindings that are stored now allow it; they can only allow, never forbid. */
export function isAllowed(objects: Objects, caller: Caller, request: Request): boolean {
  if (caller.kind === 'admin') return true;
  return rulesFor(objects, caller, request.namespace).some((rule) => covers(rule, request));
}

/** The refusal in the words of the API server. */
export function forbidden(caller: Caller, { verb, apiGroup, resource, subresource, name, namespace }: Request): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const group = apiGroup === '' ? '' : `.${apiGroup}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${resource}${group} ${name === undefined ? '' : `"${name}" `}is forbidden: User "${userName(caller)}" cannot ${verb} resource "${what}" `
    + `in API group "${apiGroup}" ${where}`;
}

export function userName(caller: Caller): string {
  switch (caller.kind) {
    case 'admin': return 'admin';
    case 'account': return `system:serviceaccount:${caller.namespace}:${caller.account}`;
    case 'anonymous': return 'system:anonymous';
  }
}

function groupsOf(caller: Bound): string[] {
  return caller.kind === 'anonymous' ? ['system:unauthenticated'] : ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${caller.namespace}`];
}

function rulesFor(objects: Objects, caller: Bound, namespace: string | undefined): Rule[] {
  const everywhere = objects.list('ClusterRoleBinding').filter((binding) => binds(binding, caller)).flatMap(({ roleRef }) => clusterRules(objects, roleRef.name));
  if (namespace === undefined) return everywhere;
  const here = objects.list('RoleBinding', { namespace }).filter((binding) => binds(binding, caller)).flatMap(({ roleRef }) => {
    if (roleRef.kind === 'ClusterRole') return clusterRules(objects, roleRef.name);
    return objects.get({ kind: 'Role', namespace, name: roleRef.name })?.rules ?? [];
  });
  return [...everywhere, ...here];
}

function clusterRules(objects: Objects, name: string): Rule[] {
  return objects.get({ kind: 'ClusterRole', namespace: 'default', name })?.rules ?? [];
}

function binds({ subjects, metadata }: KubeObject, caller: Bound): boolean {
  const groups = groupsOf(caller);
  return ((subjects ?? []) as Subject[]).some(({ kind, name, namespace }) => {
    switch (kind) {
      // A subject without a namespace names none in Kubernetes; in a RoleBinding its own is meant by everybody who writes it so.
      case 'ServiceAccount':
        return caller.kind === 'account' && name === caller.account && (namespace ?? metadata.namespace) === caller.namespace;
      case 'User': return name === userName(caller);
      case 'Group': return groups.includes(name);
      default: return false;
    }
  });
}

function covers({ verbs = [], apiGroups = [], resources = [], resourceNames = [] }: Rule, request: Request): boolean {
  const { resource, subresource, name } = request;
  const wanted = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return (verbs.includes('*') || verbs.includes(request.verb))
    && (apiGroups.includes('*') || apiGroups.includes(request.apiGroup))
    && (resources.includes('*') || wanted.some((each) => resources.includes(each)))
    && (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)));
}

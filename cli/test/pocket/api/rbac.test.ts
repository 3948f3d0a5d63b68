import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forbidden, isAllowed, type Caller, type Request } from '../../../src/pocket/api/rbac.js';
import type { KubeObject } from '../../../src/pocket/objects/kube-object.js';
import { ObjectStore } from '../../../src/pocket/objects/store.js';
import { Notes } from '../pods/fixture.js';

let folder: string;
let store: ObjectStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocket-core-rbac-'));
  store = ObjectStore.open(folder, new Notes());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RBAC = 'rbac.authorization.k8s.io';
const caller: Caller = { kind: 'account', namespace: 'default', account: 'gate' };
const gate = { kind: 'ServiceAccount', name: 'gate', namespace: 'default' };

function role(rules: unknown[], subjects: unknown[] = [gate], namespace = 'default', kind = ''): void {
  store.create({ apiVersion: `${RBAC}/v1`, kind: `${kind}Role`, metadata: { name: 'r', namespace }, rules });
  store.create({
    apiVersion: `${RBAC}/v1`, kind: `${kind}RoleBinding`, metadata: { name: 'r', namespace }, subjects, roleRef: { apiGroup: RBAC, kind: `${kind}Role`, name: 'r' },
  } as KubeObject);
}

const get: Request = { verb: 'get', apiGroup: '', resource: 'configmaps', name: 'ledger', namespace: 'default' };

test.each<[string, Record<string, string[]>, Partial<Request>, boolean]>([
  ['a rule allows what it names', { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }, {}, true],
  ['a verb that is not named', { verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }, {}, false],
  ['another group', { verbs: ['get'], apiGroups: ['apps'], resources: ['configmaps'] }, {}, false],
  ['another resource', { verbs: ['get'], apiGroups: [''], resources: ['secrets'] }, {}, false],
  ['everything', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, {}, true],
  ['by name', { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['ledger'] }, {}, true],
  ['by another name', { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['other'] }, {}, false],
  ['a list is not by name', { verbs: ['list'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['ledger'] }, { verb: 'list', name: undefined }, false],
  ['a create is not by name', { verbs: ['create'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['ledger'] }, { verb: 'create', name: undefined }, false],
  ['a subresource is not its resource', { verbs: ['get'], apiGroups: [''], resources: ['pods'] }, { resource: 'pods', subresource: 'log' }, false],
  ['a subresource', { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }, { resource: 'pods', subresource: 'log' }, true],
  ['a subresource of whatever', { verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, { resource: 'pods', subresource: 'log' }, true],
  ['all namespaces by a Role', { verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }, { verb: 'list', name: undefined, namespace: undefined }, false],
  ['another namespace by a Role', { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }, { namespace: 'other' }, false],
])('%s', (_, rule, request, allowed) => {
  role([rule]);

  expect(isAllowed(store, caller, { ...get, ...request })).toBe(allowed);
});

const ALL = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

test.each<[string, Record<string, string>, boolean]>([
  ['another account', { kind: 'ServiceAccount', name: 'emit', namespace: 'default' }, false],
  ['the account of another namespace', { kind: 'ServiceAccount', name: 'gate', namespace: 'other' }, false],
  ['the account as a user', { kind: 'User', name: 'system:serviceaccount:default:gate' }, true],
  ['all accounts of the namespace', { kind: 'Group', name: 'system:serviceaccounts:default' }, true],
  ['all accounts of another namespace', { kind: 'Group', name: 'system:serviceaccounts:other' }, false],
  ['everybody', { kind: 'Group', name: 'system:authenticated' }, true],
])('a binding to %s', (_, subject, allowed) => {
  role([ALL], [subject]);

  expect(isAllowed(store, caller, get)).toBe(allowed);
});

test('a ClusterRole binds everywhere with a ClusterRoleBinding, and in one namespace with a RoleBinding', () => {
  role([ALL], [gate], 'default', 'Cluster');
  expect(isAllowed(store, caller, { ...get, namespace: 'other' })).toBe(true);
  expect(isAllowed(store, caller, { ...get, namespace: undefined })).toBe(true);

  store.remove({ kind: 'ClusterRoleBinding', namespace: 'default', name: 'r' });
  store.create({
    apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { name: 'r' }, subjects: [gate], roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'r' },
  });
  expect(isAllowed(store, caller, get)).toBe(true);
  expect(isAllowed(store, caller, { ...get, namespace: 'other' })).toBe(false);
});

test('a refusal says who may not do what to what, in the words of a cluster', () => {
  expect(forbidden(caller, { verb: 'update', apiGroup: 'apps', resource: 'deployments', name: 'web', namespace: 'default' })).toBe('deployments.apps "web" is forbidden: '
    + 'User "system:serviceaccount:default:gate" cannot update resource "deployments" in API group "apps" in the namespace "default"');
});

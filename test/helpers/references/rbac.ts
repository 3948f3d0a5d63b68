import { Manifest } from '../manifests';
import { documents, Inventory } from './inventory';
import { rulesOf } from './lookup';

/** What there is to permit in the groups that we name: a misspelt resource permits nothing, in silence. */
const RESOURCES: Readonly<Record<string, string[]>> = {
  '': ['configmaps', 'pods', 'secrets', 'services'],
  'apps': ['deployments'],
  'argoproj.io': ['workflows', 'workflowtaskresults'],
  'batch': ['jobs'],
  'networking.istio.io': ['destinationrules', 'virtualservices'],
};
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
/** A request for these carries no name, so a rule that is limited to names never permits them. */
const NAMELESS = ['create', 'list', 'watch'];

/** Accounts, roles, and that each account may do what its pods must. */
export function walkPermissions(inventory: Inventory): void {
  for (const binding of inventory.ofKind('RoleBinding')) {
    inventory.check(binding, binding.roleRef.kind === 'Role' && binding.roleRef.apiGroup === 'rbac.authorization.k8s.io', 'refers to something else than a Role');
    inventory.need(binding, 'roleRef', 'Role', binding.roleRef.name);
    for (const { kind, name, namespace } of binding.subjects) {
      inventory.check(binding, kind === 'ServiceAccount', `binds a ${kind}`);
      inventory.check(binding, namespace === binding.metadata.namespace, `binds an account of namespace '${namespace}'`);
      inventory.needAccount(binding, 'subject', name);
    }
  }
  inventory.ofKind('Role').forEach((role) => walkRole(inventory, role));
  for (const account of inventory.ofKind('ServiceAccount')) {
    inventory.check(account, usersOf(inventory, account) > 0, 'is used by nobody');
    for (const { name } of account.imagePullSecrets ?? []) {
      inventory.check(account, (inventory.elsewhere.secrets ?? []).some((secret) => secret.startsWith(`${name}/`)), `pulls with Secret '${name}', which nobody makes`);
    }
  }
  inventory.ofKind('WorkflowTemplate').forEach((template) => walkReports(inventory, template));
  inventory.ofKind('Sensor').forEach((sensor) => inventory.check(sensor,
    ['create', 'get', 'patch'].every((verb) => may(inventory, sensor, sensor.spec.template.serviceAccountName, 'argoproj.io', 'workflows', verb)),
    'may not make the workflows of its triggers'));
}

function walkRole(inventory: Inventory, role: Manifest): void {
  inventory.check(role, inventory.ofKind('RoleBinding').some((binding) => binding.roleRef.name === role.metadata.name && binding.metadata.namespace === role.metadata.namespace), 'is bound to nobody');
  for (const { apiGroups, resources, resourceNames, verbs } of role.rules) {
    for (const resource of resources) {
      inventory.check(role, apiGroups.length === 1 && (RESOURCES[apiGroups[0]] ?? []).includes(resource), `permits '${apiGroups}/${resource}', which does not exist`);
    }
    for (const verb of verbs) {
      inventory.check(role, VERBS.includes(verb), `permits '${verb}', which is no verb that we use`);
      inventory.check(role, resourceNames === undefined || !NAMELESS.includes(verb), `permits '${verb}' by name, which never applies`);
    }
  }
}

/** Each pod of a run reports its outputs to the controller under its own account. */
function walkReports(inventory: Inventory, object: Manifest): void {
  const running: Manifest[] = object.spec.templates.filter((template: Manifest) => template.container);
  const accounts = new Set<string>(running.map((template) => template.serviceAccountName));
  for (const account of accounts) {
    inventory.check(object, ['create', 'patch'].every((verb) => may(inventory, object, account, 'argoproj.io', 'workflowtaskresults', verb)),
      `account '${account}' may not report the outputs of its pods`);
  }
}

function may(inventory: Inventory, by: Manifest, account: string, group: string, resource: string, verb: string): boolean {
  return rulesOf(inventory, account, by.metadata.namespace).filter(({ resourceNames }) => resourceNames === undefined)
    .some((rule) => rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb));
}

function usersOf(inventory: Inventory, account: Manifest): number {
  const { name, namespace } = account.metadata;
  const here = inventory.objects.filter((object) => object.metadata.namespace === namespace);
  const pods = here.flatMap(({ spec }) => [spec?.serviceAccountName, spec?.template?.serviceAccountName, spec?.template?.spec?.serviceAccountName,
    ...(spec?.templates ?? []).map((template: Manifest) => template.serviceAccountName)]);
  const told = [...documents(inventory, 'study.json'), ...documents(inventory, 'model.json')].filter(({ document }) => document.namespace === namespace)
    .map(({ document }) => document.serviceAccount ?? document.trial.serviceAccount);
  return [...pods, ...told].filter((user) => user === name).length;
}

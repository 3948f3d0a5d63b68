import { Loop, tunerOf } from '../../loop/loop';
import { accountName } from '../../loop/names';
import { axonLabels, sharedLabels } from '../labels';
import { Account } from '../rbac';
import { REPORT_RULE } from './rules';

/**
 * The accounts of the pods that run user code in runs, with the permission to report their outputs. The pods of the account that the axon
 * creates have no token, unless the user chose its name: such an account can have more permissions, for code that calls the API, and several
 * axons can declare it. Existing accounts get the permission by one RoleBinding of the axon.
 */
export function taskAccounts(loop: Loop): Account[] {
  const { name: axon, taskAccount: { name, created } } = loop;
  const own = accountName(axon, 'task');
  const existing = existingAccounts(loop);
  const shared = { labels: axonLabels(loop, 'task'), rules: [REPORT_RULE] };
  if (created && name === own) {
    return [{ ...shared, name, withoutToken: true, alsoFor: existing }];
  }
  return [
    ...(created ? [{ ...shared, name, labels: sharedLabels('task') }] : []),
    ...(existing.length > 0 ? [{ ...shared, name: own, existing: true, alsoFor: existing }] : []),
  ];
}

/** Existing accounts under which Argo Workflows runs user code. Trials and model servers report nothing to Argo. */
export function existingAccounts(loop: Loop): string[] {
  const { tasks, taskAccount: { name, created } } = loop;
  const ofTasks = tasks.filter(({ identifier }) => tunerOf(loop, identifier) === undefined).flatMap(({ serviceAccount }) => serviceAccount ?? []);
  return [...new Set([...(created ? [] : [name]), ...ofTasks])].filter((account) => !created || account !== name).sort();
}

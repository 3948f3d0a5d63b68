import { ledgerName, releasesName } from '../../contract/constants';
import { PolicyRule } from '../../crd/kube';

/** Every pod of a run reports its outputs to the workflow controller through this rule. */
export const REPORT_RULE: PolicyRule = { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] };

/** Reads and changes the ledger by compare-and-swap. RBAC cannot limit creation to a name. */
export function ledgerRules(axon: string): PolicyRule[] {
  return [
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [ledgerName(axon)], verbs: ['get', 'update'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  ];
}

/** Reads the release history. */
export function readReleasesRule(axon: string): PolicyRule {
  return { apiGroups: [''], resources: ['configmaps'], resourceNames: [releasesName(axon)], verbs: ['get'] };
}

import { Rule } from './assembly';

/** Every pod of a run reports its outputs to the workflow controller through this. */
export const REPORT_RULE: Rule = { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] };

/** What changing the ledger by compare-and-swap takes. Creation cannot be limited to a name: it is not known yet when it is asked for. */
export function ledgerRules(axon: string): Rule[] {
  return [
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [`${axon}-ledger`], verbs: ['get', 'update'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  ];
}

import { ledgerName, releasesName, routesName } from '../contract/constants';
import { Rule } from './assembly';

/** Every pod of a run reports its outputs to the workflow controller through this. */
export const REPORT_RULE: Rule = { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] };

/** What changing the ledger by compare-and-swap takes. Creation cannot be limited to a name: it is not known yet when it is asked for. */
export function ledgerRules(axon: string): Rule[] {
  return [
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [ledgerName(axon)], verbs: ['get', 'update'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  ];
}

/**
 * What making, routing to and removing the servers of any version takes; where deployments decide about their runs, they write the ledger, too.
 * Names of servers hold the version, which nobody knows beforehand; their ConfigMaps never change.
 */
export function deployRules(axon: string, decides: boolean): Rule[] {
  return [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'delete', 'get', 'list'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [...(decides ? [ledgerName(axon)] : []), releasesName(axon)], verbs: ['update'] },
    { apiGroups: [''], resources: ['services'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
    // To tell why a server does not become ready.
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['create'] },
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], resourceNames: [routesName(axon)], verbs: ['get', 'update'] },
  ];
}

/** A kind as addresses name it. */
export interface ApiKind {
  readonly kind: string;
  readonly plural: string;
  /** '' for the core. */
  readonly group: string;
  /** The first is what objects are told to be of when discovery is asked. */
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  readonly short: readonly string[];
}

const ARGO: Pick<ApiKind, 'group' | 'versions'> = { group: 'argoproj.io', versions: ['v1alpha1'] };
const CORE: Pick<ApiKind, 'group' | 'versions'> = { group: '', versions: ['v1'] };
const ISTIO: Pick<ApiKind, 'group' | 'versions'> = { group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'] };
const ISTIO_SECURITY: Pick<ApiKind, 'group' | 'versions'> = { group: 'security.istio.io', versions: ['v1', 'v1beta1'] };
const MONITORING: Pick<ApiKind, 'group' | 'versions'> = { group: 'monitoring.coreos.com', versions: ['v1'] };
const RBAC: Pick<ApiKind, 'group' | 'versions'> = { group: 'rbac.authorization.k8s.io', versions: ['v1'] };

/** Every kind that the laptop's cluster keeps objects of. */
export const API_KINDS: readonly ApiKind[] = [
  kind('ConfigMap', 'configmaps', CORE, 'cm'),
  kind('Namespace', 'namespaces', { ...CORE, namespaced: false }, 'ns'),
  kind('PersistentVolume', 'persistentvolumes', { ...CORE, namespaced: false }, 'pv'),
  kind('PersistentVolumeClaim', 'persistentvolumeclaims', CORE, 'pvc'),
  kind('Pod', 'pods', CORE, 'po'),
  kind('Secret', 'secrets', CORE),
  kind('Service', 'services', CORE, 'svc'),
  kind('ServiceAccount', 'serviceaccounts', CORE, 'sa'),
  kind('Deployment', 'deployments', { group: 'apps', versions: ['v1'] }, 'deploy'),
  kind('Job', 'jobs', { group: 'batch', versions: ['v1'] }),
  kind('NetworkPolicy', 'networkpolicies', { group: 'networking.k8s.io', versions: ['v1'] }, 'netpol'),
  kind('ClusterRole', 'clusterroles', { ...RBAC, namespaced: false }),
  kind('ClusterRoleBinding', 'clusterrolebindings', { ...RBAC, namespaced: false }),
  kind('Role', 'roles', RBAC),
  kind('RoleBinding', 'rolebindings', RBAC),
  kind('CronWorkflow', 'cronworkflows', ARGO, 'cwf'),
  kind('EventBus', 'eventbus', ARGO, 'eb'),
  kind('EventSource', 'eventsources', ARGO, 'es'),
  kind('Sensor', 'sensors', ARGO, 'sn'),
  kind('Workflow', 'workflows', ARGO, 'wf'),
  kind('WorkflowTemplate', 'workflowtemplates', ARGO, 'wftmpl'),
  kind('DestinationRule', 'destinationrules', ISTIO, 'dr'),
  kind('Gateway', 'gateways', ISTIO, 'gw'),
  kind('VirtualService', 'virtualservices', ISTIO, 'vs'),
  kind('AuthorizationPolicy', 'authorizationpolicies', ISTIO_SECURITY, 'ap'),
  kind('PeerAuthentication', 'peerauthentications', ISTIO_SECURITY, 'pa'),
  kind('RequestAuthentication', 'requestauthentications', ISTIO_SECURITY, 'ra'),
  kind('AlertmanagerConfig', 'alertmanagerconfigs', { ...MONITORING, versions: ['v1alpha1', 'v1beta1'] }, 'amcfg'),
  kind('PodMonitor', 'podmonitors', MONITORING, 'pmon'),
  kind('PrometheusRule', 'prometheusrules', MONITORING, 'promrule'),
  kind('ServiceMonitor', 'servicemonitors', MONITORING, 'smon'),
];

/** The kind that an address means; undefined when there is none. */
export function kindAt(group: string, version: string, plural: string): ApiKind | undefined {
  return API_KINDS.find((each) => each.plural === plural && each.group === group && each.versions.includes(version));
}

/** `apps/v1`, or `v1` for the core. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function kind(name: string, plural: string, where: Pick<ApiKind, 'group' | 'versions'> & { readonly namespaced?: boolean }, ...short: string[]): ApiKind {
  return { kind: name, plural, namespaced: true, ...where, short };
}

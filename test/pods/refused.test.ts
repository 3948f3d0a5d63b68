import { k8s } from 'cdk8s-plus-27';
import { Image, ModelServer, Platform, PodOptions, Source } from '../../src';
import { digitsLoop, smallLoop } from '../helpers/loop';
import { refusals, testChart } from '../helpers/manifests';

function refused(pod: unknown): string[] {
  return refusals(smallLoop({ pod: pod as PodOptions }).chart);
}

const term = (fields: object) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [fields] } } });
const nodeTerm = (fields: object) => {
  const required = { nodeSelectorTerms: [{ matchExpressions: [fields] }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
};
const nodeField = (fields: object) => {
  const required = { nodeSelectorTerms: [{ matchFields: [fields] }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
};
const scratch = (spec: object) => ({
  ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } }, ...spec } } },
});
const spread = (fields: object) => ({ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...fields });
const volume = (source: object) => ({ volumes: [{ name: 'data', ...source }] });

const TERM = 'pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]';
const NODE_TERM = 'pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]';
const NODE_FIELD = 'pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0]';

test.each<[string, object, string]>([
  ['a label takes a key of the loop', { labels: { 'myelin.io/axon': 'other' } },
    "'pod.labels' (myelin.io/axon: other) has a key that the loop sets itself, use another key"],
  ['a label says what manages the pod', { labels: { 'app.kubernetes.io/managed-by': 'me' } },
    "'pod.labels' (app.kubernetes.io/managed-by: me) has a key that the loop sets itself, use another key"],
  ['a label of a run switches the sidecar on', { labels: { 'sidecar.istio.io/inject': 'true' } },
    "'pod.labels' (sidecar.istio.io/inject: true) has a key that the loop sets itself, use another key"],
  ['a label is malformed', { labels: { team: 'ml team' } },
    "'pod.labels' (team: ml team) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation"],
  ['an annotation takes a key of Argo Workflows', { annotations: { 'workflows.argoproj.io/node-id': 'x' } },
    "'pod.annotations' (workflows.argoproj.io/node-id: x) has a key that the loop sets itself, use another key"],
  ['a label is that of a Job', { labels: { 'job-name': 'x' } }, "'pod.labels' (job-name: x) has a key that Kubernetes sets itself, use another key"],
  ['an annotation takes a container out of AppArmor', { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' } },
    "'pod.annotations' (container.apparmor.security.beta.kubernetes.io/main: unconfined) is an AppArmor profile that Pod Security 'restricted' rejects, "
      + "remove it, or write 'runtime/default'"],
  ['the key of an annotation is malformed', { annotations: { 'a/b/c': 'x' } },
    "'pod.annotations' (a/b/c: x) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation"],
  ['a text holds two braces', { annotations: { note: '{{workflow.name}}' } },
    "'pod.annotations.note' ({{workflow.name}}) must not hold '{{', which Argo Workflows would expand, remove the braces"],
  ['a text deep inside holds two braces', volume({ secret: { secretName: '{{x}}' } }),
    "'pod.volumes[0].secret.secretName' ({{x}}) must not hold '{{', which Argo Workflows would expand, remove the braces"],
  ['a node label is malformed', { nodeSelector: { pool: 'gpu nodes' } },
    "'pod.nodeSelector' (pool: gpu nodes) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, rename it, or write it into an annotation"],

  ['a toleration has an unknown operator', { tolerations: [{ key: 'gpu', operator: 'exists' }] },
    "'pod.tolerations[0].operator' (exists) must be one of Exists, Equal, write 'Exists'"],
  ['a toleration has an unknown effect', { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoRun' }] },
    "'pod.tolerations[0].effect' (NoRun) must be one of NoSchedule, PreferNoSchedule, NoExecute, use one of them"],
  ['an effect is misspelt', { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'PreferNoShedule' }] },
    "'pod.tolerations[0].effect' (PreferNoShedule) must be one of NoSchedule, PreferNoSchedule, NoExecute, write 'PreferNoSchedule'"],
  ['a toleration of any value has one', { tolerations: [{ key: 'gpu', operator: 'Exists', value: 'x' }] },
    "'pod.tolerations[0].value' (x) must be absent beside the operator 'Exists', remove it, or write 'Equal'"],
  ['a toleration without a key compares', { tolerations: [{ value: 'x' }] },
    "'pod.tolerations[0].operator' (Equal) needs a 'key', because only 'Exists' tolerates taints of every key, add the key, or write 'Exists'"],
  ['seconds are given for another effect', { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] },
    "'pod.tolerations[0].tolerationSeconds' (5) counts only beside the effect 'NoExecute', remove it, or write 'NoExecute'"],
  ['seconds are not whole', { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0.5 }] },
    "'pod.tolerations[0].tolerationSeconds' (0.5) must be whole seconds, round it"],

  ['a node affinity has no term', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
    "'pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms' ([]) must hold a term, because without one it matches no node, add one"],
  ['a preference has no condition', { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }] } } },
    "'pod.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference' ({}) has no condition, so it matches no node, add one under 'matchExpressions'"],
  ['a weight is too large', { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }] } } },
    "'pod.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight' (101) must be a whole number from 1 to 100, use a number from 1 to 100"],
  ['a condition has no operator', nodeTerm({ key: 'pool' }), `'${NODE_TERM}.operator' (undefined) is required, write one of In, NotIn, Exists, DoesNotExist, Gt, Lt`],
  ['a condition has an unknown operator', nodeTerm({ key: 'pool', operator: 'in', values: ['a'] }),
    `'${NODE_TERM}.operator' (in) must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, write 'In'`],
  ['a condition on existence has values', nodeTerm({ key: 'pool', operator: 'Exists', values: ['a'] }),
    `'${NODE_TERM}.values' (["a"]) must be absent beside the operator 'Exists', remove it, or use the operator 'In'`],
  ['a condition lists no value', nodeTerm({ key: 'pool', operator: 'In' }),
    `'${NODE_TERM}.values' ([]) must hold a value beside the operator 'In', add one, or use the operator 'Exists'`],
  ['a comparison has no number', nodeTerm({ key: 'cores', operator: 'Gt', values: ['many'] }),
    `'${NODE_TERM}.values' (["many"]) must be one whole number beside the operator 'Gt', write it as ['4']`],
  ['a term about pods selects none', term({ topologyKey: 'zone' }),
    `'${TERM}.labelSelector' (undefined) is absent, so the term matches no pod, add one, as '{ matchLabels: … }'`],
  ['a term about pods names no topology', term({ labelSelector: { matchLabels: { app: 'x' } } }),
    `'${TERM}.topologyKey' (undefined) is required, name a label of nodes, as 'topology.kubernetes.io/zone'`],

  ['a term about pods names a malformed namespace', term({ topologyKey: 'zone', labelSelector: {}, namespaces: ['My_Team'] }),
    `'${TERM}.namespaces[0]' (My_Team) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'my-team'`],
  ['a condition is on an unknown field of nodes', nodeField({ key: 'spec.name', operator: 'In', values: ['a'] }),
    `'${NODE_FIELD}.key' (spec.name) must be 'metadata.name', write 'metadata.name'`],
  ['a condition on the name of a node only asks whether it exists', nodeField({ key: 'metadata.name', operator: 'Exists', values: ['a'] }),
    `'${NODE_FIELD}.operator' (Exists) must be one of In, NotIn, use one of them`],
  ['a condition on the name of a node lists two', nodeField({ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }),
    `'${NODE_FIELD}.values' (["a","b"]) must be the name of one node, write it as ['node-1']`],

  ['the key of a label that pods share is malformed', { topologySpreadConstraints: [spread({ matchLabelKeys: ['a b'] })] },
    "'pod.topologySpreadConstraints[0].matchLabelKeys[0]' (a b) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, "
      + 'rename it, or write it into an annotation'],
  ['a skew is no number of pods', { topologySpreadConstraints: [spread({ maxSkew: 0 })] },
    "'pod.topologySpreadConstraints[0].maxSkew' (0) must be a whole number of at least 1, raise it to 1"],
  ['a skew is a fraction', { topologySpreadConstraints: [spread({ maxSkew: 1.5 })] },
    "'pod.topologySpreadConstraints[0].maxSkew' (1.5) must be a whole number of at least 1, round it"],
  ['a skew is absent', { topologySpreadConstraints: [spread({ maxSkew: undefined })] },
    "'pod.topologySpreadConstraints[0].maxSkew' (undefined) must be a whole number of at least 1, set it to 1"],
  ['it is open what happens when pods cannot be spread', { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone' }] },
    "'pod.topologySpreadConstraints[0].whenUnsatisfiable' (undefined) is required, write 'DoNotSchedule' or 'ScheduleAnyway'"],
  ['a policy is unknown', { topologySpreadConstraints: [spread({ nodeTaintsPolicy: 'honor' })] },
    "'pod.topologySpreadConstraints[0].nodeTaintsPolicy' (honor) must be one of Honor, Ignore, write 'Honor'"],
  ['one topology is spread over twice', { topologySpreadConstraints: [spread({}), spread({ maxSkew: 2 })] },
    "'pod.topologySpreadConstraints[1].topologyKey' (zone) is spread over with 'DoNotSchedule' by 'topologySpreadConstraints[0]', too, remove one of them"],
  ['a least number of domains has no effect', { topologySpreadConstraints: [spread({ whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 })] },
    "'pod.topologySpreadConstraints[0].minDomains' (2) counts only beside 'whenUnsatisfiable: DoNotSchedule', remove it"],

  ['a class has a malformed name', { runtimeClassName: 'G_Visor' },
    "'pod.runtimeClassName' (G_Visor) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'g-visor'"],
  ['a priority class has a malformed name', { priorityClassName: 'Batch' },
    "'pod.priorityClassName' (Batch) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'batch'"],
  ['a pull secret has a malformed name', { imagePullSecrets: [{ name: 'Pull_Secret' }] },
    "'pod.imagePullSecrets[0].name' (Pull_Secret) must consist of letters a-z, digits, '-' and '.', and begin and end with a letter or digit, use 'pull-secret'"],

  ['the user is root', { securityContext: { runAsUser: 0 } },
    "'pod.securityContext.runAsUser' (0) is root, which Pod Security 'restricted' rejects, choose another user, as 1000"],
  ['root is allowed', { securityContext: { runAsNonRoot: false } },
    "'pod.securityContext.runAsNonRoot' (false) allows root, which Pod Security 'restricted' rejects, remove it"],
  ['system calls are not confined', { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    "'pod.securityContext.seccompProfile.type' (Unconfined) must be one of RuntimeDefault, Localhost, use one of them"],
  ['a profile of the node has no file', { securityContext: { seccompProfile: { type: 'Localhost' } } },
    "'pod.securityContext.seccompProfile.localhostProfile' (undefined) is required, name the file of the profile on the node"],
  ['a profile of the node is named beside that of the runtime', { securityContext: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'a.json' } } },
    "'pod.securityContext.seccompProfile.localhostProfile' (a.json) counts only beside the type 'Localhost', remove it"],
  ['a profile of the node lies outside its folder', { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '../a.json' } } },
    "'pod.securityContext.seccompProfile.localhostProfile' (../a.json) must not leave its folder with '..', write the path without it"],
  ['a parameter of the kernel is set twice', { securityContext: { sysctls: ['0', '1'].map((value) => ({ name: 'net.ipv4.tcp_syncookies', value })) } },
    "'pod.securityContext.sysctls[1].name' (net.ipv4.tcp_syncookies) is set twice, remove one of them"],
  ['a parameter of the kernel is unsafe', { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
    "'pod.securityContext.sysctls[0].name' (kernel.msgmax) must be one of kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports, "
      + 'net.ipv4.ip_unprivileged_port_start, net.ipv4.ping_group_range, net.ipv4.tcp_fin_timeout, net.ipv4.tcp_keepalive_intvl, net.ipv4.tcp_keepalive_probes, '
      + 'net.ipv4.tcp_keepalive_time, net.ipv4.tcp_syncookies, remove it'],
  ['SELinux gets a user', { securityContext: { seLinuxOptions: { user: 'system_u' } } },
    "'pod.securityContext.seLinuxOptions.user' (system_u) is set, which Pod Security 'restricted' rejects, remove it"],
  ['a group is no number of one', { securityContext: { supplementalGroups: [-1] } },
    "'pod.securityContext.supplementalGroups[0]' (-1) must be a whole number from 0 to 2147483647, choose another number"],
  ['options are for Windows', { securityContext: { windowsOptions: { hostProcess: true } } },
    "'pod.securityContext.windowsOptions' ({\"hostProcess\":true}) has no effect, because pods run on Linux, remove it"],

  ['a volume is a folder of the node', volume({ hostPath: { path: '/' } }),
    "'pod.volumes[0]' (hostPath) is a type of volume that Pod Security 'restricted' rejects, use one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret"],
  ['a volume has no type', volume({}),
    "'pod.volumes[0]' ({}) has no type, add one of secret, configMap, persistentVolumeClaim, emptyDir, downwardAPI, projected, csi, ephemeral"],
  ['a volume has two types', volume({ emptyDir: {}, secret: { secretName: 's' } }),
    "'pod.volumes[0]' (emptyDir and secret) are several types, and a volume has one, remove all but one"],
  ['a volume is called like one of ours', { volumes: [{ name: 'store', emptyDir: {} }] },
    "'pod.volumes[0].name' (store) is the name of a volume that the loop mounts itself, rename it, as 'my-store'"],
  ['a volume is called like a document', { volumes: [{ name: 'study-train', emptyDir: {} }] },
    "'pod.volumes[0].name' (study-train) is the name of a volume that the loop mounts itself, rename it, as 'my-study-train'"],
  ['two volumes have one name', { volumes: [{ name: 'data', emptyDir: {} }, { name: 'data', emptyDir: {} }] },
    "'pod.volumes[1].name' (data) is the name of 'volumes[0]', too, rename one of them"],
  ['a volume has a malformed name', { volumes: [{ name: 'My_Data', emptyDir: {} }] },
    "'pod.volumes[0].name' (My_Data) must consist of letters a-z, digits and '-', and begin and end with a letter or digit, use 'my-data'"],
  ['a Secret is not named', volume({ secret: {} }), "'pod.volumes[0].secret.secretName' (undefined) is required, name it"],
  ['a file leaves the volume', volume({ secret: { secretName: 's', items: [{ key: 'k', path: '../x' }] } }),
    "'pod.volumes[0].secret.items[0].path' (../x) must not leave its folder with '..', write the path without it"],
  ['permissions are no octal number', volume({ secret: { secretName: 's', defaultMode: 644 } }),
    "'pod.volumes[0].secret.defaultMode' (644) must be file permissions from 0 to 511 (0777), write them in octal, as '0o440'"],
  ['a size is no quantity', volume({ emptyDir: { sizeLimit: k8s.Quantity.fromString('10 GB') } }),
    "'pod.volumes[0].emptyDir.sizeLimit' (10 GB) must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3, write '10G'"],
  ['a medium is unknown', volume({ emptyDir: { medium: 'memory' } }), "'pod.volumes[0].emptyDir.medium' (memory) must be 'Memory', write 'Memory'"],
  ['a projection has no source', volume({ projected: { sources: [] } }), "'pod.volumes[0].projected.sources' ([]) must hold a source, add one"],
  ['a projected token is short-lived', volume({ projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 60 } }] } }),
    "'pod.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds' (60) must be from 600 to 4294967296, raise it"],
  ['a projected token lives too long', volume({ projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 2 ** 32 + 1 } }] } }),
    "'pod.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds' (4294967297) must be from 600 to 4294967296, lower it"],
  ['two projected files have one name', volume({
    projected: { sources: [{ secret: { name: 'a', items: [{ key: 'x', path: 'file' }] } }, { serviceAccountToken: { path: 'file' } }] },
  }), "'pod.volumes[0].projected.sources' (file) is the name of two files, rename one of them"],
  ['a file shows a field that the downward API does not have', volume({ downwardApi: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }),
    "'pod.volumes[0].downwardAPI.items[0].fieldRef.fieldPath' (spec.nodeName) must be one of metadata.name, metadata.namespace, metadata.uid, "
      + "metadata.labels, metadata.annotations, or one label or annotation, write one of these, as 'metadata.labels'"],
  ['a file shows a resource of no container', volume({ downwardApi: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } }),
    "'pod.volumes[0].downwardAPI.items[0].resourceFieldRef.containerName' (undefined) is required, name the container"],
  ['a file shows an unknown resource', volume({ downwardApi: { items: [{ path: 'a', resourceFieldRef: { containerName: 'main', resource: 'cpu' } }] } }),
    "'pod.volumes[0].downwardAPI.items[0].resourceFieldRef.resource' (cpu) must be the request or limit of cpu, memory or ephemeral-storage, "
      + "write it as 'limits.memory'"],
  ['a scratch volume has no access mode', volume(scratch({ accessModes: undefined })),
    "'pod.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes' ([]) must hold an access mode, write ['ReadWriteOnce']"],
  ['a scratch volume has an unknown access mode', volume(scratch({ accessModes: ['readwriteonce'] })),
    "'pod.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes[0]' (readwriteonce) must be one of ReadWriteOnce, ReadOnlyMany, ReadWriteMany, "
      + "ReadWriteOncePod, write 'ReadWriteOnce'"],
  ['a scratch volume has no file system', volume(scratch({ volumeMode: 'Block' })),
    "'pod.volumes[0].ephemeral.volumeClaimTemplate.spec.volumeMode' (Block) must be 'Filesystem', write 'Filesystem'"],
  ['the size of a scratch volume is no quantity', volume(scratch({ resources: { requests: { storage: '10 GB' } } })),
    "'pod.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage' (10 GB) must be a Kubernetes quantity, a number with one of the suffixes "
      + "n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3, write '10G'"],
  ['a file of the downward API shows nothing', volume({ downwardApi: { items: [{ path: 'labels' }] } }),
    "'pod.volumes[0].downwardAPI.items[0]' (labels) must have exactly one of 'fieldRef' and 'resourceFieldRef', add one"],
  ['a scratch volume has no size', volume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }),
    "'pod.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage' (undefined) is required, write the size, as '10Gi'"],

  ['a mount has no volume', { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] },
    "'pod.volumeMounts[0].name' (cache) is no volume of the pod's options, declare it under 'volumes'"],
  ['a mount misspells its volume', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'date', mountPath: '/cache' }] },
    "'pod.volumeMounts[0].name' (date) is no volume of the pod's options, did you mean 'data'?"],
  ['a mount lies in the store', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/var/lib/myelin/cache' }] },
    "'pod.volumeMounts[0].mountPath' (/var/lib/myelin/cache) of the volume 'data' lies at, above or below '/var/lib/myelin', where the loop mounts its own, mount it elsewhere, as '/data'"],
  ['a mount hides the store', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/var/lib/' }] },
    "'pod.volumeMounts[0].mountPath' (/var/lib/) of the volume 'data' lies at, above or below '/var/lib/myelin', where the loop mounts its own, mount it elsewhere, as '/data'"],
  ['a mount hides the image', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/' }] },
    "'pod.volumeMounts[0].mountPath' (/) would hide the whole image, mount at a folder such as /data"],
  ['two volumes are mounted at one path', {
    volumes: [{ name: 'data', emptyDir: {} }, { name: 'cache', emptyDir: {} }],
    volumeMounts: [{ name: 'data', mountPath: '/data' }, { name: 'cache', mountPath: '/data/' }],
  }, "'pod.volumeMounts[1].mountPath' (/data/) of the volume 'cache' is that of the volume 'data', too, mount one of them elsewhere"],
  ['a mount propagates to the node', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/data', mountPropagation: 'Bidirectional' }] },
    "'pod.volumeMounts[0].mountPropagation' (Bidirectional) must be one of None, HostToContainer, use one of them"],
  ['a mount leaves its volume', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/data', subPath: '../x' }] },
    "'pod.volumeMounts[0].subPath' (../x) must not leave its folder with '..', write the path without it"],
  ['a mount with variables leaves its volume', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/data', subPathExpr: '../$(X)' }] },
    "'pod.volumeMounts[0].subPathExpr' (../$(X)) must not leave its folder with '..', write the path without it"],
  ['a mount has two paths within its volume', { ...volume({ emptyDir: {} }), volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'a', subPathExpr: 'b' }] },
    "'pod.volumeMounts[0].subPathExpr' (b) must be absent beside 'subPath', remove one of them"],
])('fails if %s', (_, pod, message) => {
  expect(refused(pod)).toEqual([message]);
});

test('fails if the labels or annotations of an axon take a key of the loop, or hold braces', () => {
  expect(refusals(smallLoop({ labels: { 'myelin.io/axon': 'x' }, annotations: { 'myelin.io/applied': 'x' } }).chart)).toEqual([
    "'labels' (myelin.io/axon: x) has a key that the loop sets itself, use another key",
    "'annotations' (myelin.io/applied: x) has a key that the loop sets itself, use another key",
  ]);
  expect(refusals(smallLoop({ annotations: { note: '{{x}}' } }).chart)).toEqual([
    "'annotations.note' ({{x}}) must not hold '{{', which Argo Workflows would expand, remove the braces",
  ]);
});

test('fails if a label of the chart does not fit pods, and names the chart', () => {
  const message = "'labels of the chart' (note: ml team) must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit, "
    + 'rename it, or write it into an annotation';
  const [ofAxon, ofPlatform] = [testChart({ labels: { note: 'ml team' } }), testChart({ labels: { note: 'ml team' } })];
  new Platform(ofPlatform, 'platform');

  expect(refusals(smallLoop({}, ofAxon).chart)).toEqual([message]);
  expect(refusals(ofPlatform)).toEqual([message]);
  expect(refusals(smallLoop({}, testChart({ labels: { note: '{{x}}' } })).chart)).toEqual([
    "'labels of the chart.note' ({{x}}) must not hold '{{', which Argo Workflows would expand, remove the braces",
  ]);
  expect(refusals(smallLoop({ labels: { note: 'ml team' } }, testChart({ labels: { note: 'ok' } })).chart)).toEqual([message.replace('labels of the chart', 'labels')]);
});

test('fails if the pods of steps mount where a build finds its source, or as a document is mounted', () => {
  const { chart } = digitsLoop({ stepPod: { volumes: [{ name: 'axon', emptyDir: {} }], volumeMounts: [{ name: 'axon', mountPath: '/src' }] } });

  expect(refusals(chart)).toEqual([
    "'stepPod.volumes[0].name' (axon) is the name of a volume that the loop mounts itself, rename it, as 'my-axon'",
    "'stepPod.volumeMounts[0].mountPath' (/src) of the volume 'axon' lies at, above or below '/src', where the loop mounts its own, mount it elsewhere, as '/axon'",
  ]);
});

test('fails if the pods of steps mount where only the build of a model server finds its source', () => {
  const source = Source.git({ repository: 'https://git.example.org/ml/serve.git', revision: '4f1c2d0', path: '/serving' });
  const { chart, axon } = smallLoop({ stepPod: { volumes: [{ name: 'data', emptyDir: {} }], volumeMounts: [{ name: 'data', mountPath: '/serving' }] } });
  new ModelServer(axon, 'serve', { image: Image.fromSource('serve', { source }), predictor: 'Digits' });

  expect(refusals(chart)).toEqual([
    "'stepPod.volumeMounts[0].mountPath' (/serving) of the volume 'data' lies at, above or below '/serving', where the loop mounts its own, mount it elsewhere, as '/data'",
  ]);
});

test('fails if the options of a platform are wrong', () => {
  const chart = testChart();
  new Platform(chart, 'platform', { pod: { tolerations: [{ operator: 'All' }] } });

  expect(refusals(chart)).toEqual(["'pod.tolerations[0].operator' (All) must be one of Exists, Equal, use one of them"]);
});

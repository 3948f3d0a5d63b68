import { labelSelector } from './affinity-shape';
import { choice, count, part, permissions, rejected, truth, word } from './part';
import { dictionary, list, may, must } from './section';

const items = may(list('an item', part('an item', {
  key: may(word(), 'The key.'),
  path: may(word(), 'The file.'),
  mode: may(permissions(), 'Permissions of the file.'),
})), 'The keys that become files. Without them, all.');
const optional = may(truth(), 'Whether the pod starts without it.');
const defaultMode = may(permissions(), 'Permissions of the files.');

const downwardItems = may(list('an item', part('an item', {
  path: may(word(), 'The file.'),
  mode: may(permissions(), 'Permissions of the file.'),
  fieldRef: may(part('a reference to a field', {
    fieldPath: must(word(), 'The field of the pod.'),
    apiVersion: may(word(), 'The version of that field.'),
  }), 'A field of the pod.'),
  resourceFieldRef: may(part('a reference to a resource', {
    containerName: may(word(), 'The container.'),
    resource: must(word(), 'The request or limit, for instance limits.memory.'),
    divisor: may(word(), 'The unit of the value.'),
  }), 'A request or limit of a container.'),
})), 'The files.');

const configMap = may(part('a ConfigMap volume', { name: may(word(), 'The name of the ConfigMap.'), items, optional, defaultMode }), 'A ConfigMap.');
const downwardAPI = may(part('a downward API volume', { items: downwardItems, defaultMode }), 'Facts about the pod.');

const projected = part('a projected volume', {
  sources: may(list('a source', part('a source', {
    secret: may(part('a projected Secret', { name: may(word(), 'The name of the Secret.'), items, optional }), 'A Secret.'),
    configMap: may(part('a projected ConfigMap', { name: may(word(), 'The name of the ConfigMap.'), items, optional }), 'A ConfigMap.'),
    downwardAPI: may(part('a projected downward API', { items: downwardItems }), 'Facts about the pod.'),
    serviceAccountToken: may(part('a projected token', {
      audience: may(word(), 'The recipient of the token.'),
      expirationSeconds: may(count(), 'How long the token is valid.'),
      path: may(word(), 'The file.'),
    }), "A token of the pod's service account."),
  })), 'What is mounted in one folder.'),
  defaultMode,
});

const quantities = dictionary(word());

const claimTemplate = part('a claim template', {
  metadata: may(part("a claim template's metadata", {
    labels: may(dictionary(word()), 'Labels of the claim.'),
    annotations: may(dictionary(word()), 'Annotations of the claim.'),
  }), 'Labels and annotations of the claim.'),
  spec: may(part("a claim template's spec", {
    accessModes: may(list('an access mode', choice('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod')), 'Who may mount it.'),
    storageClassName: may(word(), 'The class of storage.'),
    volumeMode: may(choice('Filesystem', 'Block'), 'Whether it is a file system.'),
    volumeName: may(word(), 'The volume to bind to.'),
    selector: may(labelSelector, 'Labels of the volumes to bind to.'),
    resources: may(part("a claim template's resources", {
      requests: may(quantities, 'The size, under storage.'),
      limits: may(quantities, 'The largest size.'),
    }), 'The size.'),
  }), 'What is asked for.'),
});

const NOT_RESTRICTED = "It is a type of volume that Pod Security 'restricted' rejects.";

export const podVolume = part('a volume of pods', {
  name: must(word(), 'The name that mounts refer to.'),
  secret: may(part('a Secret volume', { secretName: may(word(), 'The name of the Secret.'), items, optional, defaultMode }), 'A Secret.'),
  configMap,
  persistentVolumeClaim: may(part('a claim volume', {
    claimName: may(word(), 'The name of the claim.'),
    readOnly: may(truth(), 'Whether it is mounted read-only.'),
  }), 'A claim that exists already.'),
  emptyDir: may(part('an empty volume', {
    medium: may(word(), "Where it is: on the node's disk, or in 'Memory'."),
    sizeLimit: may(word(), 'How much it may hold.'),
  }), 'A folder that lives as long as the pod.'),
  projected: may(projected, 'Several sources in one folder.'),
  downwardAPI,
  csi: may(part('a CSI volume', {
    driver: may(word(), 'The driver.'),
    readOnly: may(truth(), 'Whether it is mounted read-only.'),
    fsType: may(word(), 'The file system.'),
    volumeAttributes: may(dictionary(word()), 'Options of the driver.'),
    nodePublishSecretRef: may(part('a reference to a Secret', { name: may(word(), 'The name of the Secret.') }), 'The Secret that the driver needs.'),
  }), 'A volume of a CSI driver.'),
  ephemeral: may(part('an ephemeral volume', { volumeClaimTemplate: may(claimTemplate, 'The claim that is made with the pod.') }), 'A claim that lives as long as the pod.'),
  hostPath: may(rejected(), NOT_RESTRICTED),
  nfs: may(rejected(), NOT_RESTRICTED),
});

export const podVolumeMount = part('a volume mount', {
  name: must(word(), 'The name of the volume.'),
  mountPath: must(word(), 'Where the container sees it.'),
  subPath: may(word(), 'A path within the volume.'),
  subPathExpr: may(word(), 'The same, with variables of the container.'),
  readOnly: may(truth(), 'Whether the container may only read it.'),
  mountPropagation: may(choice('None', 'HostToContainer'), 'Whether later mounts of the node appear in it.'),
});

import { load } from 'js-yaml';
import { Manifest } from '../manifests';
import { walkEnvironment, walkVolumes } from './containers';
import { Inventory } from './inventory';

/** Whatever makes a pod satisfies Pod Security `restricted` and stays out of the mesh. */
export function walkPods(inventory: Inventory): void {
  for (const object of inventory.ofKind('WorkflowTemplate')) {
    const { spec } = object;
    pod(inventory, object, 'a run', spec.securityContext, spec.podMetadata?.labels);
    for (const template of spec.templates.filter((each: Manifest) => each.container !== undefined)) {
      container(inventory, object, `template '${template.name}'`, template.container.securityContext);
      for (const volume of template.volumes ?? []) {
        inventory.check(object, volume.hostPath === undefined, `template '${template.name}' mounts a folder of the node`);
      }
    }
    const patch = load(spec.podSpecPatch) as Manifest;
    for (const [list, own] of [['initContainers', 'init'], ['containers', 'wait']]) {
      container(inventory, object, `Argo's own container '${own}'`, patch[list].find(({ name }: Manifest) => name === own)?.securityContext);
    }
  }
  for (const object of inventory.ofKind('EventSource', 'Sensor')) {
    const { template } = object.spec;
    pod(inventory, object, 'the pod', template.securityContext, template.metadata?.labels);
    container(inventory, object, 'the container', template.container?.securityContext);
  }
  for (const object of inventory.ofKind('EventBus')) {
    const { jetstream } = object.spec;
    pod(inventory, object, 'the pod', jetstream.securityContext, jetstream.metadata?.labels);
    for (const key of ['containerTemplate', 'reloaderContainerTemplate', 'metricsContainerTemplate']) {
      container(inventory, object, key, jetstream[key]?.securityContext);
    }
  }
  inventory.ofKind('Deployment', 'Job').forEach((object) => plainPod(inventory, object));
}

function plainPod(inventory: Inventory, object: Manifest): void {
  const { metadata, spec } = object.spec.template;
  pod(inventory, object, 'the pod', spec.securityContext, metadata.labels);
  if (spec.serviceAccountName !== undefined || spec.automountServiceAccountToken !== false) {
    inventory.needAccount(object, 'the pod', spec.serviceAccountName);
  }
  if (object.kind === 'Deployment') {
    const { matchLabels } = object.spec.selector;
    inventory.check(object, Object.entries(matchLabels).every(([key, value]) => metadata.labels[key] === value), 'does not select its own pods');
  }
  for (const one of spec.containers) {
    container(inventory, object, `container '${one.name}'`, one.securityContext);
    walkVolumes(inventory, object, `container '${one.name}'`, one, spec.volumes ?? []);
    walkEnvironment(inventory, object, `container '${one.name}'`, one.env ?? []);
    for (const probe of [one.readinessProbe, one.livenessProbe].filter((candidate) => candidate !== undefined)) {
      inventory.check(object, (one.ports ?? []).some(({ name }: Manifest) => name === probe.httpGet.port), `container '${one.name}' is probed at the port '${probe.httpGet.port}', which it has not`);
    }
  }
}

function pod(inventory: Inventory, object: Manifest, place: string, security: Manifest, labels: Record<string, string> = {}): void {
  const restricted = security?.runAsNonRoot === true && security.seccompProfile?.type === 'RuntimeDefault' && security.runAsUser !== 0;
  inventory.check(object, restricted, `${place} is not restricted`);
  inventory.check(object, labels['sidecar.istio.io/inject'] === 'false', `${place} would get a sidecar`);
}

function container(inventory: Inventory, object: Manifest, place: string, security: Manifest): void {
  const restricted = security?.allowPrivilegeEscalation === false && JSON.stringify(security.capabilities?.drop) === '["ALL"]' && security.privileged !== true;
  inventory.check(object, restricted, `${place} is not restricted`);
}

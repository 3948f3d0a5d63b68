import { Manifest } from '../manifests';
import { Inventory, namesOf, repeated } from './inventory';
import { knownTag, tags, texts, unclosed } from './tags';

/** A template that makes a pod: its tags, inputs, files and volumes. */
export function walkContainer(inventory: Inventory, object: Manifest, template: Manifest, parameters: string[]): void {
  const place = `template '${template.name}'`;
  const inputs = namesOf(template.inputs?.parameters);
  const used = new Set<string>();
  for (const text of texts(template.container)) {
    inventory.check(object, !unclosed(text), `${place} has an unclosed tag in '${text}'`);
    for (const tag of tags(text)) {
      inventory.check(object, knownTag(tag, parameters, inputs), `${place} reads '${tag}', which does not exist`);
      used.add(tag);
    }
  }
  inputs.filter((name) => !used.has(`inputs.parameters.${name}`)).forEach((name) => inventory.report(object, `${place} takes '${name}' and does nothing with it`));
  repeated(inputs).forEach((name) => inventory.report(object, `${place} takes '${name}' twice`));
  walkVolumes(inventory, object, place, template.container, template.volumes ?? []);
  walkEnvironment(inventory, object, place, template.container.env ?? []);
  const writable: Manifest[] = (template.container.volumeMounts ?? []).filter(({ readOnly }: Manifest) => !readOnly);
  const mounted: string[] = writable.map(({ mountPath }) => mountPath);
  for (const { name, valueFrom } of template.outputs?.parameters ?? []) {
    inventory.check(object, mounted.some((path) => valueFrom.path.startsWith(`${path}/`)), `${place} leaves '${name}' in '${valueFrom.path}', where no volume is`);
  }
  for (const artifact of template.inputs?.artifacts ?? []) {
    const { git, s3 } = artifact;
    const secrets = [git?.sshPrivateKeySecret, s3?.accessKeySecret, s3?.secretKeySecret];
    secrets.filter((secret) => secret !== undefined).forEach(({ name, key }) => inventory.needSecret(object, place, name, key));
    inventory.check(object, !mounted.some((path) => path === artifact.path), `${place} has an artifact and a volume at '${artifact.path}'`);
  }
}

/** Mounts and volumes find each other, and what a volume is made of exists. */
export function walkVolumes(inventory: Inventory, object: Manifest, place: string, container: Manifest, volumes: Manifest[]): void {
  const mounts: Manifest[] = container.volumeMounts ?? [];
  const names = namesOf(volumes);
  mounts.filter(({ name }) => !names.includes(name)).forEach(({ name }) => inventory.report(object, `${place} mounts '${name}', which is no volume of it`));
  names.filter((name) => !namesOf(mounts).includes(name)).forEach((name) => inventory.report(object, `${place} has the volume '${name}' and mounts it nowhere`));
  repeated(names).forEach((name) => inventory.report(object, `${place} has the volume '${name}' twice`));
  repeated(mounts.map(({ mountPath }) => mountPath)).forEach((path) => inventory.report(object, `${place} mounts two volumes at '${path}'`));
  for (const volume of volumes) {
    if (volume.persistentVolumeClaim !== undefined) {
      inventory.needClaim(object, place, volume.persistentVolumeClaim.claimName);
    }
    for (const { key } of volume.secret?.items ?? []) {
      inventory.needSecret(object, place, volume.secret.secretName, key);
    }
    if (volume.configMap !== undefined) {
      inventory.need(object, place, 'ConfigMap', volume.configMap.name);
    }
  }
}

export function walkEnvironment(inventory: Inventory, object: Manifest, place: string, env: Manifest[]): void {
  repeated(namesOf(env)).forEach((name) => inventory.report(object, `${place} sets '${name}' twice`));
  for (const { name, valueFrom } of env) {
    if (valueFrom?.secretKeyRef !== undefined) {
      inventory.needSecret(object, `variable '${name}' of ${place}`, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
    }
  }
}

import { Manifest } from '../manifests';
import { Inventory, repeated } from './inventory';
import { tags } from './tags';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** How long a name of that kind may be, so that the longest one that a controller makes of it fits. */
const LONGEST: Readonly<Record<string, number>> = { CronWorkflow: 52, EventSource: 63 - '-eventsource-svc'.length };

/** No two objects of one name, no name too long, no secret in clear. */
export function walkNames(inventory: Inventory): void {
  repeated(inventory.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`))
    .forEach((name) => inventory.findings.push(`${name} stands there twice`));
  for (const object of inventory.objects) {
    const { name, namespace, labels = {} } = object.metadata;
    const longest = LONGEST[object.kind] ?? 63;
    inventory.check(object, NAME.test(name), 'has no Kubernetes name');
    inventory.check(object, name.length <= longest, `has a name of ${name.length} characters, at most ${longest} fit`);
    inventory.check(object, typeof namespace === 'string', 'lies in no namespace');
    inventory.check(object, object.kind !== 'Secret', 'is a Secret in clear');
    inventory.check(object, labels['app.kubernetes.io/managed-by'] === 'cdk8s-myelin', 'does not say who manages it');
    walkLabels(inventory, object, object);
  }
}

/** Every label anywhere in an object, whatever its pods and children are described by. */
function walkLabels(inventory: Inventory, object: Manifest, value: Manifest): void {
  if (value === null || typeof value !== 'object') {
    return;
  }
  for (const [key, inner] of Object.entries<Manifest>(value)) {
    if (key === 'labels' || key === 'matchLabels') {
      for (const [label, text] of Object.entries<string>(inner)) {
        inventory.check(object, text.length <= 63 && (LABEL.test(text) || tags(text).length > 0), `has the label ${label}: '${text}'`);
      }
    } else {
      walkLabels(inventory, object, inner);
    }
  }
}

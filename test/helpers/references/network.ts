import { Manifest } from '../manifests';
import { Inventory } from './inventory';
import { podsOf, selected } from './monitoring';

/** The front of a model and the graph server, which the runtime makes. */
const RUNTIME_PORTS = [5000, 8000];

/** Routes from outside, and who may call which port. */
export function walkNetwork(inventory: Inventory): void {
  inventory.ofKind('VirtualService').forEach((service) => walkRoutes(inventory, service));
  inventory.ofKind('NetworkPolicy').forEach((policy) => walkPolicy(inventory, policy));
}

function walkRoutes(inventory: Inventory, service: Manifest): void {
  const { gateways, http, hosts } = service.spec;
  inventory.check(service, hosts?.length > 0, 'has no host');
  inventory.check(service, gateways?.length > 0, 'is bound to no gateway');
  for (const gateway of gateways ?? []) {
    const [namespace, name] = gateway.split('/');
    if (!(inventory.elsewhere.namespaces ?? []).includes(namespace)) {
      inventory.need(service, 'gateways', 'Gateway', name, namespace);
    }
  }
  for (const { match, delegate } of http) {
    const base = match[0].uri.exact;
    inventory.check(service, delegate?.namespace === service.metadata.namespace, 'delegates to another namespace, where the runtime makes no routes');
    inventory.check(service, JSON.stringify(match) === JSON.stringify([{ uri: { exact: base } }, { uri: { prefix: `${base}/` } }]), `does not match '${base}' alone`);
  }
}

function walkPolicy(inventory: Inventory, policy: Manifest): void {
  const { podSelector, ingress, policyTypes } = policy.spec;
  const pods = podsOf(inventory, policy.metadata.namespace).filter(({ labels }) => selected(podSelector.matchLabels, labels));
  const real = [...RUNTIME_PORTS, ...pods.flatMap(({ ports }) => ports)];
  const opened = ingress.flatMap(({ ports = [] }: Manifest) => ports.map(({ port }: Manifest) => port));
  inventory.check(policy, JSON.stringify(policyTypes) === '["Ingress"]', 'is not about ingress alone');
  inventory.check(policy, pods.length > 0, 'selects no pod');
  opened.filter((port: string | number) => !real.includes(port)).forEach((port: string | number) => inventory.report(policy, `opens the port '${port}', which no pod has`));
  pods.flatMap(({ ports }) => ports).filter((port) => !opened.includes(port)).forEach((port) => inventory.report(policy, `closes the port '${port}' to everybody`));
  for (const { from = [] } of ingress) {
    inventory.check(policy, from.length > 0, 'lets everybody in');
  }
}

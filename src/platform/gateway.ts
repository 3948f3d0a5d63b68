import { GatewaySpec } from '../crd/istio';
import { Assembly } from '../private/assembly';
import { ResolvedPlatform } from '../private/resolved';

/** Adds the gateway that the axons' routes are bound to, unless it is one of another namespace, which exists already. */
export function contributeGateway(assembly: Assembly, { gateway, hosts }: ResolvedPlatform, selector: Readonly<Record<string, string>>): void {
  if (gateway.namespace !== undefined && gateway.namespace !== assembly.namespace) {
    return;
  }
  const spec: GatewaySpec = { selector, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }] };
  assembly.custom('networking.istio.io/v1', 'Gateway', gateway.name, 'gateway', spec);
}

import { IstioGatewaySpec } from '../crd/istio';
import { PlatformObjectsData } from '../loop/platform';
import { platformLabels } from './labels';
import { Manifest } from './manifest';

/** The gateway of the axons' routes, unless it is one of another namespace, which must exist already. */
export function gateways({ namespace, platform: { gateway, hosts }, gatewaySelector }: PlatformObjectsData): Manifest[] {
  if (gateway.namespace !== undefined && gateway.namespace !== namespace) {
    return [];
  }
  const spec: IstioGatewaySpec = { selector: gatewaySelector, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }] };
  return [{ kind: 'Gateway', id: gateway.name, name: gateway.name, namespace, labels: platformLabels('gateway'), body: { spec } }];
}

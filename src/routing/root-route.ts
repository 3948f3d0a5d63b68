import { routesName } from '../contract/constants';
import { VirtualServiceSpec } from '../crd/istio';
import { Assembly } from '../private/assembly';
import { Loop } from '../private/loop';

/**
 * The static half of an axon's routes: everything below `/<namespace>/<axon>` is left to a
 * VirtualService that the runtime owns, so that GitOps and rollouts never write the same field.
 *
 * An exact match and a prefix with a slash, because a bare prefix would also take `/ns/digits-v2`.
 */
export function contributeRootRoute(assembly: Assembly, loop: Loop): void {
  if (loop.models.length === 0) {
    return;
  }
  const { name, namespace, platform } = loop.identity;
  const path = `/${namespace}/${name}`;
  const spec: VirtualServiceSpec = {
    hosts: platform.hosts,
    gateways: [`${platform.gateway.namespace ?? namespace}/${platform.gateway.name}`],
    http: [{
      name,
      match: [{ uri: { exact: path } }, { uri: { prefix: `${path}/` } }],
      delegate: { name: routesName(name), namespace },
    }],
  };
  assembly.custom('networking.istio.io/v1', 'VirtualService', name, 'routes', spec);
}

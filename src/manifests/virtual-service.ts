import { routesName } from '../contract/constants';
import { IstioVirtualServiceSpec } from '../crd/istio';
import { Loop } from '../loop/loop';
import { axonLabels } from './labels';
import { Manifest } from './manifest';

/**
 * The static half of an axon's routes. Everything below `/<namespace>/<axon>` is delegated to a
 * VirtualService that the runtime owns, so GitOps and rollouts never write the same field.
 *
 * The match is exact, or a prefix with a slash: a prefix without one also matches `/ns/digits-v2`.
 */
export function virtualServices(loop: Loop): Manifest[] {
  if (loop.models.length === 0) {
    return [];
  }
  const { name, namespace, platform } = loop;
  const path = `/${namespace}/${name}`;
  const spec: IstioVirtualServiceSpec = {
    hosts: platform.hosts,
    gateways: [`${platform.gateway.namespace ?? namespace}/${platform.gateway.name}`],
    http: [{
      name,
      match: [{ uri: { exact: path } }, { uri: { prefix: `${path}/` } }],
      delegate: { name: routesName(name), namespace },
    }],
  };
  return [{ kind: 'VirtualService', id: name, name, namespace, labels: axonLabels(loop, 'routes'), body: { spec } }];
}

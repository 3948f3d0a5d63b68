import { axonConfigMap, releasesName, STORE_PATH } from '../../contract/constants';
import { ModelDocument, ModelServer } from '../../contract/documents';
import { canonical, sortedBy } from '../../loop/canonical';
import { Loop, serverOf } from '../../loop/loop';
import { ModelGraphData, routesOf } from '../../loop/model';
import { accountName, identifier } from '../../loop/names';
import { podOf } from '../../loop/pods-of';
import { ServerData } from '../../loop/server';
import { axonLabels } from '../labels';
import { documentPod } from '../pod';
import { userResources } from '../requests';
import { loopEnv, toDocumentEnv, toDocumentSecretEnv } from '../steps/env';
import { storeDocument } from '../steps/store';

/** Describes the versions of a model graph to the program `deploy`. */
export function modelDocument(loop: Loop, graph: ModelGraphData): ModelDocument {
  const { name, namespace, platform: { gateway, hosts: [host] }, runtimeImage } = loop;
  return {
    contract: 1,
    axon: name,
    namespace,
    model: graph.identifier,
    models: graph.models.map(({ userName, selection, backends }) => ({
      name: identifier(userName),
      selection,
      backends: backends.map((backend) => ({
        name: identifier(backend.userName),
        trainer: backend.trainer,
        server: modelServer(loop, serverOf(loop, backend.server)!),
        weight: backend.weight,
      })),
    })),
    replicas: graph.replicas,
    rollout: graph.rollout,
    routes: sortedBy(routesOf(graph), ({ path }) => path)
      .map(({ path, model, call }) => ({ path, nodes: [{ model: identifier(model), path: call, dependencies: [], includeInput: false }] })),
    ...(graph.capture && { capture: graph.capture }),
    retention: graph.retention,
    endpoint: {
      gateway: gateway.name,
      gatewayNamespace: gateway.namespace ?? namespace,
      ...(host !== '*' && { host }),
      prefix: `/${namespace}/${name}`,
    },
    serviceAccount: accountName(name, 'serve'),
    store: storeDocument(loop, STORE_PATH),
    releases: releasesName(name),
    anchor: axonConfigMap(name),
    labels: axonLabels(loop, 'serve'),
    runtimeImage,
  };
}

function modelServer(loop: Loop, server: ServerData): ModelServer {
  const { identifier: name, image, args, predictor, env, secretEnv, resources, serviceAccount } = server;
  const pod = documentPod(podOf(loop, server), { login: loop.platform.registryCredentials, existingAccount: serviceAccount !== undefined });
  return {
    name,
    image: image.reference,
    ...(image.command && { command: image.command }),
    ...(args && { args }),
    ...(predictor && { predictor }),
    env: toDocumentEnv({ ...loopEnv(loop, server), ...env }),
    secretEnv: toDocumentSecretEnv(secretEnv),
    resources: canonical(userResources(resources)),
    ...(serviceAccount && { serviceAccount }),
    ...(pod && { pod: canonical(pod) }),
  };
}

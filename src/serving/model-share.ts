import { toPlainEnv, toSecretEnv } from '../common/env';
import { axonConfigMap, deployStep, DOCUMENT_KEY, imageParameter, modelConfigMap, releasesName, STORE_PATH } from '../contract/constants';
import { ModelDocument, ModelServer } from '../contract/documents';
import { Assembly } from '../private/assembly';
import { canonical, sortedBy } from '../private/canonical';
import { Loop } from '../private/loop';
import { identifier } from '../private/names';
import { isOneDeployment } from '../private/one-deployment';
import { deployRules, REPORT_RULE } from '../private/rules';
import { output, runtimeTemplate, WAKE_ENV } from '../private/runtime-template';
import { storeDocument } from '../private/store';
import { Rollout } from '../routing/rollout';
import { DeployTask } from '../task/deploy-task';
import { loopEnv } from '../task/task-env';
import { ServedGraph } from './model-graph-props';

/** A model graph's share of the manifests: what its versions are made of, and the step that makes them. */
export function contributeModel(assembly: Assembly, loop: Loop, graph: ServedGraph): void {
  const { name } = loop.identity;
  const document = modelConfigMap(name, graph.identifier);
  assembly.document(document, 'deploy', DOCUMENT_KEY.MODEL, modelDocument(assembly, loop, graph));
  const built = graph._servers.filter((server) => server._image().build !== undefined).map((server) => imageParameter(server.identifier));
  assembly.templates.push(runtimeTemplate(loop, {
    name: deployStep(graph.identifier),
    program: 'deploy',
    args: [`--model=${graph.identifier}`],
    inputs: ['sensor', 'version', 'events', ...new Set(built)],
    env: WAKE_ENV,
    // Empty where a gate before has decided.
    outputs: [output('decision', ''), output('version', ''), output('events', '[]')],
    documents: [document],
    timeout: 3600,
  }));
  const decides = loop.sensors.some((sensor) => isOneDeployment(loop, sensor));
  assembly.account(`${name}-deploy`, 'deploy', [REPORT_RULE, ...deployRules(name, decides)]);
  assembly.account(`${name}-serve`, 'serve', []);
}

function modelDocument(assembly: Assembly, loop: Loop, graph: ServedGraph): ModelDocument {
  const { name, namespace, platform, runtimeImage } = loop.identity;
  const { models, replicas = 1, rollout = Rollout.newestOnly(), capture, retention } = graph._props;
  const host = platform.hosts[0];
  return {
    contract: 1,
    axon: name,
    namespace,
    model: graph.identifier,
    models: models.map((model) => model._toDocument((task) => serverDocument(loop, task))),
    replicas,
    rollout: rollout._toDocument(),
    routes: sortedBy(graph._routes, ({ path }) => path)
      .map(({ path, model, call }) => ({ path, nodes: [{ model: identifier(model), path: call, dependencies: [], includeInput: false }] })),
    ...(capture && { capture: capture._toDocument() }),
    retention: retention ?? rollout._generations,
    endpoint: {
      gateway: platform.gateway.name,
      gatewayNamespace: platform.gateway.namespace ?? namespace,
      ...(host !== '*' && { host }),
      prefix: `/${namespace}/${name}`,
    },
    serviceAccount: `${name}-serve`,
    store: storeDocument(loop, STORE_PATH),
    releases: releasesName(name),
    anchor: axonConfigMap(name),
    labels: assembly.labels('serve'),
    runtimeImage,
  };
}

function serverDocument(loop: Loop, task: DeployTask): ModelServer {
  const { args, env, secretEnv, resources, nodeSelector } = task._props;
  const image = task._image();
  return {
    task: task.identifier,
    image: image.reference,
    ...(image.command && { command: image.command }),
    ...(args && { args }),
    ...(task.predictor && { predictor: task.predictor }),
    env: toPlainEnv({ ...loopEnv(loop, loop.task(task.identifier)!), ...env }),
    secretEnv: toSecretEnv(secretEnv),
    ...(resources && { resources: canonical(resources) }),
    ...(nodeSelector && { nodeSelector: canonical(nodeSelector) }),
  };
}

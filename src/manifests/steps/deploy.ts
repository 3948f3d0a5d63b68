import { deployStep, DOCUMENT_KEY, imageParameter, ledgerName, modelConfigMap, releasesName, routesName } from '../../contract/constants';
import { PolicyRule } from '../../crd/kube';
import { Loop } from '../../loop/loop';
import { ModelGraphData, serversOf } from '../../loop/model';
import { accountName } from '../../loop/names';
import { buildOf, isOneDeployment } from '../../loop/references';
import { modelDocument } from '../documents/model';
import { axonLabels } from '../labels';
import { output } from './parameters';
import { programStep, WAKE_ENV } from './program';
import { Step } from './step';

/** Deploys a version of a model graph. The servers of every version run under one account, which has no permissions. */
export function deploy(loop: Loop, model: ModelGraphData): Step {
  const built = serversOf(model).filter((server) => buildOf(loop, server) !== undefined);
  const step = programStep(loop, {
    program: 'deploy',
    name: deployStep(model.identifier),
    args: [`--model=${model.identifier}`],
    inputs: ['sensor', 'version', 'events', ...built.map(imageParameter)],
    env: WAKE_ENV,
    // Empty when a gate has decided before.
    outputs: [output('decision', ''), output('version', ''), output('events', '[]')],
    documents: [{ name: modelConfigMap(loop.name, model.identifier), component: 'deploy', key: DOCUMENT_KEY.MODEL, content: modelDocument(loop, model) }],
    rules: rules(loop),
    timeoutSeconds: 3600,
  });
  return { ...step, accounts: [...step.accounts, { name: accountName(loop.name, 'serve'), labels: axonLabels(loop, 'serve'), rules: [] }] };
}

/**
 * Makes, routes to and removes the servers of any version. Names of servers hold the version, which no manifest can
 * know; their ConfigMaps never change. A deployment that decides about its run changes the ledger, too.
 */
function rules(loop: Loop): PolicyRule[] {
  const { name } = loop;
  const decides = loop.sensors.some((sensor) => isOneDeployment(loop, sensor));
  return [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'delete', 'get', 'list'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: [...(decides ? [ledgerName(name)] : []), releasesName(name)], verbs: ['update'] },
    { apiGroups: [''], resources: ['services'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'delete', 'get', 'list', 'update'] },
    // Finds out why a server does not become ready.
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['create'] },
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], resourceNames: [routesName(name)], verbs: ['get', 'update'] },
  ];
}

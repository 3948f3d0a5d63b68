import { durationMs } from 'cdk8s-myelin/lib/promql/index.js';
import type { Objects } from '../../controller.js';
import { type KubeObject, refOf, refText } from '../../objects/kube-object.js';
import { unknownFields } from '../unknown-fields.js';

/** A configuration of Alertmanager, as the operator makes one of all AlertmanagerConfigs; the file's own words. */
export interface AlertmanagerConfiguration {
  readonly route: RouteConfiguration;
  readonly receivers: readonly Receiver[];
}

export interface MatcherText {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface RouteConfiguration {
  readonly receiver?: string;
  readonly groupBy?: readonly string[];
  readonly matchers: readonly MatcherText[];
  readonly continue: boolean;
  readonly groupWaitMs?: number;
  readonly groupIntervalMs?: number;
  readonly repeatIntervalMs?: number;
  readonly routes: readonly RouteConfiguration[];
}

export interface Receiver {
  readonly name: string;
  readonly webhooks: readonly Webhook[];
}

export interface Webhook {
  readonly url: string;
  readonly sendResolved: boolean;
  /** 0 is no limit. */
  readonly maxAlerts: number;
  /** `Bearer …`, if the receiver asks for it. */
  readonly authorization?: string;
}

interface GivenRoute {
  readonly receiver?: string;
  readonly groupBy?: readonly string[];
  readonly matchers?: readonly { name: string; value?: string; matchType?: MatcherText['operator']; regex?: boolean }[];
  readonly continue?: boolean;
  readonly groupWait?: string;
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
  readonly routes?: readonly GivenRoute[];
}

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

interface GivenWebhook {
  readonly url?: string;
  readonly urlSecret?: SecretKey;
  readonly sendResolved?: boolean;
  readonly maxAlerts?: number;
  readonly httpConfig?: { readonly authorization?: { readonly type?: string; readonly credentials?: SecretKey } };
}

const ROUTE_FIELDS = ['receiver', 'groupBy', 'matchers', 'continue', 'groupWait', 'groupInterval', 'repeatInterval', 'routes'];
const WEBHOOK_FIELDS = ['url', 'urlSecret', 'sendResolved', 'maxAlerts', 'httpConfig'];
const NOBODY = 'null';

/** One configuration of all AlertmanagerConfigs, and why some are not followed. Nothing is sent that none of them asks for. */
export function alertingOf(objects: Objects): { readonly configuration: AlertmanagerConfiguration; readonly problems: string[] } {
  const problems: string[] = [];
  const routes: RouteConfiguration[] = [];
  const receivers: Receiver[] = [{ name: NOBODY, webhooks: [] }];
  const configs = objects.list('AlertmanagerConfig').sort((a, b) => (refText(refOf(a)) < refText(refOf(b)) ? -1 : 1));
  for (const config of configs) {
    try {
      const route = topRoute(config);
      const own = receiversOf(config, objects);
      checkReceivers(config, route, own);
      routes.push(route);
      receivers.push(...own);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { configuration: { route: { receiver: NOBODY, matchers: [], continue: false, routes }, receivers }, problems };
}

/** The route of one config takes only alerts of the config's namespace, and lets others see them too. */
function topRoute(config: KubeObject): RouteConfiguration {
  refuse(config, unknownFields('spec', config.spec, ['route', 'receivers']));
  if (config.spec.route === undefined) throw new Error(`'${refText(refOf(config))}' (spec.route) is missing, add one`);
  const route = routeOf(config, config.spec.route, 'spec.route');
  const namespace: MatcherText = { name: 'namespace', operator: '=', value: namespaceOf(config) };
  return { ...route, matchers: [...route.matchers, namespace], continue: true };
}

function routeOf(config: KubeObject, given: GivenRoute, path: string): RouteConfiguration {
  refuse(config, unknownFields(path, given, ROUTE_FIELDS));
  const time = (name: 'groupWait' | 'groupInterval' | 'repeatInterval') => {
    const text = given[name];
    const ms = text === undefined ? undefined : durationMs(text);
    if (text !== undefined && ms === undefined) throw new Error(`'${refText(refOf(config))}' (${path}.${name}: ${text}) is no duration, write one such as 5m`);
    return ms;
  };
  return {
    ...(given.receiver && { receiver: renamed(config, given.receiver) }),
    ...(given.groupBy && { groupBy: given.groupBy }),
    matchers: (given.matchers ?? []).map(({ name, value = '', matchType, regex }) => ({ name, operator: matchType ?? (regex === true ? '=~' : '='), value })),
    continue: given.continue ?? false,
    groupWaitMs: time('groupWait'),
    groupIntervalMs: time('groupInterval'),
    repeatIntervalMs: time('repeatInterval'),
    routes: (given.routes ?? []).map((child, i) => routeOf(config, child, `${path}.routes[${i}]`)),
  };
}

function receiversOf(config: KubeObject, objects: Objects): Receiver[] {
  const given: readonly { name: string; webhookConfigs?: readonly GivenWebhook[] }[] = config.spec.receivers ?? [];
  return given.map((receiver, i) => {
    refuse(config, unknownFields(`spec.receivers[${i}]`, receiver, ['name', 'webhookConfigs']));
    const webhooks = (receiver.webhookConfigs ?? []).map((webhook, k) => webhookOf(config, webhook, `spec.receivers[${i}].webhookConfigs[${k}]`, objects));
    return { name: renamed(config, receiver.name), webhooks };
  });
}

function webhookOf(config: KubeObject, given: GivenWebhook, path: string, objects: Objects): Webhook {
  const { authorization } = given.httpConfig ?? {};
  refuse(config, [
    ...unknownFields(path, given, WEBHOOK_FIELDS),
    ...unknownFields(`${path}.httpConfig`, given.httpConfig ?? {}, ['authorization']),
    ...unknownFields(`${path}.httpConfig.authorization`, authorization ?? {}, ['type', 'credentials']),
  ]);
  const secret = (key: SecretKey) => secretOf(objects, config, key);
  const url = given.url ?? (given.urlSecret && secret(given.urlSecret));
  if (url === undefined || !URL.canParse(url)) throw new Error(`'${refText(refOf(config))}' (${path}.url: ${url}) is no URL, write one such as http://name.namespace.svc:80/path`);
  return {
    url,
    sendResolved: given.sendResolved ?? true,
    maxAlerts: given.maxAlerts ?? 0,
    ...(authorization?.credentials && { authorization: `${authorization.type ?? 'Bearer'} ${secret(authorization.credentials)}` }),
  };
}

function secretOf(objects: Objects, config: KubeObject, { name, key }: SecretKey): string {
  const secret = objects.get({ kind: 'Secret', namespace: namespaceOf(config), name });
  const value: string | undefined = secret?.data?.[key] === undefined ? secret?.stringData?.[key] : Buffer.from(secret.data[key], 'base64').toString('utf8');
  if (value === undefined) throw new Error(`'${refText(refOf(config))}' names key '${key}' of Secret '${name}', which is not there, create it`);
  return value;
}

function checkReceivers(config: KubeObject, route: RouteConfiguration, receivers: readonly Receiver[]): void {
  if (route.receiver !== undefined && !receivers.some(({ name }) => name === route.receiver)) {
    throw new Error(`'${refText(refOf(config))}' (receiver ${route.receiver.split('/')[2]}) is routed to and not declared, declare it`);
  }
  for (const child of route.routes) checkReceivers(config, child, receivers);
}

function refuse(config: KubeObject, fields: readonly string[]): void {
  if (fields.length > 0) throw new Error(`'${refText(refOf(config))}' (${fields[0]}) is a field that the pocket cluster does not follow, remove it`);
}

function renamed(config: KubeObject, receiver: string): string {
  return `${namespaceOf(config)}/${config.metadata.name}/${receiver}`;
}

function namespaceOf(config: KubeObject): string {
  return config.metadata.namespace ?? 'default';
}

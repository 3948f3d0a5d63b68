import { alertingOf } from '../../../../src/pocket/metrics/alertmanager/configuration.js';
import type { KubeObject } from '../../../../src/pocket/objects/kube-object.js';
import { type Loop, loop } from '../loop.js';

describe('the configuration of all AlertmanagerConfigs', () => {
  let around: Loop;
  beforeEach(async () => {
    around = await loop();
  });
  afterEach(() => around.close());

  function change(of: (spec: KubeObject['spec']) => void): void {
    around.objects.update({ kind: 'AlertmanagerConfig', namespace: 'default', name: 'digits' }, (config) => {
      of(config.spec);
      return config;
    });
  }

  test('is what the operator makes of the synthesised one', () => {
    const times = { groupWaitMs: undefined, groupIntervalMs: undefined };
    expect(alertingOf(around.objects)).toEqual({
      problems: [],
      configuration: {
        route: {
          receiver: 'null',
          matchers: [],
          continue: false,
          routes: [{
            receiver: 'default/digits/nobody',
            groupBy: ['alertname', 'axon', 'model', 'namespace', 'version'],
            matchers: [{ name: 'axon', operator: '=', value: 'digits' }, { name: 'namespace', operator: '=', value: 'default' }],
            continue: true,
            groupWaitMs: 5000,
            groupIntervalMs: 60_000,
            repeatIntervalMs: 43_200_000,
            routes: [{
              ...times,
              receiver: 'default/digits/digits-decayed',
              matchers: [{ name: 'alertname', operator: '=', value: 'digits-decayed' }],
              continue: false,
              repeatIntervalMs: 3_600_000,
              routes: [],
            }],
          }],
        },
        receivers: [
          { name: 'null', webhooks: [] },
          { name: 'default/digits/nobody', webhooks: [] },
          {
            name: 'default/digits/digits-decayed',
            webhooks: [{ url: 'http://digits-eventsource-svc.default.svc:12001/alert-decayed-decayed', sendResolved: false, maxAlerts: 1 }],
          },
        ],
      },
    });
  });

  test('carries the credentials that a receiver names, once the Secret is there', () => {
    const credentials = { name: 'alert-token', key: 'token' };
    change((spec) => {
      spec.receivers[1].webhookConfigs[0].httpConfig = { authorization: { type: 'Bearer', credentials } };
    });
    expect(alertingOf(around.objects).problems).toEqual([
      "'AlertmanagerConfig default/digits' names key 'token' of Secret 'alert-token', which is not there, create it",
    ]);
    around.objects.create({
      apiVersion: 'v1', kind: 'Secret', metadata: { name: 'alert-token', namespace: 'default' }, data: { token: Buffer.from('s3cret').toString('base64') },
    });
    expect(alertingOf(around.objects).configuration.receivers[2].webhooks[0].authorization).toBe('Bearer s3cret');
  });

  test.each([
    [(spec: KubeObject['spec']) => { spec.inhibitRules = []; }, '(spec.inhibitRules) is a field that the pocket cluster does not follow'],
    [(spec: KubeObject['spec']) => { spec.receivers[0].slackConfigs = []; }, '(spec.receivers[0].slackConfigs) is a field that the pocket cluster does not follow'],
    [(spec: KubeObject['spec']) => { spec.route.routes[0].muteTimeIntervals = []; }, '(spec.route.routes[0].muteTimeIntervals) is a field'],
    [(spec: KubeObject['spec']) => { spec.route.groupWait = 'long'; }, '(spec.route.groupWait: long) is no duration'],
    [(spec: KubeObject['spec']) => { spec.route.routes[0].receiver = 'gone'; }, '(receiver gone) is routed to and not declared'],
    [(spec: KubeObject['spec']) => { spec.receivers[1].webhookConfigs[0].url = 'nowhere'; }, '(spec.receivers[1].webhookConfigs[0].url: nowhere) is no URL'],
    [(spec: KubeObject['spec']) => { delete spec.route; }, '(spec.route) is missing'],
  ])('leaves out, with a reason, one that asks for what is not followed', (of, message) => {
    change(of);
    const { configuration, problems } = alertingOf(around.objects);
    expect(configuration.route.routes).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(message)]);
  });
});

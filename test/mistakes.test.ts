import { readFileSync } from 'fs';
import { join } from 'path';
import { Cron, Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { load } from 'js-yaml';
import {
  AlertCondition, Axon, AxonProps, Condition, ContainerTask, Image, Platform, Rollout, RolloutRule, Sensor, Step, Storage, Trigger,
} from '../src';
import { digitsLoop, importedPlatform, platformChart, READY, smallLoop } from './helpers/loop';
import { documentOf, find, Manifest, messageOf, refusals, synthesise, templateOf, testChart } from './helpers/manifests';
import { danglingReferences } from './helpers/references';

/*
 * What the validators of the real engines let through, line by line of the list that the oracle keeps.
 * Either it cannot be written, and then what we write shows it, or it is refused in our words.
 */

/** A loop with every kind of trigger and every object that we make, and its platform. */
const OBJECTS = everything();

function everything(): Manifest[] {
  const chart = testChart();
  const platform = platformChart(chart.node.scope, 'default', { runPushgateway: true });
  const { axon, prepare, train } = digitsLoop({ parameters: { rows: '10' } }, chart);
  new Sensor(axon, 'called', { triggers: [Trigger.rest('data'), prepare.succeeded()], steps: [train], callParameters: ['rows'] });
  new Sensor(axon, 'nightly', { triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '0', hour: '3' }) })], conditions: [Condition.promql('up == 1')], steps: [prepare] });
  new Sensor(axon, 'failed', { triggers: [train.failed(), Trigger.alert('slow', AlertCondition.promql('{{auc}} < 0.5'))], steps: [new ContainerTask(axon, 'report', { image: READY })] });
  return synthesise(platform, chart);
}

const events = find(OBJECTS, 'EventSource').spec;
const sensor = find(OBJECTS, 'Sensor').spec;
const triggers: Manifest[] = sensor.triggers;
const workflow = find(OBJECTS, 'WorkflowTemplate').spec;
const templates: Manifest[] = workflow.templates;
const dagTasks: Manifest[] = templates.flatMap(({ dag }) => dag?.tasks ?? []);
const bus = OBJECTS.filter(({ kind }) => kind === 'EventBus')[0].spec.jetstream;
const alerts: Manifest[] = find(OBJECTS, 'PrometheusRule').spec.groups[0].rules;
const routing = find(OBJECTS, 'AlertmanagerConfig').spec;

function namesOf(kind: string): string[] {
  return OBJECTS.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

function refused(declare: (axon: Axon, task: ContainerTask) => unknown, props: AxonProps = {}): string {
  const { chart, axon, task } = smallLoop(props);
  try {
    declare(axon, task);
  } catch (error) {
    return (error as Error).message;
  }
  return refusals(chart).join('\n');
}

function seconds(duration: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration)!;
  return Number(amount) * { s: 1, m: 60, h: 3600, d: 86400 }[unit]!;
}

type Proof = [line: string, proof: () => void];

const ARGO_EVENTS: Proof[] = [
  ['conditions are the name of one dependency, without operators', () => {
    const known = sensor.dependencies.map(({ name }: Manifest) => name);
    triggers.forEach(({ template }) => expect(known).toContain(template.conditions));
  }],
  ['dependency names have no dot, no leading digit and no underscore that could stand for a dash', () => {
    sensor.dependencies.forEach(({ name }: Manifest) => expect(name).toMatch(/^[a-z][-a-z0-9]*$/));
  }],
  ['there are no expression filters, scripts or jq', () => {
    sensor.dependencies.forEach((dependency: Manifest) => expect(Object.keys(dependency.filters ?? { data: [] })).toEqual(['data']));
    expect(JSON.stringify(sensor)).not.toMatch(/"(exprs|script|transform|jq)"/);
    Object.values(events.webhook).forEach((webhook) => expect(webhook).not.toHaveProperty('filter'));
  }],
  ['a data filter is of type string, anchored, and compared by equality', () => {
    const filters: Manifest[] = sensor.dependencies.flatMap((dependency: Manifest) => dependency.filters?.data ?? []);
    expect(filters.length).toBeGreaterThan(0);
    filters.forEach(({ type, value, comparator }) => expect([type, comparator, /^\^/.test(value[0])]).toEqual(['string', '=', true]));
  }],
  ['a filter and a key read what a webhook delivers: its body, or the context', () => {
    triggers.flatMap(({ template }) => template.k8s.parameters).forEach(({ src }) => {
      expect(src.dataTemplate ?? src.contextTemplate).toMatch(/^[a-z0-9-]+\/{{ \.Input\.id }}$|\.Input\.body(\.(id|alerts)| \| toRawJson| }})/);
    });
  }],
  ['a template calls functions that sprig has, and closes its braces', () => {
    const known = ['index', 'printf', 'sha256sum', 'trunc', 'default', 'uuidv4', 'toString', 'kindIs', 'if', 'end',
      'and', 'not', 'hasKey', 'ternary', 'toRawJson', 'b64enc', 'regexMatch'];
    const used: string[] = triggers.flatMap(({ template }) => template.k8s.parameters.flatMap(({ src }: Manifest) => src.dataTemplate ?? []));
    for (const dataTemplate of used) {
      const called = dataTemplate.replace(/"[^"]*"|`[^`]*`/g, '').replace(/[$.][A-Za-z.]*/g, '').match(/[A-Za-z]\w*/g);
      expect(known).toEqual(expect.arrayContaining(called ?? []));
      expect(dataTemplate.match(/\{\{/g)).toHaveLength(dataTemplate.match(/\}\}/g)!.length);
    }
  }],
  ['a template never reads a field of another kind of event', () => {
    for (const { template } of triggers) {
      const [{ src }] = template.k8s.parameters;
      expect(src.dataTemplate.includes('.alerts')).toBe(src.dependencyName.startsWith('alert-'));
    }
  }],
  ['a parameter reads the dependency that its trigger waits for', () => {
    triggers.forEach(({ template }) => template.k8s.parameters.forEach(({ src }: Manifest) => expect(src.dependencyName).toBe(template.conditions)));
  }],
  ['a trigger has one action, the making of a Workflow', () => {
    triggers.forEach(({ template }) => {
      expect(Object.keys(template).sort()).toEqual(['conditions', 'k8s', 'name']);
      expect(template.k8s.source.resource.kind).toBe('Workflow');
    });
  }],
  ['a Workflow that an event makes is named after the event, and a second one of it changes nothing', () => {
    triggers.forEach(({ template }) => {
      expect(template.k8s.parameters[0]).toMatchObject({ dest: 'metadata.name', operation: 'append' });
      expect(template.k8s.operation).toBe('patch');
    });
  }],
  ['no rate limit divides by zero, and only alerts, which come in storms, have one', () => {
    const limits = triggers.filter(({ rateLimit }) => rateLimit !== undefined);
    expect(limits.map(({ template }) => template.name).every((name: string) => name.includes('--alert-'))).toBe(true);
    expect(limits.every(({ rateLimit }) => rateLimit.requestsPerUnit > 0)).toBe(true);
  }],
  ['names can be NATS names: of sensors, triggers, dependencies, event sources and events', () => {
    const names = [find(OBJECTS, 'Sensor').metadata.name, find(OBJECTS, 'EventSource').metadata.name, ...Object.keys(events.webhook),
      ...triggers.map(({ template }) => template.name), ...sensor.dependencies.flatMap(({ name, eventName }: Manifest) => [name, eventName])];
    names.forEach((name) => expect(name).toMatch(/^[a-z][-a-z0-9]*$/));
    expect(refused(() => new Axon(testChart(), '数字'))).toBe("'axonName' (数字) must begin with a letter: axon names become Kubernetes and NATS names, rename it");
  }],
  ['sensor and trigger names fit a label', () => {
    const { chart, axon, task } = smallLoop();
    new Sensor(axon, 'x'.repeat(46), { triggers: [Trigger.rest('y'.repeat(40))], steps: [task] });
    find(synthesise(chart), 'Sensor').spec.triggers.forEach(({ template }: Manifest) => expect(template.name.length).toBeLessThanOrEqual(63));
  }],
  ['the bus has a version that the controller ships, and a stream for as many pods as there are', () => {
    expect(bus.version).toBe('latest');
    for (const replicas of [1, 3, 5]) {
      const chart = testChart();
      new Platform(chart, 'p', { eventBusReplicas: replicas });
      expect(find(synthesise(chart), 'EventBus').spec.jetstream.streamConfig).toContain(`replicas: ${Math.min(replicas, 3)}\n`);
    }
  }],
  ['the bus keeps events on disks', () => expect(bus.persistence.volumeSize).toBe('1Gi')],
  ['an event source has an event even where nobody listens', () => expect(Object.keys(find(synthesise(smallLoop().chart), 'EventSource').spec.webhook)).toEqual(['sweep'])],
  ['an endpoint has a leading slash, and no other webhook has it', () => {
    const routes = Object.values<Manifest>(events.webhook).map(({ port, endpoint }) => `${port}${endpoint}`);
    routes.forEach((route) => expect(route).toMatch(/^\d+\/[a-z]/));
    expect(new Set(routes).size).toBe(routes.length);
  }],
  ['webhooks have a service with their ports', () => {
    const listened = Object.values<Manifest>(events.webhook).map(({ port }) => Number(port));
    expect(new Set(listened)).toEqual(new Set(events.service.ports.map(({ targetPort }: Manifest) => targetPort)));
  }],
  ['a time zone exists', () => expect(messageOf(() => Trigger.calendar('x', { schedule: Cron.daily(), timeZone: 'Europe/Berln' })))
    .toBe("'timeZone' (Europe/Berln) is no time zone of the IANA database, did you mean 'Europe/Berlin'")],
  ['bus, event source, event, namespace and account exist', () => {
    const there = [find(OBJECTS, 'EventBus').metadata.name, 'default'];
    [find(OBJECTS, 'EventSource'), find(OBJECTS, 'Sensor')].forEach(({ metadata, spec }) => {
      expect([spec.eventBusName, metadata.namespace]).toEqual(there);
      expect(namesOf('ServiceAccount')).toContain(spec.template.serviceAccountName);
    });
    const known = Object.keys(events.webhook);
    sensor.dependencies.forEach(({ eventSourceName, eventName }: Manifest) => {
      expect(eventSourceName).toBe(find(OBJECTS, 'EventSource').metadata.name);
      expect(known).toContain(eventName);
    });
  }],
  ['an event is acknowledged after its run was made', () => triggers.forEach(({ atLeastOnce }) => expect(atLeastOnce).toBe(true))],
  ['the wait between retries says its unit', () => triggers.forEach(({ retryStrategy }) => {
    expect(retryStrategy.duration).toMatch(/^\d+s$/);
    expect(retryStrategy.factor).toBeGreaterThan(1);
    expect(retryStrategy.steps).toBeGreaterThan(1);
  })],
  ['the account of the sensor may make what its triggers make', () => {
    expect(find(OBJECTS, 'Role', 'digits-sensor').rules).toEqual([{ apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['create', 'get', 'patch'] }]);
  }],
  ['a webhook asks for a token, but for the port of alerts, which only the monitoring namespace reaches', () => {
    const open = Object.values<Manifest>(events.webhook).filter(({ authSecret }) => authSecret === undefined);
    expect(new Set(open.map(({ port, endpoint }) => `${port} ${endpoint.split('-')[0]}`))).toEqual(new Set(['12001 /alert']));
    const doors = find(OBJECTS, 'NetworkPolicy').spec.ingress.filter(({ ports }: Manifest) => ports?.some(({ port }: Manifest) => port === 12001));
    expect(doors.map(({ from }: Manifest) => from)).toEqual([[{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }]]);
    expect(documentOf(OBJECTS, 'digits-axon').prometheus.url).toMatch(/^http/);
  }],
];

const ARGO_WORKFLOWS: Proof[] = [
  ['arguments are those that a template takes, and workflow parameters are declared', () => {
    const parameters = (holder: Manifest): string[] => (holder?.parameters ?? []).map(({ name }: Manifest) => name).sort();
    dagTasks.forEach((task) => expect(parameters(task.arguments)).toEqual(parameters(templateOf(OBJECTS, task.template).inputs)));
    const entries = [...triggers.map(({ template }) => template.k8s.source.resource.spec), ...OBJECTS.filter(({ kind }) => kind === 'Workflow').map(({ spec }) => spec)];
    entries.forEach((entry) => expect(parameters(workflow.arguments)).toEqual(expect.arrayContaining(parameters(entry.arguments))));
    const read = JSON.stringify(templates).matchAll(/\{\{workflow\.parameters\.([^}]+)\}\}/g);
    expect(parameters(workflow.arguments)).toEqual(expect.arrayContaining([...read].map(([, name]) => name)));
  }],
  ['a text refers to a declared parameter', () => expect(refused((axon) => new ContainerTask(axon, 'x', { image: READY, env: { A: '{{workflow.parameters.b}}' } })))
    .toBe("x: 'env' (A: {{workflow.parameters.b}}) refers to 'b', which is no parameter of the axon, declare it")],
  ['an argument of the command refers to a declared parameter', () => expect(refused((axon) => new ContainerTask(axon, 'x', { image: READY, args: ['{{inputs.parameters.b}}'] })))
    .toBe("x: 'args' ({{inputs.parameters.b}}) may only refer to a parameter of the axon, write it as '{{workflow.parameters.NAME}}'")],
  ['a text holds no expression, whatever its braces', () => expect(refused((axon) => new ContainerTask(axon, 'x', { image: READY, env: { A: '{{=toJson({"a":1})}}' } })))
    .toBe("x: 'env' (A: {{=toJson({\"a\":1})}}) may only refer to a parameter of the axon, write it as '{{workflow.parameters.NAME}}'")],
  ['dependencies are names joined by &&, each with the result that counts', () => {
    dagTasks.forEach(({ depends }) => expect(depends ?? 'a.Succeeded')
      .toMatch(/^[-a-z0-9]+\.Succeeded( && [-a-z0-9]+\.Succeeded)*$|^([-a-z0-9]+)\.Failed \|\| \2\.Errored$/));
  }],
  ['a condition compares quoted texts, and can be true', () => {
    const conditions = new Set(dagTasks.flatMap(({ when }) => when ?? []));
    expect(conditions.size).toBeGreaterThan(1);
    conditions.forEach((when) => expect(when).toMatch(/^'\{\{[^}]+\}\}' (==|!=) '[^']*'( \|\| '\{\{[^}]+\}\}' (==|!=) '[^']*')*$/));
  }],
  ['a hook calls a template that exists', () => {
    const hooks: Manifest[] = dagTasks.flatMap((task) => Object.values(task.hooks ?? {}));
    expect(hooks.length).toBeGreaterThan(0);
    hooks.forEach(({ template, expression }) => {
      expect(templateOf(OBJECTS, template)).toBeDefined();
      expect(expression).toMatch(/^tasks\["task-[-a-z0-9]+"\]\.status in \["Failed", "Error"\]$/);
    });
  }],
  ['nothing waits behind a task that has a hook, or the engine would never end the run', () => {
    const hooked = dagTasks.filter(({ hooks }) => hooks !== undefined).map(({ name }) => name);
    expect(dagTasks.filter(({ depends }) => hooked.some((name) => depends?.split(/[ .]/).includes(name)))).toEqual([]);
  }],
  ['an output of another task is read only behind that task, however long the text around it', () => {
    expect(danglingReferences(OBJECTS).filter((finding) => finding.includes('does not come before it'))).toEqual([]);
    expect(dagTasks.some(({ when }) => when?.includes('{{tasks.task-prepare.outputs'))).toBe(true);
  }],
  ['there are no expressions, and no patch but our own, which can be read', () => {
    expect(load(workflow.podSpecPatch)).toEqual({
      initContainers: [expect.objectContaining({ name: 'init' })], containers: [expect.objectContaining({ name: 'wait' })],
    });
    expect(JSON.stringify(workflow)).not.toContain('{{=');
    const patched = templates.filter((template) => 'podSpecPatch' in template);
    expect(patched.map(({ serviceAccountName }) => serviceAccountName)).toEqual(templates.filter(({ serviceAccountName }) => serviceAccountName === 'digits-task').map(() => 'digits-task'));
    patched.forEach(({ podSpecPatch }) => expect(Object.keys(load(podSpecPatch) as Manifest)).toEqual(['initContainers', 'containers', 'volumes']));
  }],
  ['retries have a limit in digits, and waits have a unit', () => {
    templates.filter(({ container }) => container).forEach(({ retryStrategy }) => {
      expect(retryStrategy.limit).toMatch(/^\d+$/);
      expect(retryStrategy.backoff).toMatchObject({ duration: expect.stringMatching(/^\d+[sm]$/), factor: expect.stringMatching(/^\d+$/), cap: expect.stringMatching(/^\d+[sm]$/) });
      // Nobody checks an expression before a step has failed.
      expect(retryStrategy.expression ?? '').toMatch(/^(|asInt\(lastRetry\.exitCode\) != 65|lastRetry\.status == "Error" \|\| \(.* && asFloat\(lastRetry\.duration\) < \d+\))$/);
    });
  }],
  ['a timeout is a number of seconds', () => templates.filter(({ container }) => container).forEach(({ activeDeadlineSeconds, timeout }) => {
    expect(Number.isInteger(activeDeadlineSeconds) && activeDeadlineSeconds > 0).toBe(true);
    expect(timeout).toBeUndefined();
  })],
  ['nothing is memoised or synchronised', () => expect(JSON.stringify(workflow)).not.toMatch(/"(memoize|synchronization|semaphore)"/)],
  ['no template calls one that calls it', () => dagTasks.forEach(({ template }) => expect(templateOf(OBJECTS, template).dag).toBeUndefined())],
  ['no template makes resources', () => templates.forEach((template) => expect(template).not.toHaveProperty('resource'))],
  ['an artifact has a repository', () => {
    const artifacts: Manifest[] = templates.flatMap(({ inputs }) => inputs?.artifacts ?? []);
    expect(artifacts.length).toBeGreaterThan(0);
    artifacts.forEach(({ git }) => expect(git.repo).toMatch(/^https:/));
    templates.forEach(({ outputs }) => expect(outputs?.artifacts).toBeUndefined());
  }],
  ['a file that is not written has a default, unless the step failed without it', () => {
    const bare = templates.flatMap(({ name, outputs }) => (outputs?.parameters ?? [])
      .filter(({ valueFrom }: Manifest) => valueFrom.default === undefined)
      .map((parameter: Manifest) => `${name.split('-')[0]} ${parameter.name}`));
    expect(new Set(bare)).toEqual(new Set(['build image', 'gate decision']));
  }],
  ['nothing loops over an output', () => expect(JSON.stringify(workflow)).not.toMatch(/"with(Param|Items|Sequence)"|\{\{item/)],
  ['a GPU is named as Kubernetes knows it', () => expect(refused((axon) => new ContainerTask(axon, 'x', { image: READY, resources: { extendedResources: { gpu: 1 } } })))
    .toBe("'resources.extendedResources' (gpu) is not the name of an extended resource, which has a domain before a slash, write it as 'nvidia.com/gpu'")],
  ['a Workflow that an event or a clock makes goes away again, one that runs once does not', () => {
    const ttl = { secondsAfterSuccess: expect.any(Number), secondsAfterFailure: expect.any(Number) };
    const lives = (spec: Manifest) => expect(spec.ttlStrategy).toEqual(ttl);
    triggers.forEach(({ template }) => lives(template.k8s.source.resource.spec));
    OBJECTS.filter(({ kind }) => kind === 'CronWorkflow').forEach(({ spec }) => lives(spec.workflowSpec));
    expect(workflow).not.toHaveProperty('ttlStrategy');
    OBJECTS.filter(({ kind }) => kind === 'Workflow').forEach(({ spec }) => expect(spec).not.toHaveProperty('ttlStrategy'));
  }],
];

const PROMETHEUS: Proof[] = [
  ['an alert carries the namespace, by which it finds its routing', () => alerts.forEach(({ labels }) => expect(labels.namespace).toBe('default'))],
  ['a route has an alert, and an alert one receiver', () => {
    expect(routing.route.routes.map(({ matchers }: Manifest) => matchers[0].value)).toEqual(alerts.map(({ alert }) => alert));
  }],
  ['a monitor selects a Service and a port of it', () => OBJECTS.filter(({ kind }) => kind === 'ServiceMonitor').forEach(({ spec }) => {
    const services = OBJECTS.filter(({ kind, metadata }) => kind === 'Service'
      && Object.entries(spec.selector.matchLabels).every(([label, value]) => metadata.labels[label] === value));
    expect(services).toHaveLength(1);
    const ports = services[0].spec.ports.map(({ name }: Manifest) => name);
    spec.endpoints.forEach(({ port }: Manifest) => expect(ports).toContain(port));
  })],
  ['a rule object has a rule', () => expect(synthesise(smallLoop().chart).map(({ kind }) => kind)).not.toContain('PrometheusRule')],
  ['our own expressions ask for metrics and labels that exist', () => {
    const declared = JSON.parse(readFileSync(join(__dirname, '..', 'contract', 'metrics.json'), 'utf8'));
    const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/(myelin_[a-z_]+)\{([^}]*)\}/g)]);
    expect(asked.length).toBeGreaterThan(0);
    asked.forEach(([, metric, selector]) => {
      const { labels } = declared.metrics.find(({ name }: Manifest) => name === metric);
      const own = [...selector.matchAll(/([a-z_]+)=/g)].map(([, label]) => label).filter((label) => label !== 'namespace');
      expect(labels).toEqual(expect.arrayContaining(own));
    });
  }],
  ['a metric that tasks push is asked for by the name it is stored by', () => expect(alerts.map(({ expr }) => expr)).toContain('auc_digits < 0.5')],
  ['an alert on accuracy needs samples, so that a vanished series is no decay', () => expect(alerts.find(({ alert }) => alert === 'digits-decayed').expr).toMatch(/ and .* >= 200$/)],
  ['absent data starts no repair', () => expect(refused((axon, task) => new Sensor(axon, 's', { triggers: [Trigger.alert('a', AlertCondition.promql('absent(up) == 1'))], steps: [task] })))
    .toBe("s: 'expression' (absent(up) == 1) asks for what is absent, and missing data is no decay that a retrain could repair, make it an alert of its own")],
  ['no two alerts have one name', () => expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)],
  ['no two sensors act on one alert', () => expect(refused((axon, task) => ['a', 'b'].forEach((name) => new Sensor(axon, name, {
    triggers: [Trigger.alert(name, AlertCondition.promql('up < 1'))], steps: [task],
  })))).toBe("b: 'alert' (up < 1) is also an alert of sensor 'a', and both would act on it, remove it from one of them")],
  ['a receiver posts to a webhook that listens', () => expect(danglingReferences(OBJECTS).filter((finding) => finding.includes('posts to'))).toEqual([])],
  ['the rule carries the labels by which a Prometheus selects it', () => {
    const { chart } = digitsLoop({ platform: importedPlatform({ monitoringLabels: { release: 'stack' } }) });
    ['PrometheusRule', 'ServiceMonitor', 'AlertmanagerConfig'].forEach((kind) => expect(find(synthesise(chart), kind).metadata.labels.release).toBe('stack'));
  }],
  ['the end of an alert is not sent, and only its beginning is an event', () => {
    const posts: Manifest[] = routing.receivers.flatMap(({ webhookConfigs = [] }: Manifest) => webhookConfigs);
    expect(posts.map(({ sendResolved }) => sendResolved)).toEqual([false, false]);
  }],
  ['an alert is repeated no sooner than its group is looked at', () => routing.route.routes.forEach(({ repeatInterval }: Manifest) => {
    expect(seconds(repeatInterval)).toBeGreaterThanOrEqual(seconds(routing.route.groupInterval));
  })],
  ['metrics are scraped where they are', () => OBJECTS.filter(({ kind }) => kind === 'ServiceMonitor')
    .forEach(({ spec }) => spec.endpoints.forEach(({ path }: Manifest) => expect(path).toBe('/metrics')))],
];

const KUBERNETES: Proof[] = [
  ['what is named exists: ConfigMap, key, claim, account, Role', () => {
    const volumes: Manifest[] = templates.flatMap((template) => template.volumes ?? []);
    const projected: Manifest[] = volumes.flatMap((volume) => volume.projected?.sources ?? []);
    const maps = [...volumes, ...projected].flatMap(({ configMap }) => configMap ?? []);
    expect(maps.length).toBeGreaterThan(0);
    maps.forEach(({ name, items = [] }) => {
      const keys = Object.keys(find(OBJECTS, 'ConfigMap', name).data);
      items.forEach(({ key }: Manifest) => expect(keys).toContain(key));
    });
    const claims = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    expect(namesOf('PersistentVolumeClaim')).toEqual([...new Set(claims)]);
    templates.forEach(({ serviceAccountName = workflow.serviceAccountName }) => expect(namesOf('ServiceAccount')).toContain(serviceAccountName));
    OBJECTS.filter(({ kind }) => kind === 'RoleBinding').forEach(({ roleRef, subjects }) => {
      expect(namesOf('Role')).toContain(roleRef.name);
      subjects.forEach(({ name }: Manifest) => expect(namesOf('ServiceAccount')).toContain(name));
    });
  }],
  ['each step reads the document that it is given', () => templates.filter(({ container }) => container?.command?.[0] === 'myelin-runtime').forEach(({ container }) => {
    expect(container.env).toContainEqual({ name: 'MYELIN_CONTRACT_PATH', value: '/etc/myelin' });
    expect(container.volumeMounts.some(({ mountPath }: Manifest) => mountPath === '/etc/myelin/axon')).toBe(true);
  })],
  ['a Role names verbs and resources that exist', () => expect(danglingReferences(OBJECTS).filter((finding) => finding.includes('permits'))).toEqual([])],
  ['an image has a name that a registry can have', () => expect(messageOf(() => Image.fromRegistry('ml/Work:1'))).toBe("'image' (ml/Work:1) must be in lower case, write 'ml/work:1'")],
  ['a probe asks a port that is there', () => OBJECTS.filter(({ kind }) => kind === 'Deployment').forEach(({ spec }) => {
    const [{ ports, readinessProbe }] = spec.template.spec.containers;
    expect(ports.map(({ name }: Manifest) => name)).toContain(readinessProbe.httpGet.port);
  })],
  ['no two workloads select the same pods', () => {
    const selectors = OBJECTS.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => JSON.stringify(spec.selector));
    expect(new Set(selectors).size).toBe(selectors.length);
  }],
  ['we make no HPA and no budget', () => expect(OBJECTS.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(HorizontalPodAutoscaler|PodDisruptionBudget)$/)]))],
  ['pods that share a claim of one node stay on one node, and tasks side by side are warned about', () => {
    const { READ_WRITE_ONCE } = PersistentVolumeAccessMode;
    const { chart, axon, task } = smallLoop({ storage: Storage.claim({ size: Size.gibibytes(1), accessMode: READ_WRITE_ONCE }) });
    new Sensor(axon, 'wide', { steps: [Step.parallel(task, new ContainerTask(axon, 'beside', { image: READY }))] });
    const mounting = find(synthesise(chart), 'WorkflowTemplate').spec.templates
      .filter(({ volumes = [] }: Manifest) => volumes.some(({ name }: Manifest) => name === 'store'));
    expect(mounting.map(({ name }: Manifest) => name)).toEqual(['gate', 'task-beside', 'task-work']);
    mounting.forEach(({ affinity, metadata }: Manifest) => {
      const [term] = affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      expect(term.labelSelector.matchLabels).toEqual(metadata.labels);
    });
    expect(axon.warnings).toEqual([
      "wide: 'steps' (wide) runs tasks in parallel, and the claim 'small-store' (ReadWriteOnce) keeps them all on one node, use ReadWriteMany to spread them",
    ]);
  }],
];

const ISTIO: Proof[] = [
  ['the gateway exists, and the rest is left to the runtime', () => expect(find(OBJECTS, 'VirtualService').spec.http[0]).not.toHaveProperty('route')],
  ['weights sum to 100', () => expect(messageOf(() => RolloutRule.split({ weights: [80, 10] }))).toBe("'weights' (80 + 10) must sum to 100, and sum to 90, change them so that they do")],
  ['a rule that no request reaches is refused', () => expect(messageOf(() => Rollout.rules([RolloutRule.split({ weights: [100] }), RolloutRule.split({ weights: [100] })])))
    .toBe("'rules' (rule 2) is never reached: rule 1 matches every request, put it before that one, or remove it")],
  ['two axons never share a path of a host', () => {
    const prefixes = ['digits', 'digits-v2'].map((name) => {
      const { chart } = digitsLoop({}, testChart(), name);
      return find(synthesise(chart), 'VirtualService').spec.http[0].match.map(({ uri }: Manifest) => uri.exact ?? uri.prefix);
    });
    expect(prefixes).toEqual([['/default/digits', '/default/digits/'], ['/default/digits-v2', '/default/digits-v2/']]);
  }],
  ['we make no rule that is about sidecars, policies or tokens', () => expect(OBJECTS.map(({ kind }) => kind))
    .not.toEqual(expect.arrayContaining([expect.stringMatching(/^(DestinationRule|AuthorizationPolicy|PeerAuthentication|RequestAuthentication)$/)]))],
  ['no timeout and no retries stand in a route', () => expect(JSON.stringify(find(OBJECTS, 'VirtualService').spec)).not.toMatch(/timeout|retries/)],
];

describe.each<[string, Proof[]]>([
  ['Argo Events', ARGO_EVENTS], ['Argo Workflows', ARGO_WORKFLOWS], ['Prometheus', PROMETHEUS], ['Kubernetes', KUBERNETES], ['Istio', ISTIO],
])('of what %s lets through', (_engine, proofs) => {
  test.each(proofs)('%s', (_line, proof) => {
    expect.hasAssertions();
    proof();
  });
});

test('in a loop with every kind of trigger every reference resolves and every pod satisfies Pod Security restricted', () => {
  expect(danglingReferences(OBJECTS)).toEqual([]);
});

import { ContainerTask, PlatformAttributes, Sensor } from '../src';
import { digitsLoop, importedPlatform, platformChart, READY, smallLoop } from './helpers/loop';
import { find, Manifest, synthesise, templateOf, testChart } from './helpers/manifests';
import { danglingReferences } from './helpers/references';
import { secretValue } from './helpers/secret-value';

function digitsAndPlatform(attributes: PlatformAttributes = {}): Manifest[] {
  const chart = testChart();
  const shared = platformChart(chart.node.scope);
  const { axon, prepare } = digitsLoop({ platform: importedPlatform(attributes) }, chart);
  new Sensor(axon, 'prepared', { triggers: [prepare.succeeded()], steps: [new ContainerTask(axon, 'report', { image: READY })] });
  return synthesise(shared, chart);
}

test('every reference of the digits loop and its platform resolves', () => {
  expect(danglingReferences(digitsAndPlatform())).toEqual([]);
});

test('every reference of an axon with one task resolves', () => {
  const chart = testChart();
  const platform = platformChart(chart.node.scope);
  smallLoop({}, chart);

  expect(danglingReferences(synthesise(platform, chart))).toEqual([]);
});

test('every reference of an axon with logins and tokens of its own resolves', () => {
  const platform = { registryCredentials: secretValue('login', '.dockerconfigjson'), alertToken: secretValue('alerts', 'token') };

  expect(danglingReferences(digitsAndPlatform(platform), { secrets: ['login/.dockerconfigjson', 'alerts/token'] })).toEqual([]);
});

/** Breaks something of the digits loop; what comes out is what the walker must say about it. */
type Break = (objects: Manifest[]) => void;

const dagTask = (objects: Manifest[], graph: string, name: string) => templateOf(objects, graph).dag.tasks
  .find((task: Manifest) => task.name === name);
const webhooks = (objects: Manifest[]) => find(objects, 'EventSource').spec.webhook;
const document = (name: string, change: (document: Manifest) => void): Break => (objects) => {
  const { data } = find(objects, 'ConfigMap', name);
  const [key] = Object.keys(data);
  const value = JSON.parse(data[key]);
  change(value);
  data[key] = JSON.stringify(value);
};

test.each<[string, Break, RegExp]>([
  ['an object exists twice', (o) => o.push(find(o, 'Gateway')), /Gateway default\/myelin stands there twice/],
  ['a CronWorkflow has 53 characters', (o) => { find(o, 'CronWorkflow').metadata.name = 'x'.repeat(53); }, /a name of 53 characters, at most 52 fit/],
  ['a label has 64 characters', (o) => { find(o, 'Gateway').metadata.labels.x = 'x'.repeat(64); }, /has the label x: 'x+'/],
  ['a Secret is among the objects', (o) => o.push({ kind: 'Secret', metadata: { name: 'x', namespace: 'default' } }), /is a Secret in clear/],
  ['a template is entered that does not exist', (o) => { find(o, 'Workflow').spec.entrypoint = 'x'; }, /entrypoint 'x' is no template of 'digits'/],
  ['a WorkflowTemplate is entered that does not exist', (o) => { find(o, 'Workflow').spec.workflowTemplateRef.name = 'x'; }, /workflowTemplateRef names WorkflowTemplate 'default\/x'/],
  ['an argument is undeclared', (o) => { find(o, 'Workflow').spec.arguments.parameters[0].name = 'x'; }, /argument 'x' is no parameter of 'digits'/],
  ['a task calls nothing', (o) => { dagTask(o, 'sensor-start', 'task-train').template = 'x'; }, /calls 'x', which is no template/],
  ['a task gives too much', (o) => dagTask(o, 'sensor-start', 'gate').arguments.parameters.push({ name: 'x', value: '' }), /gives 'x', which 'gate' does not take/],
  ['a task gives too little', (o) => dagTask(o, 'sensor-start', 'task-train').arguments.parameters.splice(1, 1), /does not give 'folder-prepare', which 'task-train' wants/],
  ['a dependency is no task', (o) => { dagTask(o, 'sensor-start', 'task-train').depends = 'x.Succeeded'; }, /has the dependencies 'x.Succeeded', which name no task/],
  ['dependencies do not parse', (o) => { dagTask(o, 'sensor-start', 'task-train').depends = 'gate build-train'; }, /which name no task or do not parse/],
  ['dependencies form a circle', (o) => { dagTask(o, 'sensor-start', 'gate').depends = 'task-train.Succeeded'; }, /has a circle: gate -> task-train/],
  ['a condition reads a task that comes later', (o) => { dagTask(o, 'sensor-start', 'build-train').when = "'{{tasks.task-prepare.outputs.parameters.metrics}}' == '{}'"; },
    /reads 'task-prepare', which does not come before it/],
  ['an argument reads an output that is not there', (o) => { dagTask(o, 'sensor-start', 'emit-prepare').arguments.parameters[2].value = '{{tasks.task-prepare.outputs.parameters.x}}'; },
    /reads 'x' of 'task-prepare', which it does not have/],
  ['a condition does not parse', (o) => { dagTask(o, 'sensor-start', 'build-train').when = "'a' = 'b'"; }, /has the condition ''a' = 'b'', which does not parse/],
  ['a container reads an input that it has not', (o) => { templateOf(o, 'task-prepare').inputs.parameters.pop(); }, /reads 'inputs.parameters.folder-train', which does not exist/],
  ['an input is not used', (o) => { templateOf(o, 'gate').container.args.pop(); }, /takes 'sensor' and does nothing with it/],
  ['a container reads a parameter that does not exist', (o) => { templateOf(o, 'gate').container.env[0].value = '{{workflow.parameters.x}}'; }, /reads 'workflow.parameters.x'/],
  ['a tag does not close', (o) => { templateOf(o, 'gate').container.env[0].value = '{{workflow.name'; }, /has an unclosed tag/],
  ['a volume does not exist', (o) => { templateOf(o, 'gate').volumes.pop(); }, /mounts 'store', which is no volume of it/],
  ['a volume is not mounted', (o) => { templateOf(o, 'gate').container.volumeMounts.pop(); }, /has the volume 'store' and mounts it nowhere/],
  ['a claim does not exist', (o) => { find(o, 'PersistentVolumeClaim').metadata.name = 'x'; }, /names PersistentVolumeClaim 'default\/digits-store'/],
  ['a ConfigMap does not exist', (o) => { o.splice(o.indexOf(find(o, 'ConfigMap', 'digits-study-train')), 1); }, /names ConfigMap 'default\/digits-study-train'/],
  ['an output lies where no volume is', (o) => { templateOf(o, 'gate').outputs.parameters[0].valueFrom.path = '/tmp/x'; }, /leaves 'decision' in '\/tmp\/x', where no volume is/],
  ['a Secret does not exist', (o) => { templateOf(o, 'emit').container.env.find(({ valueFrom }: Manifest) => valueFrom).valueFrom.secretKeyRef.key = 'x'; }, /names key 'x' of Secret 'myelin-webhook-token'/],
  ['an account does not exist', (o) => { o.splice(o.indexOf(find(o, 'ServiceAccount', 'digits-gate')), 1); }, /template 'gate' names ServiceAccount 'default\/digits-gate'/],
  ['a bus does not exist', (o) => { find(o, 'EventBus').metadata.name = 'x'; }, /eventBusName names EventBus 'default\/default'/],
  ['an event source does not exist', (o) => { find(o, 'Sensor').spec.dependencies[0].eventSourceName = 'x'; }, /names EventSource 'default\/x'/],
  ['an event does not exist', (o) => { find(o, 'Sensor').spec.dependencies[0].eventName = 'x'; }, /waits for 'x', which is no event of 'digits'/],
  ['a condition is no dependency', (o) => { find(o, 'Sensor').spec.triggers[0].template.conditions = 'x'; }, /waits for 'x', which is no dependency/],
  ['a trigger reads what it does not wait for', (o) => { find(o, 'Sensor').spec.triggers[0].template.k8s.parameters[1].src.dependencyName = 'sweep'; }, /reads 'sweep', for which it does not wait/],
  ['a trigger fills an argument that is not there', (o) => { find(o, 'Sensor').spec.triggers[0].template.k8s.parameters[1].dest = 'spec.arguments.parameters.9.value'; }, /which is not there/],
  ['a trigger makes a fixed name', (o) => { find(o, 'Sensor').spec.triggers[0].template.k8s.parameters.shift(); }, /makes a fixed name/],
  ['a trigger enters nothing', (o) => { find(o, 'Sensor').spec.triggers[0].template.k8s.source.resource.spec.entrypoint = 'x'; }, /entrypoint 'x' is no template/],
  ['two webhooks share a route', (o) => { webhooks(o).sweep.endpoint = '/task-train-succeeded'; }, /route '12000\/task-train-succeeded' stands there twice/],
  ['a webhook has no port of the service', (o) => { webhooks(o).sweep.port = '1'; }, /listens on 1, to which no service port leads/],
  ['a receiver posts where nothing listens', (o) => { webhooks(o)['alert-decayed-decayed'].endpoint = '/x'; }, /posts to '.*', where nothing listens/],
  ['a receiver presents no token', (o) => { webhooks(o)['alert-decayed-decayed'].authSecret = webhooks(o).sweep.authSecret; }, /presents another token than its webhook asks for/],
  ['a route matches no alert', (o) => { find(o, 'PrometheusRule').spec.groups[0].rules[0].alert = 'x'; }, /route to 'digits-decayed' matches no alert/],
  ['an alert carries no namespace', (o) => { delete find(o, 'PrometheusRule').spec.groups[0].rules[0].labels.namespace; }, /does not carry the namespace, so it reaches nobody/],
  ['an alert asks for a metric that nobody exposes', (o) => { find(o, 'PrometheusRule').spec.groups[0].rules[0].expr = 'myelin_x < 1'; }, /asks for 'myelin_x', which nobody exposes/],
  ['a monitor selects no Service', (o) => { find(o, 'Service').metadata.labels['myelin.io/component'] = 'x'; }, /selects 0 Services/],
  ['a monitor scrapes a port that is not there', (o) => { find(o, 'ServiceMonitor').spec.endpoints[0].port = 'x'; }, /scrapes the port 'x'/],
  ['a Service selects no pod', (o) => { find(o, 'Service').spec.selector = { x: 'y' }; }, /selects no pod/],
  ['a gateway does not exist', (o) => { find(o, 'Gateway').metadata.name = 'x'; }, /gateways names Gateway 'default\/myelin'/],
  ['routes are left to another namespace', (o) => { find(o, 'VirtualService').spec.http[0].delegate.namespace = 'x'; }, /delegates to another namespace/],
  ['a policy opens a port that nobody has', (o) => { find(o, 'NetworkPolicy').spec.ingress[1].ports[0].port = 1; }, /opens the port '1', which no pod has/],
  ['a policy closes a port to everybody', (o) => { find(o, 'NetworkPolicy').spec.ingress.forEach((rule: Manifest) => { rule.ports = []; }); }, /closes the port '12000' to everybody/],
  ['a policy lets everybody in', (o) => { delete find(o, 'NetworkPolicy').spec.ingress[0].from; }, /lets everybody in/],
  ['a Role is bound to nobody', (o) => { find(o, 'RoleBinding', 'digits-gate').roleRef.name = 'x'; }, /is bound to nobody/],
  ['a resource is misspelt', (o) => { find(o, 'Role', 'digits-gate').rules[0].resources = ['workflowtaskresult']; }, /permits 'argoproj.io\/workflowtaskresult', which does not exist/],
  ['a verb is misspelt', (o) => { find(o, 'Role', 'digits-gate').rules[0].verbs = ['post']; }, /permits 'post', which is no verb/],
  ['creation is limited to a name', (o) => { find(o, 'Role', 'digits-gate').rules[0].resourceNames = ['x']; }, /permits 'create' by name, which never applies/],
  ['a step may not report its outputs', (o) => { find(o, 'Role', 'digits-emit').rules.shift(); }, /account 'digits-emit' may not report the outputs/],
  ['a sensor may not make its workflows', (o) => { find(o, 'Role', 'digits-sensor').rules[0].verbs = ['get']; }, /may not make the workflows of its triggers/],
  ['a run is not restricted', (o) => { delete find(o, 'WorkflowTemplate').spec.securityContext; }, /a run is not restricted/],
  ['a container is not restricted', (o) => { delete templateOf(o, 'gate').container.securityContext; }, /template 'gate' is not restricted/],
  ['an event source would get a sidecar', (o) => { delete find(o, 'EventSource').spec.template.metadata.labels['sidecar.istio.io/inject']; }, /the pod would get a sidecar/],
  ['a container of the bus is not restricted', (o) => { delete find(o, 'EventBus').spec.jetstream.reloaderContainerTemplate; }, /reloaderContainerTemplate is not restricted/],
  ['a document breaks its schema', document('digits-axon', (axon) => { axon.extra = 1; }), /axon.json:  must NOT have additional properties/],
  ['a sensor runs what does not exist', document('digits-axon', (axon) => { axon.sensors[1].runs = [['x']]; }), /runs 'x', which is neither task nor model/],
  ['a sensor waits for an event that does not come in', (o) => { delete webhooks(o)['task-train-succeeded']; }, /waits for the event 'task-train-succeeded', which does not come in/],
  ['nobody tells that a task has ended', (o) => { dagTask(o, 'sensor-start', 'emit-prepare').arguments.parameters[0].value = 'x'; }, /'sensor-start' does not tell that 'prepare' has succeeded/],
  ['a search has no token', (o) => { templateOf(o, 'task-train').container.env.pop(); }, /'task-train' has no token to tell its end with/],
  ['a search may not write the ledger', (o) => { find(o, 'Role', 'digits-tune').rules.forEach((rule: Manifest) => { delete rule.resourceNames; }); }, /'tune' may not write 'digits-ledger'/],
  ['a run-once sensor runs something else', (o) => { find(o, 'Workflow').spec.arguments.parameters[0].value = '{"contract":1,"kind":"once","sensor":"x","fingerprint":"0000000000"}'; },
    /sensor 'start' has no Workflow that runs it once/],
  ['a step may not read the ledger', document('digits-axon', (axon) => { axon.ledger = 'x'; }), /'gate' may not read 'x'/],
  ['a study is of no training', document('digits-study-train', (study) => { study.task = 'prepare'; }), /tunes 'prepare', which is no training/],
  ['a model is served by a task', document('digits-model-model', (model) => { model.models[0].backends[0].server.name = 'train'; }), /is served by 'train', which is a task/],
  ['the weights of a rule do not sum to 100', document('digits-model-model', (model) => { model.rollout[0].destinations[0].weight = 1; }), /the weights of a rule do not sum to 100/],
  ['a route leads to no model', document('digits-model-model', (model) => { model.routes[0].nodes[0].model = 'x'; }), /leads to 'x', which is no model/],
])('the walker finds when %s', (_, breakIt, finding) => {
  const objects = digitsAndPlatform();
  breakIt(objects);

  expect(danglingReferences(objects).join('\n')).toMatch(finding);
});

// The walker finds objects by what they hold. These are the names that the runtime, Argo Events or a user goes by.
test('the names that others go by', () => {
  const objects = digitsAndPlatform();
  const endpoints = Object.values<Manifest>(webhooks(objects)).map(({ endpoint }) => endpoint);
  const steps = (graph: string) => templateOf(objects, graph).dag.tasks.map(({ name }: Manifest) => name);

  expect(endpoints.sort()).toEqual(['/alert-decayed-decayed', '/sweep', '/task-prepare-succeeded', '/task-train-succeeded']);
  expect(steps('sensor-start')).toEqual(['gate', 'build-prepare', 'build-train', 'task-prepare', 'emit-prepare', 'task-train']);
  expect(steps('sensor-trained')).toEqual(['gate', 'build-serve', 'deploy-model']);
  expect(find(objects, 'VirtualService').spec.http[0]).toEqual({
    name: 'digits', match: [{ uri: { exact: '/default/digits' } }, { uri: { prefix: '/default/digits/' } }], delegate: { name: 'digits-routes', namespace: 'default' },
  });
  expect(objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['digits-axon', 'digits-model-model', 'digits-study-train']);
  expect(objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.name)).toEqual([
    'myelin-bootstrap', 'digits-deploy', 'digits-emit', 'digits-gate', 'digits-sensor', 'digits-sweep', 'digits-task', 'digits-tune',
  ]);
});

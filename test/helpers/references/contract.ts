import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Ajv2020, ValidateFunction } from 'ajv/dist/2020';
import { Manifest } from '../manifests';
import { documents, Inventory, namesOf } from './inventory';
import { documentFor, graphOf, objectOf, rulesOf, templateOfProgram, templateOfStep, templatesOf } from './lookup';
import { knownTag, tags, unclosed } from './tags';

const CONTRACT = join(__dirname, '..', '..', '..', 'contract');

let schemas: Ajv2020 | undefined;

/** The validator of a contract document, as the runtime has it. */
export function validator(name: string): ValidateFunction {
  if (schemas === undefined) {
    schemas = new Ajv2020({ allErrors: true, verbose: true, discriminator: true, strict: true, strictTypes: false, strictRequired: false });
    readdirSync(CONTRACT).filter((file) => file.endsWith('.schema.json')).forEach((file) => schemas!.addSchema(JSON.parse(readFileSync(join(CONTRACT, file), 'utf8'))));
  }
  return schemas.getSchema(`https://myelin.example.org/contract/${name}.schema.json`)!;
}

/** The contract documents: valid, and at one with each other and with the objects. */
export function walkContract(inventory: Inventory): void {
  for (const name of ['axon', 'study', 'model']) {
    for (const { object, document } of documents(inventory, `${name}.json`)) {
      const validate = validator(name);
      if (!validate(document)) {
        validate.errors!.forEach(({ instancePath, message }) => inventory.report(object, `${name}.json: ${instancePath} ${message}`));
      }
    }
  }
  for (const { object, document } of documents(inventory, 'axon.json')) {
    walkAxon(inventory, object, document);
  }
  for (const { object, document } of documents(inventory, 'study.json')) {
    walkStudy(inventory, object, document);
  }
  for (const { object, document } of documents(inventory, 'model.json')) {
    walkModel(inventory, object, document);
  }
}

/** The axon's own document, for the others of the same axon. */
function axonOf(inventory: Inventory, object: Manifest, axon: string): Manifest {
  return documentFor(inventory, object, 'axon.json', axon) ?? { tasks: [], models: [], sensors: [] };
}

function walkAxon(inventory: Inventory, object: Manifest, axon: Manifest): void {
  const check = (holds: boolean, sentence: string) => inventory.check(object, holds, sentence);
  const tasks = new Map<string, Manifest>(axon.tasks.map((task: Manifest) => [task.name, task]));
  const models = namesOf(axon.models);
  const template = objectOf(inventory, 'WorkflowTemplate', axon.axon, axon.namespace);
  const templates: Manifest[] = template?.spec.templates ?? [];
  check(template !== undefined, 'has no WorkflowTemplate');
  check([...tasks.keys()].every((name) => !models.includes(name)), 'a task and a model have one name');
  for (const [prop, values] of Object.entries({ tasks: [...tasks.keys()], models, sensors: namesOf(axon.sensors) })) {
    check(JSON.stringify(values) === JSON.stringify([...values].sort()), `'${prop}' are not sorted`);
  }
  for (const model of axon.models) {
    model.trainers.forEach((name: string) => check(tasks.get(name)?.kind === 'training', `model '${model.name}' is trained by '${name}', which is no training`));
    documentFor(inventory, object, 'model.json', axon.axon, (document) => document.model === model.name);
  }
  for (const sensor of axon.sensors) {
    const place = `sensor '${sensor.name}'`;
    const graph = graphOf(templates, sensor.name);
    check(graph !== undefined, `${place} has no template`);
    const run: string[] = (graph?.dag.tasks ?? []).map((task: Manifest) => task.template);
    for (const step of sensor.runs.flat() as string[]) {
      check(tasks.has(step) || models.includes(step), `${place} runs '${step}', which is neither task nor model`);
      check(run.includes(templateOfStep(templates, step)?.name), `${place} runs '${step}', which is no step of its template`);
    }
    walkEventsOf(inventory, object, axon, sensor);
    sensor.triggers.forEach((trigger: Manifest) => walkAxonTrigger(inventory, object, axon, sensor, trigger));
    for (const condition of sensor.conditions) {
      check(condition.task === undefined || tasks.has(condition.task), `${place} asks about task '${condition.task}', which does not exist`);
      check(condition.kind !== 'betterThanLive' || models.includes(condition.model), `${place} compares with model '${condition.model}', which does not exist`);
    }
    check(sensor.guard?.model === undefined || models.includes(sensor.guard.model), `${place} guards model '${sensor.guard?.model}', which does not exist`);
    const declared = namesOf(template?.spec.arguments.parameters);
    sensor.parameters.forEach((name: string) => check(declared.includes(name), `${place} takes the parameter '${name}', which does not exist`));
    if (sensor.once !== undefined) {
      const wakes = wakesOf(inventory, 'Workflow', axon.namespace);
      check(wakes.some(({ event }) => event.kind === 'once' && event.sensor === sensor.name && event.fingerprint === sensor.once.fingerprint),
        `${place} has no Workflow that runs it once`);
    }
  }
  walkAddresses(inventory, object, axon);
}

/** As many events start a sensor as it has triggers that a clock does not fire. */
function walkEventsOf(inventory: Inventory, object: Manifest, axon: Manifest, sensor: Manifest): void {
  const entry = graphOf(templatesOf(inventory, axon.axon, axon.namespace), sensor.name)?.name;
  const triggers: Manifest[] = objectOf(inventory, 'Sensor', axon.axon, axon.namespace)?.spec.triggers ?? [];
  const known = objectOf(inventory, 'EventSource', axon.axon, axon.namespace)?.spec.webhook ?? {};
  const events = triggers.filter(({ template }) => template.k8s.source.resource.spec.entrypoint === entry).map(({ template }) => template.conditions);
  const waited = sensor.triggers.filter(({ kind }: Manifest) => kind !== 'calendar').length;
  inventory.check(object, events.length === waited, `sensor '${sensor.name}' waits for ${waited} events, and ${events.length} start it`);
  events.filter((event) => known[event] === undefined)
    .forEach((event) => inventory.report(object, `sensor '${sensor.name}' waits for the event '${event}', which does not come in`));
}

function walkAxonTrigger(inventory: Inventory, object: Manifest, axon: Manifest, sensor: Manifest, trigger: Manifest): void {
  const check = (holds: boolean, sentence: string) => inventory.check(object, holds, `sensor '${sensor.name}' ${sentence}`);
  switch (trigger.kind) {
    case 'task': {
      const task = axon.tasks.find(({ name }: Manifest) => name === trigger.task);
      check(task?.emits.includes(trigger.phase), `waits until '${trigger.task}' has ${trigger.phase}, which nobody tells`);
      walkTellers(inventory, object, axon, trigger);
      break;
    }
    case 'alert':
      check((objectOf(inventory, 'PrometheusRule', axon.axon, axon.namespace)?.spec.groups ?? []).some(({ rules }: Manifest) => rules.some((rule: Manifest) => rule.alert === trigger.alert)),
        `waits for the alert '${trigger.alert}', which no rule makes`);
      check(trigger.model === undefined || namesOf(axon.models).includes(trigger.model), `watches the model '${trigger.model}', which does not exist`);
      break;
    case 'calendar': {
      const cron = wakesOf(inventory, 'CronWorkflow', axon.namespace).find(({ event }) => event.sensor === sensor.name && event.trigger === trigger.name)?.object;
      check(cron?.spec.schedules[0] === trigger.schedule && cron?.spec.timezone === trigger.timezone, `waits for the time '${trigger.schedule}', which no CronWorkflow has`);
    }
  }
}

/** The runs that no delivered event starts, each with the event in its arguments, where the tag of a clock is filled in. */
function wakesOf(inventory: Inventory, kind: 'Workflow' | 'CronWorkflow', namespace: string): { object: Manifest; event: Manifest }[] {
  return inventory.ofKind(kind).filter(({ metadata }) => metadata.namespace === namespace).flatMap((object) => {
    const { arguments: given } = object.spec.workflowSpec ?? object.spec;
    const text: string | undefined = given?.parameters?.find(({ name }: Manifest) => name === 'event')?.value;
    const event = text === undefined ? undefined : JSON.parse(text.replace('{{workflow.scheduledTime}}', '2024-02-29T03:00:00Z'));
    const validate = validator('wake');
    if (event !== undefined && !validate(event)) {
      validate.errors!.forEach(({ instancePath, message }) => inventory.report(object, `event: ${instancePath} ${message}`));
    }
    return event === undefined ? [] : [{ object, event }];
  });
}

/** Each run of a task whose end somebody waits for tells it. */
function walkTellers(inventory: Inventory, object: Manifest, axon: Manifest, trigger: Manifest): void {
  const templates = templatesOf(inventory, axon.axon, axon.namespace);
  const step = templateOfStep(templates, trigger.task)?.name;
  const emit = templateOfProgram(templates, 'emit')?.name;
  const graphs = templates.filter(({ dag }) => dag?.tasks.some((task: Manifest) => task.template === step));
  inventory.check(object, graphs.length > 0, `nothing runs '${trigger.task}', for which a sensor waits`);
  for (const { name, dag } of graphs) {
    const run = dag.tasks.find((task: Manifest) => task.template === step);
    const { container } = templates.find((template) => template.name === run.template)!;
    if (trigger.phase === 'succeeded' && container.args?.[0] === 'tune') {
      walkTuner(inventory, object, axon, container, run);
      continue;
    }
    const ends = trigger.phase === 'failed' ? `${run.name}.Failed || ${run.name}.Errored` : `${run.name}.Succeeded`;
    const steps = dag.tasks.filter((task: Manifest) => task.template === emit && task.depends === ends);
    const calls: Manifest[] = [...steps, ...(trigger.phase === 'failed' ? Object.values(run.hooks ?? {}) as Manifest[] : [])];
    const told = calls.some((call) => ['task', 'phase'].every((key) => call.arguments.parameters.find((parameter: Manifest) => parameter.name === key).value === trigger[key]));
    inventory.check(object, told, `'${name}' does not tell that '${trigger.task}' has ${trigger.phase}`);
  }
}

/** A search tells its end itself: it has the token, is told of the data, and may write the ledger. */
function walkTuner(inventory: Inventory, object: Manifest, axon: Manifest, container: Manifest, run: Manifest): void {
  const templates = templatesOf(inventory, axon.axon, axon.namespace);
  const rules = rulesOf(inventory, templates.find(({ name }) => name === run.template)?.serviceAccountName, axon.namespace);
  inventory.check(object, namesOf(container.env).includes('MYELIN_WEBHOOK_TOKEN'), `'${run.name}' has no token to tell its end with`);
  inventory.check(object, namesOf(run.arguments?.parameters).includes('data-hash'), `'${run.name}' is not told what the data is`);
  inventory.check(object, rules.some(({ resourceNames, verbs }) => resourceNames?.includes(axon.ledger) && verbs.includes('update')), `'tune' may not write '${axon.ledger}'`);
}

function walkAddresses(inventory: Inventory, object: Manifest, axon: Manifest): void {
  const { hostname, port } = new URL(axon.webhook.url);
  const source = objectOf(inventory, 'EventSource', axon.axon, axon.namespace);
  // Argo Events names the Service of an EventSource.
  inventory.check(object, hostname === `${source?.metadata.name}-eventsource-svc.${axon.namespace}.svc`, `the webhook '${axon.webhook.url}' is another axon's`);
  inventory.check(object, source?.spec.service.ports.some((candidate: Manifest) => String(candidate.port) === port), `the webhook's port ${port} is none of the service`);
  for (const [component, names] of Object.entries({ gate: [axon.ledger, axon.releases], sweep: [axon.ledger] })) {
    const account = templateOfProgram(templatesOf(inventory, axon.axon, axon.namespace), component)?.serviceAccountName;
    const permitted: string[] = rulesOf(inventory, account, axon.namespace).flatMap((rule) => rule.resourceNames ?? []);
    names.forEach((name) => inventory.check(object, permitted.includes(name), `'${component}' may not read '${name}'`));
  }
}

function walkStudy(inventory: Inventory, object: Manifest, study: Manifest): void {
  const axon = axonOf(inventory, object, study.axon);
  const task = axon.tasks.find(({ name }: Manifest) => name === study.task);
  const template = templateOfProgram(templatesOf(inventory, study.axon, study.namespace), 'tune', `--task=${study.task}`);
  const parameters = namesOf(objectOf(inventory, 'WorkflowTemplate', study.axon, study.namespace)?.spec.arguments.parameters);
  inventory.check(object, task?.kind === 'training', `tunes '${study.task}', which is no training`);
  inventory.check(object, template !== undefined, `is read by no step of '${study.task}'`);
  inventory.needAccount(object, 'a trial', study.trial.serviceAccount);
  inventory.check(object, study.trial.labels['sidecar.istio.io/inject'] === 'false', 'a trial would get a sidecar');
  walkTold(inventory, object, study.trial, parameters, namesOf(template?.inputs?.parameters));
  walkStore(inventory, object, study.trial.store);
}

function walkModel(inventory: Inventory, object: Manifest, model: Manifest): void {
  const axon = axonOf(inventory, object, model.axon);
  const check = (holds: boolean, sentence: string) => inventory.check(object, holds, sentence);
  const kindOf = (task: string) => axon.tasks.find(({ name }: Manifest) => name === task)?.kind;
  const workflow = objectOf(inventory, 'WorkflowTemplate', model.axon, model.namespace);
  const templates: Manifest[] = workflow?.spec.templates ?? [];
  const deploy = templateOfProgram(templates, 'deploy', `--model=${model.model}`);
  check(namesOf(axon.models).includes(model.model), `is no model of axon '${model.axon}'`);
  check(deploy !== undefined, 'is deployed by no step');
  for (const { name, backends } of model.models) {
    for (const { trainer, server, weight } of backends) {
      check(kindOf(trainer) === 'training', `'${name}' is trained by '${trainer}', which is no training`);
      check(kindOf(server.name) === undefined, `'${name}' is served by '${server.name}', which is a task`);
      check(weight >= 0, `'${name}' has the weight ${weight}`);
      const built = templates.some(({ container }) => container?.env?.some(({ name: key, value }: Manifest) => key === 'BUILD_TARGET' && value === server.image));
      check(built === (deploy?.container.args ?? []).some((arg: string) => arg.startsWith(`--image-${server.name}=`)), `the built image of '${server.name}' and the deployment do not meet`);
      walkTold(inventory, object, server, namesOf(workflow?.spec.arguments.parameters), []);
      inventory.needAccount(object, `server '${server.name}'`, server.serviceAccount ?? model.serviceAccount);
    }
    check(backends.reduce((sum: number, { weight }: Manifest) => sum + weight, 0) === 100, `the weights of '${name}' do not sum to 100`);
  }
  for (const { destinations } of model.rollout) {
    check(destinations.reduce((sum: number, { weight }: Manifest) => sum + weight, 0) === 100, 'the weights of a rule do not sum to 100');
  }
  for (const { path, nodes } of model.routes) {
    nodes.forEach((node: Manifest) => check(namesOf(model.models).includes(node.model), `the route '${path}' leads to '${node.model}', which is no model`));
  }
  if (!(inventory.elsewhere.namespaces ?? []).includes(model.endpoint.gatewayNamespace)) {
    inventory.need(object, 'endpoint', 'Gateway', model.endpoint.gateway, model.endpoint.gatewayNamespace);
  }
  const routed = objectOf(inventory, 'VirtualService', model.axon, model.namespace)?.spec.http.flatMap(({ match }: Manifest) => match).map(({ uri }: Manifest) => uri.exact);
  check(routed?.includes(model.endpoint.prefix), `the prefix '${model.endpoint.prefix}' is not the route's`);
  inventory.need(object, 'anchor', 'ConfigMap', model.anchor);
  inventory.needAccount(object, 'a server', model.serviceAccount);
  check(model.releases === axon.releases, 'the releases are another history than that of the axon');
  walkStore(inventory, object, model.store);
}

/** What the runtime fills in, from the parameters of its run. */
function walkTold(inventory: Inventory, object: Manifest, { env, args = [], secretEnv }: Manifest, parameters: string[], inputs: string[]): void {
  for (const text of [...env.map(({ value }: Manifest) => value), ...args]) {
    inventory.check(object, !unclosed(text), `has an unclosed tag in '${text}'`);
    tags(text).filter((tag) => !knownTag(tag, parameters, inputs)).forEach((tag) => inventory.report(object, `reads '${tag}', which does not exist`));
  }
  secretEnv.forEach(({ name, secret, key }: Manifest) => inventory.needSecret(object, `variable '${name}'`, secret, key));
}

function walkStore(inventory: Inventory, object: Manifest, store: Manifest): void {
  if (store.kind === 'claim') {
    inventory.needClaim(object, 'store', store.claim);
  }
}

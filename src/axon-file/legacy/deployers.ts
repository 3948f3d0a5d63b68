import { entryOf, itemsOf, ListNode, MapNode, member, Node, ScalarNode, Span, spanOf, textOf } from '../yaml/node';
import { Cursor } from './cursor';

/** Rewrites the older shapes of a deployer; `tasks` are those of the axon, whose deploy bodies may hold settings of the deployer. */
export function moderniseDeployer(deployer: Cursor, tasks: Cursor[]): void {
  const models = deployer.into('models').items();
  models.forEach(moderniseModel);
  for (const rule of deployer.into('rolloutSpec').items()) {
    moderniseRule(rule);
  }
  const own = deployer.has('deploymentType');
  inheritDeployment(deployer, tasks);
  moderniseCanary(deployer, own);
  for (const node of deployer.into('routes').items().flatMap((route) => route.into('dag').items())) {
    moderniseGraphNode(node, models);
  }
}

/** `trainer` and `deployer` right in the model: one backend with the model's name or, if the model has none, the model server's. */
function moderniseModel(model: Cursor): void {
  for (const rule of model.into('routingStrategy').items()) {
    moderniseRule(rule);
  }
  if (model.map === undefined || model.has('backendModels') || !(model.has('trainer') || model.has('deployer'))) {
    return;
  }
  const taken = ['trainer', 'deployer'].flatMap((key) => model.take(key) ?? []);
  const [first] = taken;
  const name = member(model.map, 'name') ?? taken.find(({ key }) => key === 'deployer')?.value;
  if (name !== undefined && !model.has('name')) {
    model.take('name');
    model.put('name', name, first.keySpan);
  }
  const named = name ? [{ key: 'name', keySpan: first.keySpan, value: name }] : [];
  const backend: MapNode = { kind: 'map', entries: [...named, ...taken], ...spanOf(first.keySpan) };
  model.put('backendModels', list([backend], first.keySpan), first.keySpan);
  model.older(first, "write it below 'backendModels', as '- {name: …, trainer: …, deployer: …}'");
}

/** Names of a rule that are used beside the documented ones are as good; destinations that slipped in too deep are moved up. */
function moderniseRule(rule: Cursor): void {
  rule.rename('matches', 'match', true);
  rule.rename('shadows', 'shadow', true);
  const match = rule.into('match');
  if (match.has('destinations') && !rule.has('destinations')) {
    const entry = match.take('destinations')!;
    rule.put('destinations', entry.value, entry.keySpan);
    rule.older(entry, "indent it less: it belongs beside 'match'");
    if (match.map?.entries.length === 0) {
      rule.take('match');
    }
  }
  const generations = [...rule.into('destinations').items(), rule.into('shadow')];
  generations.forEach((destination) => destination.rename('destination', 'destinationIndex'));
}

/** Copies `replicas` and `deploymentType` of a deploy body to the deployers that use it and do not set them. */
function inheritDeployment(deployer: Cursor, tasks: Cursor[]): void {
  const servers = itemsOf(deployer.into('models').node).flatMap((model) => itemsOf(member(model, 'backendModels')).map((backend) => textOf(member(backend, 'deployer'))));
  for (const task of tasks.filter((one) => servers.includes(one.text('name')))) {
    for (const key of ['replicas', 'deploymentType']) {
      const entry = entryOf(task.into('deploy').node, key);
      if (entry !== undefined && !deployer.has(key)) {
        deployer.put(key, entry.value, entry.keySpan);
      }
    }
  }
}

/** A canary without a rollout: the version before keeps half of the traffic. */
function moderniseCanary(deployer: Cursor, own: boolean): void {
  const entry = entryOf(deployer.node, 'deploymentType');
  if (entry === undefined || deployer.text('deploymentType') !== 'canary') {
    return;
  }
  deployer.take('deploymentType');
  const half = (index: number) => map({ destinationIndex: scalar(index, entry.keySpan), weight: scalar(50, entry.keySpan) }, entry.keySpan);
  if (!deployer.has('rolloutSpec')) {
    deployer.take('rolloutSpec');
    const rule = map({ destinations: list([half(0), half(1)], entry.keySpan) }, entry.keySpan);
    deployer.put('rolloutSpec', list([rule], entry.keySpan), entry.keySpan);
  }
  if (own) {
    deployer.older(entry, "write a 'rolloutSpec': without one the newest two versions get half of the traffic each");
  }
}

/** A node once named a task: the model that is served by it is meant. */
function moderniseGraphNode(node: Cursor, models: Cursor[]): void {
  for (const key of ['task', 'name']) {
    if (!node.has(key) || node.has('model')) {
      continue;
    }
    const entry = node.take(key)!;
    const named = textOf(entry.value);
    const model = models.find((one) => one.text('name') === named || servedBy(one).includes(named));
    const name = member(model?.node, 'name');
    node.put('model', name?.kind === 'scalar' && entry.value.kind === 'scalar' ? { ...entry.value, text: name.text } : entry.value, entry.keySpan);
    node.older(entry, `write 'model'${name?.kind === 'scalar' ? `, with '${name.text}'` : ''}`);
  }
}

function servedBy(model: Cursor): (string | undefined)[] {
  return model.into('backendModels').items().map((backend) => backend.text('deployer'));
}

function scalar(value: number, span: Span): ScalarNode {
  return { kind: 'scalar', text: String(value), value, plain: true, ...spanOf(span) };
}

function list(items: Node[], span: Span): ListNode {
  return { kind: 'list', items, ...spanOf(span) };
}

function map(values: Record<string, Node>, span: Span): MapNode {
  return { kind: 'map', entries: Object.entries(values).map(([key, value]) => ({ key, keySpan: spanOf(span), value })), ...spanOf(span) };
}

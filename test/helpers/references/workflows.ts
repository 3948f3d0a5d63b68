import { Manifest } from '../manifests';
import { walkContainer } from './containers';
import { Inventory, namesOf, repeated } from './inventory';
import { knownTag, tags, unclosed } from './tags';

/** Everything that a WorkflowTemplate and those who enter it refer to. */
export function walkWorkflows(inventory: Inventory): void {
  inventory.ofKind('WorkflowTemplate').forEach((object) => new TemplateWalk(inventory, object).walk());
  for (const workflow of inventory.ofKind('Workflow')) {
    walkEntry(inventory, workflow, workflow.spec);
  }
  for (const cron of inventory.ofKind('CronWorkflow')) {
    walkEntry(inventory, cron, cron.spec.workflowSpec);
    inventory.check(cron, cron.spec.schedules?.length > 0, 'has no schedule');
  }
}

/** A workflow that enters a WorkflowTemplate: the entry exists, takes no inputs, and the arguments are declared. */
export function walkEntry(inventory: Inventory, by: Manifest, spec: Manifest): void {
  const target = inventory.need(by, 'workflowTemplateRef', 'WorkflowTemplate', spec.workflowTemplateRef?.name);
  if (target === undefined) {
    return;
  }
  const entry = target.spec.templates.find((template: Manifest) => template.name === spec.entrypoint);
  inventory.check(by, entry !== undefined, `entrypoint '${spec.entrypoint}' is no template of '${target.metadata.name}'`);
  inventory.check(by, (entry?.inputs?.parameters ?? []).length === 0, `entrypoint '${spec.entrypoint}' wants inputs`);
  const declared = namesOf(target.spec.arguments?.parameters);
  const given = namesOf(spec.arguments?.parameters);
  given.filter((name) => !declared.includes(name))
    .forEach((name) => inventory.report(by, `argument '${name}' is no parameter of '${target.metadata.name}'`));
  repeated(given).forEach((name) => inventory.report(by, `argument '${name}' stands there twice`));
}

class TemplateWalk {
  private readonly templates: Map<string, Manifest>;
  private readonly parameters: string[];

  constructor(private readonly inventory: Inventory, private readonly object: Manifest) {
    this.templates = new Map(object.spec.templates.map((template: Manifest) => [template.name, template]));
    this.parameters = namesOf(object.spec.arguments?.parameters);
  }

  public walk(): void {
    const { spec } = this.object;
    this.check(this.templates.has(spec.entrypoint), `entrypoint '${spec.entrypoint}' is no template`);
    this.inventory.needAccount(this.object, 'the workflow', spec.serviceAccountName);
    repeated(namesOf(spec.templates)).forEach((name) => this.report(`template '${name}' stands there twice`));
    repeated(this.parameters).forEach((name) => this.report(`parameter '${name}' stands there twice`));
    for (const parameter of spec.arguments?.parameters ?? []) {
      this.check(typeof parameter.value === 'string' && !parameter.value.includes('{{'), `parameter '${parameter.name}' has no plain value`);
    }
    for (const template of spec.templates) {
      this.check(Number(template.container !== undefined) + Number(template.dag !== undefined) === 1, `template '${template.name}' is not one of container and dag`);
      if (template.dag !== undefined) {
        this.walkDag(template);
      } else {
        this.inventory.needAccount(this.object, `template '${template.name}'`, template.serviceAccountName);
        walkContainer(this.inventory, this.object, template, this.parameters);
      }
    }
  }

  private walkDag(template: Manifest): void {
    const tasks = new Map<string, Manifest>(template.dag.tasks.map((task: Manifest) => [task.name, task]));
    const ancestors = this.ancestors(template.name, tasks);
    repeated(namesOf(template.dag.tasks)).forEach((name) => this.report(`task '${name}' stands twice in '${template.name}'`));
    for (const task of tasks.values()) {
      const place = `task '${task.name}' of '${template.name}'`;
      this.walkCall(place, task);
      const before = ancestors.get(task.name)!;
      this.walkTags(place, [task.when ?? '', ...argumentsOf(task)], (name) => before.has(name), tasks, template);
      this.walkWhen(place, task.when);
      for (const hook of Object.values(task.hooks ?? {}) as Manifest[]) {
        this.walkCall(`hook of ${place}`, hook);
        this.walkTags(`hook of ${place}`, argumentsOf(hook), (name) => before.has(name) || name === task.name, tasks, template);
        for (const [, name] of (hook.expression ?? '').matchAll(/tasks\["([^"]*)"\]/g)) {
          this.check(tasks.has(name), `hook of ${place} asks for '${name}', which is no task of it`);
        }
      }
    }
  }

  /** The called template exists, gets all it wants and nothing else. */
  private walkCall(place: string, call: Manifest): void {
    const called = this.templates.get(call.template);
    if (called === undefined) {
      return this.report(`${place} calls '${call.template}', which is no template`);
    }
    const wanted: Manifest[] = called.inputs?.parameters ?? [];
    const given = namesOf(call.arguments?.parameters);
    given.filter((name) => !namesOf(wanted).includes(name)).forEach((name) => this.report(`${place} gives '${name}', which '${call.template}' does not take`));
    wanted.filter(({ name, value }) => value === undefined && !given.includes(name))
      .forEach(({ name }) => this.report(`${place} does not give '${name}', which '${call.template}' wants`));
    repeated(given).forEach((name) => this.report(`${place} gives '${name}' twice`));
  }

  private walkTags(place: string, texts: string[], isBefore: (task: string) => boolean, tasks: Map<string, Manifest>, template: Manifest): void {
    for (const text of texts) {
      this.check(!unclosed(text), `${place} has an unclosed tag in '${text}'`);
      for (const tag of tags(text)) {
        const [, task, output] = /^tasks\.([^.]+)\.outputs\.parameters\.([^.]+)$/.exec(tag) ?? [];
        if (task !== undefined) {
          const outputs = namesOf(this.templates.get(tasks.get(task)?.template)?.outputs?.parameters);
          this.check(isBefore(task), `${place} reads '${task}', which does not come before it`);
          this.check(outputs.includes(output), `${place} reads '${output}' of '${task}', which it does not have`);
        } else {
          this.check(this.isKnown(tag, template), `${place} reads '${tag}', which does not exist`);
        }
      }
    }
  }

  private isKnown(tag: string, template: Manifest): boolean {
    return knownTag(tag, this.parameters, namesOf(template.inputs?.parameters));
  }

  /** `when` is an expression over quoted texts: what is not quoted must be an operator. */
  private walkWhen(place: string, when: string | undefined): void {
    const rest = (when ?? '').replace(/'[^']*'/g, 'x').replace(/\s+/g, ' ').trim();
    this.check(rest === '' || /^x (==|!=) x( (\|\||&&) x (==|!=) x)*$/.test(rest), `${place} has the condition '${when}', which does not parse`);
  }

  private ancestors(name: string, tasks: Map<string, Manifest>): Map<string, Set<string>> {
    const known = new Map<string, Set<string>>();
    const visit = (task: Manifest, way: string[]): Set<string> => {
      if (way.includes(task.name)) {
        this.report(`'${name}' has a circle: ${[...way, task.name].join(' -> ')}`);
        return new Set();
      }
      if (!known.has(task.name)) {
        const before = dependsOf(task.depends).flatMap((other) => {
          if (other === undefined || !tasks.has(other)) {
            this.report(`task '${task.name}' of '${name}' has the dependencies '${task.depends}', which name no task or do not parse`);
            return [];
          }
          return [other, ...visit(tasks.get(other)!, [...way, task.name])];
        });
        known.set(task.name, new Set(before));
      }
      return known.get(task.name)!;
    };
    tasks.forEach((task) => visit(task, []));
    return known;
  }

  private check(holds: boolean, sentence: string): void {
    this.inventory.check(this.object, holds, sentence);
  }

  private report(sentence: string): void {
    this.inventory.report(this.object, sentence);
  }
}

function argumentsOf(call: Manifest): string[] {
  return (call.arguments?.parameters ?? []).map((parameter: Manifest) => parameter.value);
}

function dependsOf(depends: string | undefined): (string | undefined)[] {
  return depends === undefined ? [] : depends.split(/ && | \|\| /).map((term) => /^([a-z0-9-]+)\.(?:Succeeded|Failed|Errored)$/.exec(term)?.[1]);
}

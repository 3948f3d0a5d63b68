import type { Arguments, Parameter, Workflow, WorkflowSpec } from './types.js';

/** What a Workflow runs: its template with what the Workflow itself says over it; lists of parameters are merged by name. */
export function effectiveSpec(workflow: WorkflowSpec, template: WorkflowSpec | undefined): WorkflowSpec {
  if (template === undefined) return workflow;
  return { ...merged(template, workflow), arguments: mergedArguments(template.arguments, workflow.arguments) };
}

function merged<T extends object>(base: T, over: T): T {
  const result = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isMap(below) && isMap(value) ? merged(below, value) : value;
  }
  return result as T;
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergedArguments(base: Arguments = {}, over: Arguments = {}): Arguments {
  const own = over.parameters ?? [];
  const below = base.parameters ?? [];
  const left = below.filter(({ name }) => own.every((parameter) => parameter.name !== name));
  const place = ({ name }: Parameter) => below.findIndex((parameter) => parameter.name === name);
  // The order is that of Kubernetes' strategic merge: what only the template gives keeps its place before what it gives later.
  const parameters: Parameter[] = [];
  for (const parameter of own) {
    while (left.length > 0 && place(left[0]!) < place(parameter)) parameters.push(left.shift()!);
    parameters.push(parameter);
  }
  return { parameters: [...parameters, ...left] };
}

/** What `{{workflow.…}}` stands for in all of a Workflow. Fails if a parameter has no value. */
export function workflowScope(workflow: Workflow, spec: WorkflowSpec): Map<string, string | null> {
  const { metadata } = workflow;
  const created = new Date(metadata.creationTimestamp ?? 0);
  const parameters = (spec.arguments?.parameters ?? []).map((parameter) => withText(parameter));
  const scope = new Map<string, string | null>([
    ['workflow.name', metadata.name],
    ['workflow.namespace', metadata.namespace ?? 'default'],
    ['workflow.uid', metadata.uid ?? ''],
    ['workflow.mainEntrypoint', spec.entrypoint ?? ''],
    ['workflow.serviceAccountName', spec.serviceAccountName ?? ''],
    ['workflow.creationTimestamp', seconds(created)],
    ['workflow.creationTimestamp.RFC3339', seconds(created)],
    ['workflow.creationTimestamp.s', String(Math.floor(created.getTime() / 1000))],
    ['workflow.labels', JSON.stringify(metadata.labels ?? {})],
    ['workflow.labels.json', JSON.stringify(metadata.labels ?? {})],
    ['workflow.annotations', JSON.stringify(metadata.annotations ?? {})],
    ['workflow.annotations.json', JSON.stringify(metadata.annotations ?? {})],
    ['workflow.parameters', JSON.stringify(parameters)],
    ['workflow.parameters.json', JSON.stringify(parameters)],
  ]);
  for (const { name, value } of parameters) {
    if (value === undefined) throw new Error(`either value or valueFrom must be specified in order to set global parameter ${name}`);
    scope.set(`workflow.parameters.${name}`, value);
  }
  for (const [key, value] of Object.entries(metadata.labels ?? {})) scope.set(`workflow.labels.${key}`, value);
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) scope.set(`workflow.annotations.${key}`, value);
  const scheduled = metadata.annotations?.[SCHEDULED_TIME];
  if (scheduled !== undefined) scope.set('workflow.scheduledTime', scheduled);
  return scope;
}

/** The annotation of a Workflow that a CronWorkflow made: the time it was due. */
export const SCHEDULED_TIME = 'workflows.argoproj.io/scheduled-time';

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function withText({ name, value, default: fallback }: Parameter): { name: string; value?: string } {
  const given = value ?? fallback;
  return given === undefined ? { name } : { name, value: String(given) };
}

/** The insides of all `{{tags}}` of a text. */
export function tags(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, tag]) => tag.trim());
}

/** Whether a tag begins that never ends, which makes Argo Workflows refuse the whole workflow. */
export function unclosed(text: string): boolean {
  return text.replace(/\{\{.*?\}\}/gs, '').includes('{{');
}

/** Every text anywhere inside a value. */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}

/** Whether Argo Workflows would replace a tag that does not read a task. */
export function knownTag(tag: string, parameters: string[], inputs: string[]): boolean {
  const [, kind, name] = /^(workflow|inputs)\.parameters\.(.+)$/.exec(tag) ?? [];
  if (kind === 'workflow') {
    return parameters.includes(name);
  }
  return kind === 'inputs' ? inputs.includes(name) : ['workflow.name', 'workflow.uid', 'workflow.parameters'].includes(tag);
}

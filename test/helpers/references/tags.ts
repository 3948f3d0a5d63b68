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

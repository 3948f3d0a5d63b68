/**
 * The Workflow parameter `event` holds a body in base64: Argo Workflows would expand what looks like one of its templates in it.
 * Only `wake` documents, which synthesis writes, stand as they are, and begin with a brace.
 */
export function encodedBody(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The body that the parameter holds. */
export function bodyOf(parameter: string): string {
  return /^\s*[{[]/.test(parameter) ? parameter : Buffer.from(parameter, 'base64').toString();
}

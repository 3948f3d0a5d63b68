import type { ObjectError } from '../objects/object-error.js';

/** The Status object that tells an error over HTTP. */
export function statusOf({ reason, code, message }: ObjectError): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason !== 'Unknown' && { reason }), code };
}

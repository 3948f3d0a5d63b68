import type { CaptureRecord } from '../../contract/documents.js';

/** A capture record whose messages may be any JSON: a client's truth may be a bare number. */
export type CapturedLine = Omit<CaptureRecord, 'request' | 'answer' | 'truth'> & {
  readonly request?: unknown;
  readonly answer?: unknown;
  readonly truth?: unknown;
};

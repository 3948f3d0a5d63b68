export type * from './contract/documents.js';
export * from './contract/constants.js';
export * from './contract/names.js';
export { checkDocument, readDocument, type DocumentName } from './contract/read.js';
export type { Digest } from './ledger/digest.js';
export { eventId, type EventIdentity } from './ledger/event-id.js';
export { versionOf } from './ledger/version.js';
export { ERRORS, MyelinError, RETIRED_CODES, type ErrorCode, type ErrorValues } from './shared/errors.js';
export { sha256 } from './shared/sha256.js';

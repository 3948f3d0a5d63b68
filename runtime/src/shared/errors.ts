import { CONTRACT_ERRORS } from './error-table/contract.js';
import { KUBE_ERRORS } from './error-table/kube.js';
import { PROGRAM_ERRORS } from './error-table/program.js';
import { RELEASE_ERRORS } from './error-table/release.js';
import { SENSING_ERRORS } from './error-table/sensing.js';
import { SERVING_ERRORS } from './error-table/serving.js';
import { TUNING_ERRORS } from './error-table/tuning.js';

/** How a code is told. */
export interface ErrorTemplate {
  /** The sentence, with {places} to fill in. */
  readonly message: string;
  /** HTTP status, where the error can answer a request. */
  readonly status?: number;
  /** Whether trying again is of no use: a step that fails so is not retried. */
  readonly permanent?: boolean;
}

/**
 * Every error of the runtime by code, a file of `error-table/` for each room.
 * A code that is given up moves to RETIRED_CODES and is not used again, because people search for codes.
 */
export const ERRORS = {
  ...CONTRACT_ERRORS, ...KUBE_ERRORS, ...PROGRAM_ERRORS, ...RELEASE_ERRORS, ...SENSING_ERRORS, ...SERVING_ERRORS, ...TUNING_ERRORS,
} as const satisfies Record<string, ErrorTemplate>;

/** Codes of former releases. */
export const RETIRED_CODES: readonly string[] = [
  'MYELIN_RELEASE_PARAMETERS_UNREADABLE', 'MYELIN_RELEASE_PARAMETER_UNKNOWN', 'MYELIN_TUNING_ALGORITHM_UNKNOWN', 'MYELIN_TUNING_PARAMETERS_INVALID',
  'MYELIN_TUNING_PLACEHOLDER_UNKNOWN',
];

export type ErrorCode = keyof typeof ERRORS;

type Places<Message extends string> = Message extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;

/** What the message of a code needs: one text or number for each of its places. */
export type ErrorValues<Code extends ErrorCode> = Readonly<Record<Places<(typeof ERRORS)[Code]['message']>, string | number>>;

/** An error of the runtime. Its message is for logs; `status` is what a caller over HTTP gets. */
export class MyelinError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  /** HTTP status; 500 for errors that are not the caller's. */
  readonly status: number;
  /** Whether trying again is of no use. */
  readonly permanent: boolean;

  constructor(code: Code, values: ErrorValues<Code>, options?: { readonly cause: unknown }) {
    const template: ErrorTemplate = ERRORS[code];
    super(filled(template.message, values), options);
    this.name = 'MyelinError';
    this.code = code;
    this.status = template.status ?? 500;
    this.permanent = template.permanent ?? false;
  }
}

/** Whether an error has that code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof MyelinError && error.code === code;
}

/** A value as messages show it: JSON, at most 60 characters, `absent` for undefined. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function filled(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, place: string) => String(values[place]));
}

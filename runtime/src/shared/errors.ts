/**
 * Every error of the runtime by code: the message, with {places} to fill in, and the HTTP status where the error can answer a request.
 * A code that is given up moves to RETIRED_CODES and is not used again, because people search for codes.
 */
export const ERRORS = {
  MYELIN_DOCUMENT_NOT_JSON: { message: "'{place}' ({got}) must be JSON, {remedy}", status: 400 },
  MYELIN_DOCUMENT_OTHER_CONTRACT: {
    message: "'{place}' ({got}) must be of contract {contract}, use the construct library and the runtime image of the same release",
    status: 400,
  },
  MYELIN_DOCUMENT_INVALID: { message: "'{place}' is no valid {document} document: {problems}; {remedy}", status: 400 },
  MYELIN_EVENT_PART_ILL_FORMED: { message: "'{part}' ({got}) must be text that UTF-8 can hold, replace the half surrogate pair" },
  MYELIN_VERSION_EVENT_UNUSABLE: {
    message: "'events[{index}]' ({got}) must be a non-empty id without a line feed or half a surrogate pair, pass the id as the ledger holds it",
  },
  MYELIN_VERSION_WITHOUT_EVENTS: { message: "'events' ([]) must name at least one event, record the event that triggered the run first" },
} as const satisfies Record<string, ErrorTemplate>;

/** Codes of former releases. */
export const RETIRED_CODES: readonly string[] = [];

interface ErrorTemplate {
  readonly message: string;
  readonly status?: number;
}

export type ErrorCode = keyof typeof ERRORS;

type Places<Message extends string> = Message extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;

/** What the message of a code needs: one text or number for each of its places. */
export type ErrorValues<Code extends ErrorCode> = Readonly<Record<Places<(typeof ERRORS)[Code]['message']>, string | number>>;

/** An error of the runtime. Its message is for logs; `status` is what a caller over HTTP gets. */
export class MyelinError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  /** HTTP status; 500 for errors that are not the caller's. */
  readonly status: number;

  constructor(code: Code, values: ErrorValues<Code>, options?: { readonly cause: unknown }) {
    const template: ErrorTemplate = ERRORS[code];
    super(filled(template.message, values), options);
    this.name = 'MyelinError';
    this.code = code;
    this.status = template.status ?? 500;
  }
}

/** A value as messages show it: JSON, at most 60 characters, `absent` for undefined. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function filled(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (_, place: string) => String(values[place]));
}

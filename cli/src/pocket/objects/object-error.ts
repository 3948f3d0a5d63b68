/** Reasons as the API's Status objects name them, with their HTTP codes. */
export const OBJECT_ERRORS = {
  AlreadyExists: 409,
  BadRequest: 400,
  Conflict: 409,
  Expired: 410,
  Forbidden: 403,
  InsufficientStorage: 507,
  InternalError: 500,
  Invalid: 422,
  MethodNotAllowed: 405,
  NotFound: 404,
  RequestEntityTooLarge: 413,
  Unauthorized: 401,
  /** Of some refusals the API tells no reason. */
  Unknown: 500,
  UnsupportedMediaType: 415,
} as const;

export type ObjectErrorReason = keyof typeof OBJECT_ERRORS;

/** The API refuses a call; `reason` is what programs decide by. */
export class ObjectError extends Error {
  constructor(readonly reason: ObjectErrorReason, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'ObjectError';
  }

  /** HTTP status. */
  get code(): number {
    return OBJECT_ERRORS[this.reason];
  }
}

/** Errors of serving. */
export const SERVING_ERRORS = {
} as const;

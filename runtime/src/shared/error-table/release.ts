/** Errors of release. */
export const RELEASE_ERRORS = {
} as const;

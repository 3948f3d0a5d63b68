/** Errors of sensing. */
export const SENSING_ERRORS = {
} as const;

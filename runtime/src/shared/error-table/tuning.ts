/** Errors of tuning. */
export const TUNING_ERRORS = {
} as const;

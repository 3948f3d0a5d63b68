/** Errors of tuning. */
export const TUNING_ERRORS = {
  MYELIN_TUNING_INTERRUPTED: {
    message: "'{run}' was asked to stop before its search was over, start the step again: the trials go on meanwhile, and so will it",
  },
  MYELIN_TUNING_JOB_FOREIGN: {
    message: "'{job}' (of run {got}) must be the Job of trial {trial} of run {run}, remove it",
  },
  MYELIN_TUNING_TASK_OTHER: {
    message: "'--task' ({got}) must be the task of the study document ({task}), synthesise and apply the axon again", permanent: true,
  },
  MYELIN_TUNING_WITHOUT_SUCCESS: {
    message: "'{run}' ({failed} of {failed} trials failed) must have a trial that succeeds, mend what the first one says and run it anew: {error}",
    permanent: true,
  },
} as const;

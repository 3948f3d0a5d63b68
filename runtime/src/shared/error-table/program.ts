/** Errors of the programs' command line and surroundings. */
export const PROGRAM_ERRORS = {
  MYELIN_PARAMETERS_INVALID: {
    message: "'MYELIN_PARAMETERS' ({got}) must be a JSON list of objects with name and value, start the program as the synthesised manifests do",
    permanent: true,
  },
  MYELIN_PLACEHOLDER_UNKNOWN: {
    message: "'{place}' ({placeholder}) must name a parameter that the run or step has (known: {known}), declare it on the axon and synthesise again",
    permanent: true,
  },
  MYELIN_PROGRAM_ARGUMENT_MISSING: { message: "'--{argument}' (absent) must be given, call the program as contract/README.md says", permanent: true },
  MYELIN_PROGRAM_ARGUMENT_UNKNOWN: { message: "'{argument}' is no argument of {program}, write --name=value as contract/README.md says", permanent: true },
  MYELIN_PROGRAM_UNKNOWN: { message: "'{program}' is no program of the runtime, call one of {programs}", permanent: true },
  MYELIN_PROGRAM_VARIABLE_MISSING: { message: "'{variable}' (absent) must be set, start the program as the synthesised manifests do", permanent: true },
} as const;

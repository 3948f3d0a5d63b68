/** Errors of the programs' command line and surroundings. */
export const PROGRAM_ERRORS = {
  MYELIN_PROGRAM_ARGUMENT_MISSING: { message: "'--{argument}' (absent) must be given, call the program as contract/README.md says", permanent: true },
  MYELIN_PROGRAM_ARGUMENT_UNKNOWN: { message: "'{argument}' is no argument of {program}, write --name=value as contract/README.md says", permanent: true },
  MYELIN_PROGRAM_UNKNOWN: { message: "'{program}' is no program of the runtime, call one of {programs}", permanent: true },
  MYELIN_PROGRAM_VARIABLE_MISSING: { message: "'{variable}' (absent) must be set, start the program as the synthesised manifests do", permanent: true },
} as const;

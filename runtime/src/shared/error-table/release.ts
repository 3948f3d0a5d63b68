/** Errors of release. */
export const RELEASE_ERRORS = {
  MYELIN_RELEASE_ANCHOR_MISSING: { message: "'ConfigMap {anchor}' (absent) must be there to own what deploy makes, apply the axon's manifests" },
  MYELIN_RELEASE_EVENTS_UNREADABLE: { message: "'--events' ({got}) must be a JSON list of event ids, pass the gate's output", permanent: true },
  MYELIN_RELEASE_FORGOTTEN: { message: "'{version}' of the model {model} is in the release history no more, deploy it again" },
  MYELIN_RELEASE_GRAPH_NEEDED: {
    message: "'{model}' needs the program graph, which this release does not have: {what}; let each route lead to one model, and choose backends by weight",
    permanent: true,
  },
  MYELIN_RELEASE_INTERRUPTED: { message: "'{version}' of the model {model} was not done when deploy was told to end, run it again" },
  MYELIN_RELEASE_NAME_TAKEN: { message: "'{name}' is the name of {taken} and would be that of {backend}, too, rename one of them", permanent: true },
  MYELIN_RELEASE_NOT_READY: {
    message: "'{version}' of the model {model} did not become ready and gets no traffic, correct the cause and train again: {reason}", permanent: true,
  },
  MYELIN_RELEASE_OBJECT_GONE: { message: "'{object}' was removed while deploy waited for it, run it again" },
  MYELIN_RELEASE_ROUTE_DANGLING: { message: "'{route}' leads to {model}, which is no model of the graph, correct the route", permanent: true },
  MYELIN_RELEASE_RUN_UNKNOWN: { message: "'{trainer}' has no succeeded run in the ledger, so there is no model to serve, train first", permanent: true },
  MYELIN_RELEASE_SECONDS_INVALID: { message: "'{variable}' ({got}) must be a number of seconds from 0, correct it", permanent: true },
  MYELIN_RELEASE_TRAINER_NEW: {
    message: "'{trainer}' trains for the model since the version {version} was begun, which has no run of it, train again", permanent: true,
  },
} as const;

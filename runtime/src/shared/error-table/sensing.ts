/** Errors of sensing. */
export const SENSING_ERRORS = {
  MYELIN_ALERT_FOREIGN: {
    message: "'{alerts}' must be an alert of sensor {sensor}, route to its webhook only the alerts that were synthesised for it", permanent: true,
  },
  MYELIN_EVENT_FOREIGN: { message: "'{event}' (of {source}) must be of {expected}, send it to its own axon", permanent: true },
  MYELIN_EVENT_FORGED: { message: "'{event}' must have the id {id} that follows from its data, send it as the emit step does", permanent: true },
  MYELIN_EVENT_UNAWAITED: {
    message: "'{subject}' ({kind} {phase}) is nothing that sensor {sensor} waits for, start the run by a trigger of the sensor", permanent: true,
  },
  MYELIN_GATE_RESTLESS: { message: "'{sensor}' got other events each of {rounds} times that its facts were gathered, try again later" },
  MYELIN_PARAMETER_TOO_LONG: { message: "'{parameter}' ({length} characters) must have at most {most}, send a reference to where it lies", permanent: true },
  MYELIN_PARAMETER_UNFIT: {
    message: "'{parameter}' ({got}) must have no two opening braces in a row, none at its end, no '$(' or '$$', no control characters, no characters beyond U+FFFF and not be '<no value>', send a reference to where it lies",
    permanent: true,
  },
  MYELIN_PHASE_UNKNOWN: { message: "'--phase' ({got}) must be 'succeeded' or 'failed'", permanent: true },
  MYELIN_PROMETHEUS_ABSENT: {
    message: "'prometheus' (absent) must be in the axon document for the sensor {sensor}, synthesise it with the address of a Prometheus", permanent: true,
  },
  MYELIN_PROMETHEUS_REFUSED: { message: "'{query}' was refused by Prometheus, correct the expression: {reason}", permanent: true },
  MYELIN_PROMETHEUS_UNREACHABLE: { message: "'{url}' gave no usable answer, try again later: {reason}" },
  MYELIN_SENSOR_UNKNOWN: { message: "'--sensor' ({got}) must be a sensor of the axon, one of {sensors}", permanent: true },
  MYELIN_SWEEP_INCOMPLETE: { message: "'{runs}' could not be started, the next sweep tries again: {reason}" },
  MYELIN_TASK_UNKNOWN: { message: "'--task' ({got}) must be a task of the axon, one of {tasks}", permanent: true },
  MYELIN_TRIGGER_AMBIGUOUS: {
    message: "'MYELIN_DELIVERY' ({got}) must name the webhook of the call as <webhook>/<id>, because {sensor} waits for several: {webhooks}", permanent: true,
  },
  MYELIN_WAKE_UNKNOWN: {
    message: "'MYELIN_EVENT' ({got}) must be what wakes sensor {sensor}, which is {expected}, start the run by a trigger of the sensor", permanent: true,
  },
  MYELIN_WEBHOOK_DENIED: {
    message: "'{url}' answered {status} to the token in MYELIN_WEBHOOK_TOKEN, check the Secret; the event is in the ledger, and sweep starts what waits for it",
  },
  MYELIN_WEBHOOK_REFUSED: {
    message: "'{url}' refused the event with {status}, look at the EventSource; the event is in the ledger, and sweep starts what waits for it", permanent: true,
  },
  MYELIN_WEBHOOK_UNREACHABLE: {
    message: "'{url}' took no event for {seconds} s ({reason}), look at the EventSource; the event is in the ledger, and sweep starts what waits for it",
  },
} as const;

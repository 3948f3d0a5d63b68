/** The rule behind each code. A code keeps its meaning: retire it rather than give it another one. */
export const CODES = {
  // General
  'required': 'A required property or key is missing.',
  'empty': 'A text, list or map is empty.',
  'wrong-type': 'A value is of another type than the property takes.',
  'not-one-of': 'A value is none of the allowed values.',
  'not-whole': 'A number or time must be whole.',
  'out-of-range': 'A number or time lies outside its limits.',
  'too-long': 'A name has more characters than its place can hold.',
  'name-format': 'A name has characters that are not allowed.',
  'path-format': 'A path is not written as its place requires.',
  'url-format': 'An address is malformed or of another scheme.',
  'time-format': 'A time is not a whole number with its unit.',
  'duplicate': 'A value or key is listed twice, or a name is taken.',
  'reserved': 'A name is reserved by the loop.',
  'not-found': 'A name refers to nothing that is declared.',
  'other-axon': 'A construct belongs to another axon.',
  'no-axon': 'A construct lies outside an axon.',
  'exclusive': 'Exactly one of several properties or keys must be set.',
  'key-of-other-type': 'A key belongs to another type of trigger, condition or parameter.',
  'unused': 'A value has no effect here.',
  'unsupported': 'A feature is not supported yet.',

  // Formats and expressions
  'cron-format': 'A schedule is not a cron expression of five fields.',
  'cron-never': 'A schedule never fires.',
  'timezone': 'A time zone is not in the IANA database.',
  'quantity-format': 'An amount is not written as a quantity.',
  'image-format': 'An image reference is malformed.',
  'image-mutable': 'An image reference can change its content.',
  'regexp-format': 'A regular expression is malformed or uses what RE2 lacks.',
  'condition-format': 'A condition is not a comparison of a metric with a number.',
  'parameter-value': 'A parameter value has characters that the engines do not pass on.',
  'parameter-reference': "A text in braces is not '{{workflow.parameters.NAME}}'.",
  'promql-syntax': 'An expression is not valid PromQL.',
  'promql-type': 'An expression does not return an instant vector.',

  // Pods
  'restricted': "A pod would break the level 'restricted' of Pod Security.",

  // Secrets
  'secret-in-clear': 'A secret would be readable in a manifest.',
  'unprotected': 'Code would be fetched over an unprotected connection.',

  // Tasks
  'resource-limit': 'A resource request and its limit do not fit together.',
  'unknown-resource': 'Kubernetes has no such resource.',
  'objective-missing': 'A tuned task has no objective.',
  'objective-direction': 'The direction of an objective contradicts its name.',
  'no-metrics': 'A training task publishes no metric.',
  'already-tuned': 'A task has two tuners.',
  'few-budgets': 'The budgets of a tuner stop no trial early.',
  'fractional-budgets': 'A tuner gives trials fractional budgets.',

  // Models
  'weights-sum': 'Weights must sum to 100.',
  'shadow-live': 'A shadow generation gets live requests.',
  'rule-order': 'A rollout rule is never reached, or requests match none.',
  'retention-short': 'Fewer versions are kept than the rollout uses.',
  'unreachable': 'A model has no route, or no sensor deploys it.',

  // Sensors
  'no-sensors': 'An axon has no sensor.',
  'two-schedules': 'A sensor has two calendar triggers.',
  'unknown-metric': 'A task does not publish the metric of a condition.',
  'metric-of-other-run': 'A condition reads a metric of a run other than the triggering one.',
  'live-metric': 'The end of a task triggers the sensor, but the condition names no task, so it reads the live metric.',
  'exact-value': 'A condition compares a measured number for equality.',
  'rest-trigger-missing': 'A sensor has parameters but no REST trigger.',
  'never-runs': 'No sensor runs a task that something waits for.',
  'sensor-cycle': 'Sensors trigger each other without a guard.',
  'same-alert': 'Two sensors act on the same alert.',
  'alert-absent': 'An alert that retrains fires on missing data.',
  'alert-always': 'An alert has no comparison.',
  'alert-label': 'An alert drops a label that routes it.',
  'wrong-model': 'A condition watches another model than the sensor retrains.',
  'one-node': 'Parallel tasks share a claim that one node mounts.',

  // Platform
  'other-namespace': 'The platform lies in another namespace than the axon.',
  'event-bus-replicas': 'An event bus of two replicas has no majority.',

  // Axon files
  'yaml-syntax': 'The file is not valid YAML.',
  'yaml-alias': 'An alias or merge key refers to nothing usable.',
  'yaml-tag': 'A YAML tag has no meaning in an axon file.',
  'yaml-boolean': 'A text is a boolean to readers of YAML 1.1.',
  'unreadable': 'The file cannot be read as text.',
  'too-large': 'The file has too many values.',
  'unknown-key': 'The format has no such key.',
  'older-form': 'A key has an older form.',
} as const satisfies Readonly<Record<string, string>>;

/** The name of a rule. */
export type ProblemCode = keyof typeof CODES;

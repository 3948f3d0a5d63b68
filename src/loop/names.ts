import { PARAMETER } from '../contract/constants';
import { invalid } from '../problem/error';
import { detail, ProblemDetail } from '../problem/problem';
import { fingerprint } from './canonical';

/** `<axon>-<part>` gets a suffix of `-<10 hex digits>`, and Kubernetes ends a name or label at 63. */
const LONGEST_OBJECT = 52;
/** `<axon>-sweep` is a CronWorkflow, whose runs get such a suffix; `<axon>-eventsource-svc`, of Argo Events, fits then, too. */
const LONGEST_AXON = LONGEST_OBJECT - '-sweep'.length;
const LONGEST_LABEL = 63;
/** As long as the longest sensor, because an alert may be named after its sensor. */
const LONGEST_TRIGGER = 50;

/**
 * The identifier of a user's name: `CleanRecords` and `clean_records` are `clean-records`.
 * Names that differ only in that way are refused where they meet.
 */
export function identifier(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The identifier of an axon, within its budget. */
export function axonIdentifier(name: string): string {
  const id = usable('axon', name, 'axonName');
  if (id.length > LONGEST_AXON) {
    throw invalid('too-long', 'axonName', name, `has ${id.length} characters, and the longest name made of it ('${id}-sweep-0123456789') must fit 63`,
      `use at most ${LONGEST_AXON}`);
  }
  return id;
}

/** The kinds of parts that have a name: the noun in messages, and the property that holds the name. */
export const PARTS = {
  task: { noun: 'task', prop: 'taskName' },
  server: { noun: 'model server', prop: 'serverName' },
  model: { noun: 'model graph', prop: 'modelName' },
  sensor: { noun: 'sensor', prop: 'sensorName' },
} as const;

/** A kind of part that has a name. */
export type PartKind = keyof typeof PARTS;

/** The identifier of a part of an axon, within the budget that the axon's name leaves. */
export function partIdentifier(axon: string, kind: PartKind, name: string): string {
  const { noun, prop } = PARTS[kind];
  const id = usable(noun, name, prop);
  const budget = LONGEST_OBJECT - axon.length - 1;
  if (id.length > budget) {
    throw invalid('too-long', prop, name, `has ${id.length} characters, and the longest name made of it ('${axon}-${id}-0123456789') must fit 63`,
      `use at most ${budget} for a ${noun} of axon '${axon}', or shorten the axon's name`);
  }
  return id;
}

/** The identifier of a trigger's name; it stands inside the names of events and alerts. */
export function triggerIdentifier(name: string): string {
  const id = identifier(name);
  if (!/^[a-z]/.test(id) || id.length > LONGEST_TRIGGER) {
    throw invalid('name-format', 'name', name, `must begin with a letter and have at most ${LONGEST_TRIGGER} letters, digits and dashes`, 'rename the trigger');
  }
  return id;
}

function usable(noun: string, name: string, prop: string): string {
  const id = identifier(name);
  if (!/^[a-z]/.test(id)) {
    throw invalid('name-format', prop, name, `must begin with a letter: ${noun} names become Kubernetes and NATS names`, 'rename it');
  }
  return id;
}

/** A name for a label value: cut and closed with a hash where it would pass 63 characters. */
export function labelName(...parts: string[]): string {
  const whole = parts.join('-');
  return whole.length <= LONGEST_LABEL ? whole : `${whole.slice(0, LONGEST_LABEL - 11).replace(/-+$/, '')}-${fingerprint(whole)}`;
}

/** A name inside an environment variable: `CleanRecords` stays, `clean-records` becomes `clean_records`. */
export function environmentName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** The components whose pods run under an account of their own. */
const COMPONENTS = ['deploy', 'emit', 'events', 'gate', 'sensor', 'serve', 'sweep', 'tune'] as const;
/** One of those components. */
export type AccountComponent = (typeof COMPONENTS)[number];

/** The service account of a component of an axon, or the default account of its tasks. */
export function accountName(axon: string, component: AccountComponent | 'task'): string {
  return `${axon}-${component}`;
}

/** The platform's Job that creates the webhook's token, and its account. */
export const BOOTSTRAP = 'myelin-bootstrap';

/** The accounts with the permissions of the loop's own components, which user code must not run under. */
export function reservedAccounts(axon: string): string[] {
  return COMPONENTS.map((component) => accountName(axon, component));
}

/** The parameters of every run, besides those of the axon. */
const RUN_PARAMETERS: readonly string[] = [PARAMETER.EVENT, PARAMETER.DELIVERY];

/** Checks the name of a parameter of an axon. */
export function parameterNameProblem(name: string): ProblemDetail | undefined {
  if (!/^[A-Za-z_][-A-Za-z0-9_]*$/.test(name)) {
    return detail('name-format', 'must be letters, digits, dashes and underscores, with a letter first', 'rename it');
  }
  return RUN_PARAMETERS.includes(name) ? detail('reserved', 'is a parameter that every run has', 'rename it') : undefined;
}

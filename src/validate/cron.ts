import { phrase, prop } from '../problem/phrase';
import { detail, ProblemDetail } from '../problem/problem';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 6, names: WEEKDAYS },
];
// February by a leap year: 29 February does come.
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};

/** A schedule of five fields as cron, Argo Workflows and the laptop all read it; one that never fires is refused. */
export function cronProblem(schedule: string): ProblemDetail | undefined {
  const text = schedule.trim();
  if (text.startsWith('@')) {
    const same = MACROS[text.toLowerCase()];
    return detail('cron-format', 'must be written in five fields', same === undefined ? "write one such as '0 3 * * *'" : `write '${same}'`);
  }
  if (/^(?:CRON_)?TZ=/.test(text)) {
    return detail('cron-format', 'must not carry its time zone', phrase`write it as ${prop('timeZone')}`);
  }
  const words = text === '' ? [] : text.split(/\s+/);
  if (words.length !== 5) {
    const remedy = words.length === 6 ? 'remove the field for seconds, a minute is the finest step' : "write one such as '0 3 * * *'";
    return detail('cron-format', `has ${words.length} field${words.length === 1 ? '' : 's'} of five: minute, hour, day of the month, month, day of the week`, remedy);
  }
  const values: Set<number>[] = [];
  for (let i = 0; i < words.length; i++) {
    const result = readField(words[i], FIELDS[i]);
    if (!(result instanceof Set)) {
      return result;
    }
    values.push(result);
  }
  const [, , days, months] = values;
  // With a day of the week as well, either of the two is enough.
  const byDate = words[4] === '*' && words[2] !== '*';
  const comes = [...months].some((month) => [...days].some((day) => day <= MONTH_DAYS[month - 1]));
  return byDate && !comes ? detail('cron-never', `never fires, there is no day ${words[2]} in month ${words[3]}`, 'correct the day or the month') : undefined;
}

function readField(text: string, field: Field): Set<number> | ProblemDetail {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const problem = readItem(item, field, values);
    if (problem !== undefined) {
      return problem;
    }
  }
  return values;
}

function readItem(item: string, field: Field, values: Set<number>): ProblemDetail | undefined {
  const range = `${field.min}-${field.max}`;
  const match = /^(\*|[A-Za-z]+|\d+)(?:-([A-Za-z]+|\d+))?(?:\/(\d+))?$/.exec(item);
  if (match === null || (match[1] === '*' && match[2] !== undefined)) {
    return detail('cron-format', `has '${item}' for the ${field.name}, which takes *, numbers ${range}, ranges, steps and lists of these`,
      item.includes('?') ? "write '*'" : /[LW#]/.test(item) ? 'use plain numbers, other engines read L, W and # differently' : `use a form such as '${field.min}', '${field.min}-${field.max}' or '*/2'`);
  }
  const [, first, second, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0 || step > field.max - field.min + 1) {
    return detail('cron-format', `has a step of ${step} for the ${field.name}, which takes 1 to ${field.max - field.min + 1}`, 'use a step in that range');
  }
  if (first !== '*' && second === undefined && stepText !== undefined) {
    return detail('cron-format', `has '${item}' for the ${field.name}, a step needs a range to step through`, `write '${first}-${field.max}/${stepText}'`);
  }
  const low = first === '*' ? field.min : valueOf(first, field);
  const high = first === '*' ? field.max : second === undefined ? low : valueOf(second, field);
  for (const [word, value] of [[first, low], [second ?? first, high]] as const) {
    if (value === undefined || value < field.min || value > field.max) {
      const sunday = field.names === WEEKDAYS && value === 7;
      const names = field.names === undefined ? '' : ` or ${field.names[0]}-${field.names[field.names.length - 1]}`;
      return detail('cron-format', `has '${word}' for the ${field.name}, which takes ${range}${names}`, sunday ? 'write 0 for Sunday' : 'use one of these');
    }
  }
  if (low! > high!) {
    return detail('cron-format', `has the range '${item}' for the ${field.name}, which runs backwards`,
      `write '${item.split('-')[0]}-${field.max},${field.min}-${second}'`);
  }
  for (let value = low!; value <= high!; value += step) {
    values.add(value);
  }
  return undefined;
}

function valueOf(word: string, field: Field): number | undefined {
  if (/^\d+$/.test(word)) {
    return Number(word);
  }
  const index = field.names?.indexOf(word.toLowerCase()) ?? -1;
  return index < 0 ? undefined : index + field.min;
}

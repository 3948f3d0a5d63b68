import type { Labels } from '../promql/labels.js';

/** What a template of an alert may speak of. */
export interface AlertData {
  readonly labels: Labels;
  readonly value: number;
}

/** The templates of labels and annotations that are used in practice: `$value`, `$labels.name`, and these functions. Others fail as in Prometheus. */
export function expandTemplate(text: string, data: AlertData): string {
  try {
    return text.replace(/\s*\{\{-/g, '{{').replace(/-\}\}\s*/g, '}}').replace(/\{\{(.*?)\}\}/gs, (_, action: string) => {
      if (/^\s*\/\*.*\*\/\s*$/s.test(action)) return '';
      return printed(pipeline(action, data));
    });
  } catch (error) {
    return `<error expanding template: ${(error as Error).message}>`;
  }
}

type Item = string | number;

function pipeline(action: string, data: AlertData): Item {
  const [first, ...rest] = action.split('|').map((command) => words(command.trim()));
  return rest.reduce((value, command) => evaluate([...command.map((word) => operand(word, data)), value], command[0]), start(first, data));
}

function start(command: readonly string[], data: AlertData): Item {
  const [word] = command;
  if (word === 'index' && /^(?:\$labels|\.Labels)$/.test(command[1] ?? '')) return data.labels[String(operand(command[2] ?? '', data))] ?? '';
  return command.length === 1 ? operand(word, data) : evaluate(command.map((each) => operand(each, data)), word);
}

function words(command: string): string[] {
  return command.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\S+/g) ?? [''];
}

/** A literal, a variable, or the name of a function, which stands for itself. */
function operand(word: string, { labels, value }: AlertData): Item {
  if (word === '$value' || word === '.Value') return value;
  const label = /^(?:\$labels|\.Labels)\.(\w+)$/.exec(word);
  if (label !== null) return labels[label[1]] ?? '';
  if (word.startsWith('"')) return JSON.parse(word) as string;
  if (word.startsWith('`')) return word.slice(1, -1);
  if (/^-?[\d.]+$/.test(word)) return Number(word);
  if (FUNCTIONS[word] !== undefined) return word;
  throw new Error(`'${word}' is unknown to the pocket cluster`);
}

function evaluate([, ...args]: readonly Item[], name: string): Item {
  const apply = FUNCTIONS[name];
  if (apply === undefined) throw new Error(`function '${name}' is unknown to the pocket cluster`);
  return apply(...args);
}

const FUNCTIONS: Readonly<Record<string, (...args: Item[]) => Item>> = {
  humanize: (value) => humanized(Number(value), ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'], ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']),
  humanizePercentage: (value) => `${significant(Number(value) * 100)}%`,
  printf: (format, ...values) => formatted(String(format), values),
  toUpper: (text) => String(text).toUpperCase(),
  toLower: (text) => String(text).toLowerCase(),
  title: (text) => String(text).replace(/\b\w/g, (letter) => letter.toUpperCase()),
};

function humanized(value: number, above: readonly string[], below: readonly string[]): string {
  if (value === 0 || !Number.isFinite(value)) return significant(value);
  let rest = value;
  let unit = '';
  if (Math.abs(value) >= 1) {
    for (const next of above) {
      unit = next;
      if (Math.abs(rest) < 1000) break;
      rest /= 1000;
    }
  } else {
    for (const next of below) {
      if (Math.abs(rest) >= 1) break;
      unit = next;
      rest *= 1000;
    }
  }
  return `${significant(rest)}${unit}`;
}

/** Four digits without zeros at the end, as Go's %.4g. */
function significant(value: number): string {
  return Number.isFinite(value) ? goNumber(Number(value.toPrecision(4))) : goNumber(value);
}

function formatted(format: string, values: readonly Item[]): string {
  let next = 0;
  return format.replace(/%(?:\.(\d+))?([a-z%])/g, (verb, digits: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = values[next++];
    if (kind === 'f') return Number(value).toFixed(Number(digits ?? 6));
    if (kind === 'd') return String(Math.trunc(Number(value)));
    if (kind === 'g' && digits !== undefined) return goNumber(Number(Number(value).toPrecision(Number(digits))));
    if (['s', 'v', 'g', 'q'].includes(kind)) return kind === 'q' ? JSON.stringify(String(value)) : printed(value);
    throw new Error(`printf's '${verb}' is unknown to the pocket cluster`);
  });
}

function printed(item: Item): string {
  return typeof item === 'number' ? goNumber(item) : item;
}

/** A number as Go prints it: shortest, with an exponent of two digits outside 1e-4 to 1e21. */
function goNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}

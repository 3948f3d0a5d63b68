import { make } from '../../axon-file/digits';
import { DigitsLoop, digitsLoop } from '../../helpers/loop';

/** Something wrong or odd, declared in the digits loop. */
export type Case = readonly [title: string, declare: (loop: DigitsLoop) => unknown];

/** Everything that a declaration is refused with or warned of, in order. */
export function messagesOf(declare: Case[1]): string[] {
  const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    const loop = digitsLoop();
    const thrown = errorOf(() => declare(loop));
    return thrown !== undefined ? [`thrown: ${thrown}`] : [...refused(loop), ...loop.axon.warnings.map((text) => `warning: ${text}`)];
  } finally {
    emit.mockRestore();
  }
}

/** What cdk8s reports of the validation, with the path of the construct. */
function refused({ chart }: DigitsLoop): string[] {
  const [, ...lines] = errorOf(() => chart.toJson())?.split('\n  ') ?? [];
  return lines.map((line) => `refused: ${line}`);
}

function errorOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (e) {
    return (e as Error).message;
  }
  return undefined;
}

/** All problems of an axon file, by place: what is meant, how much of the line, and the message. */
export function problemsOf(text: string, props: Parameters<typeof make>[1] = {}): string[] {
  return make(text, props).file.problems.map(({ line, column, length, path, severity, message }) => `${line}:${column}+${length} ${severity} ${path || '-'}: ${message}`);
}

/** One recorded text per room: each title with its messages. A case without a message is a mistake in the table. */
export function recordOf(cases: readonly (readonly [title: string, messages: string[]])[]): string {
  const silent = cases.filter(([, messages]) => messages.length === 0).map(([title]) => title);
  if (silent.length > 0) {
    throw new Error(`no message came out of: ${silent.join('; ')}`);
  }
  return cases.map(([title, messages]) => `# ${title}\n${messages.map((message) => `${printable(message)}\n`).join('')}`).join('\n');
}

/** A message stays on its line, and the record a text. */
function printable(text: string): string {
  return text.replace(/[\0-\x1f]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

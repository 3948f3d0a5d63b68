/** A property in a text. Programs read its name, files the key that it comes from. */
export interface PropName {
  readonly prop: string;
}

/** A text that differs for programs and files. */
export interface Either {
  readonly program: Phrase;
  readonly file: Phrase;
}

/** A text whose references to properties are data. The reader's audience decides how they are written. */
export type Phrase = string | PropName | Either | readonly Phrase[];

/** A text with properties in it: `` phrase`must not exceed ${prop('maxBudget')} (${max})` ``. */
export function phrase(strings: TemplateStringsArray, ...values: readonly (Phrase | number)[]): Phrase {
  const parts = strings.flatMap((text, index): Phrase[] => (index < values.length ? [text, plain(values[index])] : [text]));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : parts;
}

/** A property by its name. */
export function prop(name: string): PropName {
  return { prop: name };
}

/** A text for programs, and the one for files. */
export function either(program: Phrase, file: Phrase): Either {
  return { program, file };
}

function plain(value: Phrase | number): Phrase {
  return typeof value === 'number' ? String(value) : value;
}

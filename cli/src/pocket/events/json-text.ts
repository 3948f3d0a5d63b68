/**
 * JSON as text: what a sender wrote reaches a Workflow as it was written (a number keeps its digits), so values are cut out of the text and never
 * written anew.
 */

/** The text without white space between its parts, with the characters escaped that Go escapes. Fails if it is no JSON. */
export function compactJson(text: string): string {
  JSON.parse(text);
  let result = '';
  for (let at = 0; at < text.length;) {
    const end = text[at] === '"' ? endOfString(text, at) : at + 1;
    const piece = text.slice(at, end);
    if (piece.trim() !== '') result += piece;
    at = end;
  }
  return escapeHtml(result);
}

/** JSON as Go writes it, safe to put into HTML. */
export function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, escaped);
}

/** JSON as Go writes it where it need not be safe to put into HTML. */
export function escapeSeparators(json: string): string {
  return json.replace(/[\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The text of what lies at a path of a compact JSON text: keys, or indices of lists. */
export function jsonAt(text: string, path: readonly string[]): string | undefined {
  let at = 0;
  for (const key of path) {
    const found = text[at] === '{' ? member(text, at, key) : text[at] === '[' && /^\d+$/.test(key) ? item(text, at, Number(key)) : undefined;
    if (found === undefined) return undefined;
    at = found;
  }
  return text.slice(at, endOf(text, at));
}

function member(text: string, object: number, wanted: string): number | undefined {
  for (let at = object + 1; text[at] !== '}'; at++) {
    const colon = endOfString(text, at);
    if (JSON.parse(text.slice(at, colon)) === wanted) return colon + 1;
    at = endOf(text, colon + 1);
    if (text[at] === '}') return undefined;
  }
  return undefined;
}

function item(text: string, list: number, wanted: number): number | undefined {
  for (let at = list + 1, index = 0; text[at] !== ']'; at++, index++) {
    if (index === wanted) return at;
    at = endOf(text, at);
    if (text[at] === ']') return undefined;
  }
  return undefined;
}

/** Where the value ends that begins here. */
function endOf(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {at = endOfString(text, at) - 1;} else if ('{['.includes(character)) {depth++;} else if ('}]'.includes(character)) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (character === ',' && depth === 0) {return at;}
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml';

/** What YAML 1.2's core schema reads a scalar without quotes as. */
export function coreValue(text: string): string | number | boolean | null {
  for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) {
      return value;
    }
  }
  return text;
}

/** Whether a scalar without quotes is a boolean to readers of YAML 1.1, kubectl among them. */
export function oldBoolean(text: string): boolean {
  return /^(?:yes|no|true|false|on|off)$/i.test(text) && (text === text.toLowerCase() || text === text.toUpperCase() || /^[A-Z][a-z]+$/.test(text));
}

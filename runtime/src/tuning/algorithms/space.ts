import type { FloatParameter, IntegerParameter, StudyParameter } from '../../contract/documents.js';

/** A point of the search space: a number or a choice by parameter name. */
export type Configuration = Readonly<Record<string, string | number>>;

/**
 * The point of the space that some random numbers mean.
 *
 * @param draw the random number of a parameter, by its place in the list: from 0 up to, but never 1
 */
export function pointOf(parameters: readonly StudyParameter[], draw: (place: number) => number): Configuration {
  return Object.fromEntries(parameters.map((parameter, place) => [parameter.name, valueOf(parameter, draw(place))]));
}

/** The point at which every parameter that has a default holds it; the others hold what the random numbers mean. */
export function defaultPoint(parameters: readonly StudyParameter[], draw: (place: number) => number): Configuration {
  return Object.fromEntries(parameters.map((parameter, place) => [parameter.name, parameter.default ?? valueOf(parameter, draw(place))]));
}

/** A value as the trial's argument spells it: exactly the value when read again, and whole numbers as plain digits. */
export function argumentText(value: string | number): string {
  // From 1e21 on JavaScript writes an exponent, which int() does not take.
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

function valueOf(parameter: StudyParameter, random: number): string | number {
  switch (parameter.kind) {
    case 'categorical': return parameter.values[Math.floor(random * parameter.values.length)]!;
    case 'float': return real(parameter, random);
    case 'integer': return whole(parameter, random);
  }
}

function real({ min, max, log }: FloatParameter, random: number): number {
  return within(min, max, log ? Math.exp(mixed(Math.log(min), Math.log(max), random)) : mixed(min, max, random));
}

/** Each whole number stands for the half on either side of it, so the ends are as likely as their neighbours. */
function whole({ min, max, log }: IntegerParameter, random: number): number {
  const value = log
    ? Math.round(Math.exp(mixed(Math.log(min - 0.5), Math.log(max + 0.5), random)))
    : min + Math.floor(random * (max - min + 1));
  return within(min, max, value);
}

/** Not `from + random * (to - from)`: the difference of two large numbers may be infinite. */
function mixed(from: number, to: number, random: number): number {
  return from * (1 - random) + to * random;
}

/** Rounding may lead a hair out of the range. Adding 0 makes -0 a 0. */
function within(min: number, max: number, value: number): number {
  return Math.min(max, Math.max(min, value)) + 0;
}

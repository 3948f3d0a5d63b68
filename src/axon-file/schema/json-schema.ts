import { axon } from './axon-shape';
import { JsonSchema } from './shape';

/** The format of axon files as a JSON Schema, for editors. Older shapes are no part of it; what keys mean together is not either. */
export function jsonSchema(): JsonSchema {
  const sharing = new Sharing();
  sharing.count(axon.json);
  const whole = Object.fromEntries(Object.entries(axon.json).map(([key, value]) => [key, sharing.write(value)]));
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...whole, definitions: sharing.definitions };
}

/** Writes sections that are used several times once, under their titles. */
class Sharing {
  public readonly definitions: Record<string, unknown> = {};

  private readonly counts = new Map<string, number>();
  private readonly names = new Map<string, string>();

  public count(value: unknown): void {
    if (value !== null && typeof value === 'object') {
      const text = undescribed(value);
      this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
      Object.values(value).forEach((inside) => this.count(inside));
    }
  }

  public write(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((inside) => this.write(inside));
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const { title, description } = value as JsonSchema;
    const text = undescribed(value);
    if (typeof title !== 'string' || this.counts.get(text) === 1) {
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, this.write(inside)]));
    }
    return { ...(description !== undefined && { description }), $ref: `#/definitions/${this.names.get(text) ?? this.define(title, text)}` };
  }

  /** Two sections may have one title. */
  private define(title: string, text: string): string {
    const plain = title.replace(/[^a-z0-9]+/gi, '-');
    const taken = [...this.names.values()];
    const name = taken.includes(plain) ? `${plain}-${taken.length}` : plain;
    this.names.set(text, name);
    const section: JsonSchema = JSON.parse(text);
    this.definitions[name] = Object.fromEntries(Object.entries(section).map(([key, inside]) => [key, this.write(inside)]));
    return name;
  }
}

/** What a section is by, wherever it is used. */
function undescribed(value: object): string {
  const { description, ...rest } = value as JsonSchema;
  return JSON.stringify(Array.isArray(value) ? value : rest);
}

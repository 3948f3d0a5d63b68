/** One event as the bus carries it. */
export interface BusEvent {
  readonly id: string;
  /** Name of the EventSource. */
  readonly source: string;
  /** Name of the event within it. */
  readonly subject: string;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  /** `{header, body, metadata}` as compact JSON. */
  readonly data: string;
}

/** The context of an event as templates and keys see it. */
export function contextOf({ id, source, subject, type, time }: BusEvent): Record<string, string> {
  return { id, source, specversion: '1.0', type, datacontenttype: 'application/json', subject, time };
}

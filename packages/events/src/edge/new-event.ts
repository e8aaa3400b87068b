import { randomUUID } from 'node:crypto';
import type { CloudEvent } from './cloud-event.ts';

/** An event to be published. `subject` is the business key; `source` says which process made it, e.g. `/services/orders`. */
export interface NewEvent<T extends string = string, D = unknown> {
  readonly type: T;
  readonly source: string;
  readonly subject: string;
  readonly data: D;
  /** Source and id together tell an event from its repeats; default a random UUID. */
  readonly id?: string;
  /** When it happened, RFC 3339; default now. */
  readonly time?: string;
}

/** A CloudEvent 1.0 of one of our types, with its data as JSON. As JSON text it is the event in structured mode. */
export const newEvent = ({ id = randomUUID(), time = new Date().toISOString(), ...event }: NewEvent): CloudEvent => ({
  specversion: '1.0',
  ...event,
  id,
  time,
  datacontenttype: 'application/json',
});

/** What an event as JSON text is sent with. */
export const STRUCTURED_MODE = { 'content-type': 'application/cloudevents+json; charset=utf-8' } as const;

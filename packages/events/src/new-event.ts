import { randomUUID } from 'node:crypto';
import { CloudEvent } from 'cloudevents';
import type { EventData, EventType } from '../../../contracts/events.ts';

/** An event to be published. `subject` is the business key; `source` says which process made it, e.g. `/services/orders`. */
export interface NewEvent<T extends EventType = EventType> {
  readonly type: T;
  readonly source: string;
  readonly subject: string;
  readonly data: EventData<T>;
  /** Source and id together tell an event from its repeats; default a random UUID. */
  readonly id?: string;
  /** When it happened, RFC 3339; default now. */
  readonly time?: string;
}

/** A CloudEvent 1.0 of one of our types, with its data as JSON. */
export const newEvent = <T extends EventType>({
  id = randomUUID(),
  time = new Date().toISOString(),
  ...event
}: NewEvent<T>): CloudEvent<unknown> =>
  new CloudEvent<unknown>({ ...event, id, time, datacontenttype: 'application/json' });

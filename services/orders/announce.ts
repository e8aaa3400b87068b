import { randomUUID } from 'node:crypto';
import type { DataOf } from '@amends/events';
import { events, type EventType } from '../../contracts/events.ts';
import { announceFrom, atOnce, type Database } from '@amends/participant/service';
import { EVENT_SOURCE } from './event-source.ts';
import type { HeardEvent } from './read-side/fact-of.ts';
import { project } from './read-side/project.ts';

const enqueueEvent = announceFrom(events, EVENT_SOURCE);

/**
 * Enqueues an event of an order and lets the read side hear it, in the transaction of what it tells of; two round trips.
 *
 * @throws HTTPException 413 `too-large` when none could carry it
 */
export const announce = async <T extends EventType>(
  tx: Database,
  orderId: string,
  { type, data }: { readonly type: T; readonly data: DataOf<typeof events, T> },
): Promise<void> => {
  const told = { type, data, id: randomUUID(), time: new Date().toISOString() };
  const heard = { ...told, source: EVENT_SOURCE, subject: orderId } as unknown as HeardEvent;
  await atOnce(enqueueEvent(tx, orderId, told), project(tx, heard));
};

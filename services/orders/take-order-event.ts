import type { Pool } from 'pg';
import type { Log } from '@amends/runtime';
import { inTransaction } from '@amends/participant/service';
import { endOrder } from './end-order.ts';
import { endReturn } from './end-return.ts';
import { isOrderEnd, ORDER_ENDS, RETURN_ENDS } from './order-ends.ts';
import { project } from './read-side/project.ts';
import type { ShopEvent } from '../shop-event.ts';

/** The types of events that this service takes: how the sagas at work on its orders ended. */
export const ORDER_EVENTS = [...ORDER_ENDS, ...RETURN_ENDS] as const;

export type OrderEvent = ShopEvent<(typeof ORDER_EVENTS)[number]>;

/**
 * Takes an event, from whoever brings it: this service decides by it from now on, and its read side shows it. Again it changes nothing.
 * Rejects when it cannot be taken now, and then nothing has happened.
 */
export const takeOrderEvent = ({ pool, log }: { pool: Pool; log: Log }, event: OrderEvent): Promise<void> =>
  inTransaction(pool, async (tx) => {
    await (isOrderEnd(event) ? endOrder(tx, log, event) : endReturn(tx, log, event));
    await project(tx, { ...event, time: null });
  });

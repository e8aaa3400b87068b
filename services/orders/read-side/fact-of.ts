import type { EventType } from '../../../contracts/events.ts';
import type { OrderLine } from '../../../contracts/orders.ts';
import { instantOf } from '@amends/participant/service';
import type { z } from 'zod';
import { EVENT_SOURCE } from '../event-source.ts';
import { endOf, isOrderEnd, ORDER_ENDS } from '../order-ends.ts';
import type { OrderReleased } from '../order-released.ts';
import type { Fact, ToldFact } from './fact.ts';
import type { TimedShopEvent } from '../../shop-event.ts';

/** What the read side hears: events of the contracts, with the time they bear, and those that this service keeps to itself. */
export type HeardEvent = TimedShopEvent | OrderReleased;

/** The published types that say something of an order's view. */
export const FACT_TYPES = [
  'shop.order.placed.v1',
  'shop.order.accepted.v1',
  ...ORDER_ENDS,
  'returnOrder.completed.v1',
] as const satisfies readonly EventType[];

/**
 * The projection: what an event changes in the read side, which knows nothing else. Undefined when nothing: an event of another type, or one
 * that tells of an order placed elsewhere. It depends on the event alone, so that the same event says the same whenever it is heard.
 */
export const factOf = (event: HeardEvent): ToldFact | undefined => {
  const said = saidBy(event);
  return said && { source: event.source, eventId: event.id, ...said };
};

const saidBy = (event: HeardEvent): Pick<ToldFact, 'orderId' | 'fact'> | undefined => {
  if (event.type === 'order.released') {
    const { orderId, ordinal } = event.data;
    return { orderId, fact: { kind: 'released', at: event.time, ordinal } };
  }
  if (event.type === 'returnOrder.completed.v1') {
    const { key, at } = event.data;
    return { orderId: key, fact: { kind: 'returned', at } };
  }
  if (isOrderEnd(event)) {
    const { key, sagaId, at } = event.data;
    return { orderId: key, fact: { kind: 'ended', at, sagaId, ...endOf(event) } };
  }
  if (event.source !== EVENT_SOURCE || event.time === null) return undefined;
  const at = instantOf(event.time);
  if (event.type === 'shop.order.placed.v1') {
    return { orderId: event.data.orderId, fact: { kind: 'placed', at, ...contentOf(event.data) } };
  }
  if (event.type === 'shop.order.accepted.v1') {
    const { orderId, sagaId, ordinal } = event.data;
    return { orderId, fact: { kind: 'accepted', at, sagaId, ordinal, ...contentOf(event.data) } };
  }
  return undefined;
};

type Content = Pick<Extract<Fact, { kind: 'placed' }>, 'currency' | 'lines'>;

/** Members in one order, whoever wrote them: the rows of a rebuild are compared with those before, byte for byte. */
const contentOf = ({ currency, lines }: { currency: string; lines: z.infer<typeof OrderLine>[] }): Content => ({
  currency,
  lines: lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
});

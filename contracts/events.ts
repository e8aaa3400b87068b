import { z } from 'zod';
import { event, sagaEvents, sagaId, words, type EventContract } from '@amends/contracts';
import { exampleOrder, Order, OrderAccepted } from './orders.ts';
import { ReturnReceived, ReturnRequest } from './returns.ts';
import * as sagas from './sagas.ts';
import { GivenKey } from './values.ts';

const KEY = 'o-1';
const ownEvents = sagaEvents(sagas);

/**
 * Every event type, in its newest version. What was published stays as it was: contracts/published.json remembers it, and a test holds the
 * table against that.
 */
export const events = {
  'shop.order.placed.v1': event({
    publishedBy: 'orders',
    when: 'a customer has placed an order',
    data: Order,
    example: exampleOrder,
  }),
  'shop.order.accepted.v1': event({
    publishedBy: 'orders',
    when: 'a saga has begun to work on an order, which nobody else may now change',
    data: OrderAccepted,
    example: {
      orderId: KEY,
      sagaId: sagaId('fulfilOrder', KEY),
      ordinal: 1,
      currency: exampleOrder.currency,
      lines: exampleOrder.lines,
    },
  }),
  'shop.order.cancel-requested.v1': event({
    publishedBy: 'orders',
    when: 'a customer wants an order cancelled that is not final yet',
    data: z.object({ orderId: GivenKey, reason: words(500) }),
    example: { orderId: KEY, reason: 'the customer changed their mind' },
  }),
  'shop.return.requested.v1': event({
    publishedBy: 'orders',
    when: 'a customer wants to give a confirmed order back',
    data: ReturnRequest,
    example: sagas.returnOrder.example,
  }),
  'shop.return.received.v1': event({
    publishedBy: 'whoever opens returned parcels',
    when: 'what a customer has given back has come',
    data: ReturnReceived,
    example: { orderId: KEY, lines: [{ sku: 'mug', quantity: 2 }], condition: 'as-new' },
  }),
  ...ownEvents,
} as const satisfies Record<string, EventContract<unknown>>;

export type EventType = keyof typeof events;
export type EventData<T extends EventType> = z.infer<(typeof events)[T]['data']>;

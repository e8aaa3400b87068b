import { z } from 'zod';
import { event, type EventContract } from './define-event.ts';
import { BusinessKey, sagaId } from './ids.ts';
import { exampleOrder, Order, OrderAccepted } from './orders.ts';
import { ReturnReceived, ReturnRequest } from './returns.ts';
import { Cause, SagaEnd, SagaStatus } from './saga-view.ts';
import * as sagas from './sagas.ts';
import { Instant, words } from './values.ts';

/** The data of a saga's own events. `result` is the saga's when it completed, `cause` when it did not. */
export const SagaEventData = z
  .object({
    sagaId: z.string(),
    saga: z.string(),
    key: z.string(),
    status: SagaStatus,
    result: z.unknown(),
    cause: Cause.nullable(),
    at: Instant,
  })
  .meta({ title: 'SagaEvent' });
export type SagaEventData = z.infer<typeof SagaEventData>;

type SagaName = Extract<keyof typeof sagas, string>;

/** What a saga tells of itself: how it ended, and that it waits for an operator. */
export type SagaEventType = `${SagaName}.${SagaEnd | 'parked'}.v1`;

const AT = '2026-01-31T08:26:00.000Z';
const KEY = 'o-1';

/** When a saga says which of these, and what it then says, but for the result of one that completed. */
const sagaNews: { readonly [N in SagaEnd | 'parked']: { readonly when: string; readonly cause: Cause | null } } = {
  completed: { when: 'has done all that it is for', cause: null },
  compensated: {
    when: 'could not, and has undone whatever it had done',
    cause: { step: null, outcome: 'deadline', code: 'deadline', message: 'it has run past its deadline' },
  },
  cancelled: {
    when: 'was cancelled, and has undone whatever it had done',
    cause: { step: null, outcome: 'cancelled', code: 'cancelled', message: 'the customer changed their mind' },
  },
  parked: { when: 'cannot go on by itself, and waits for an operator', cause: null },
};

const exampleOf: { readonly [S in SagaName]: { readonly exampleResult: unknown } } = sagas;

const sagaEvent = (saga: SagaName, news: SagaEnd | 'parked'): EventContract<SagaEventData> => {
  const { when, cause } = sagaNews[news];
  const result = news === 'completed' ? exampleOf[saga].exampleResult : null;
  return event({
    publishedBy: 'sagas',
    when: `the saga ${saga} ${when}`,
    data: SagaEventData,
    example: { sagaId: sagaId(saga, KEY), saga, key: KEY, status: news, result, cause, at: AT },
  });
};

const sagaEvents = Object.fromEntries(
  (Object.keys(sagas) as SagaName[]).flatMap((saga) =>
    [...SagaEnd.options, 'parked' as const].map((news) => [`${saga}.${news}.v1`, sagaEvent(saga, news)]),
  ),
) as { readonly [T in SagaEventType]: EventContract<SagaEventData> };

export const sagaEventTypes = Object.keys(sagaEvents) as readonly SagaEventType[];

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
    data: z.object({ orderId: BusinessKey, reason: words(500) }),
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
  ...sagaEvents,
} as const satisfies Record<string, EventContract<unknown>>;

export type EventType = keyof typeof events;
export type EventData<T extends EventType> = z.infer<(typeof events)[T]['data']>;

export const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);

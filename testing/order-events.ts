import * as fc from 'fast-check';
import { SAGAS_SOURCE } from '../packages/contracts/src/saga-events.ts';
import { exampleOrder, type Order } from '../contracts/orders.ts';
import type { SagaEnd } from '../packages/contracts/src/saga-view.ts';
import type { HeardEvent } from '../services/orders/read-side/fact-of.ts';
import { EVENT_SOURCE } from '../services/orders/event-source.ts';
import { orderReleased } from '../services/orders/order-released.ts';

type OrderSaga = 'fulfilOrder' | 'fulfilSplitOrder';

const START = Date.UTC(2026, 0, 31, 8, 26);
const at = (ms: number): string => new Date(START + ms).toISOString();

/** Few, so that events often happen at the same millisecond, or a little before what caused them. */
const moment = fc.integer({ min: 0, max: 6 });

/** What the read side may hear of one order: how it was placed and accepted, by whom and how often, and how it ended. */
export const eventsOfOrder = (orderId: string): fc.Arbitrary<readonly HeardEvent[]> =>
  fc
    .record({
      placed: fc.option(moment),
      turns: fc.array(fc.record({ saga: fc.constantFrom<OrderSaga>('fulfilOrder', 'fulfilSplitOrder'), at: moment }), {
        maxLength: 3,
      }),
      lastIsReleased: fc.boolean(),
      ends: fc.array(
        fc.record({
          saga: fc.constantFrom<OrderSaga>('fulfilOrder', 'fulfilSplitOrder'),
          how: fc.constantFrom<SagaEnd>('completed', 'compensated', 'cancelled'),
          at: moment,
        }),
        { maxLength: 4 },
      ),
      returned: fc.option(moment),
    })
    .map(({ placed, turns, lastIsReleased, ends, returned }) => [
      ...(placed === null ? [] : [placedEvent({ ...exampleOrder, orderId }, at(placed))]),
      ...turns.flatMap((turn, n) => [
        acceptedEvent({ ...exampleOrder, orderId }, { saga: turn.saga, ordinal: n + 1, time: at(turn.at) }),
        ...(n < turns.length - 1 || lastIsReleased
          ? [orderReleased({ orderId, ordinal: n + 1, at: new Date(at(turn.at)) })]
          : []),
      ]),
      ...ends.map((end, n) => ({
        ...endEvent(orderId, end.saga, end.how, at(end.at)),
        id: `e${n}`,
      })),
      ...(returned === null ? [] : [returnedEvent(orderId, at(returned))]),
    ]);

export const placedEvent = (order: Order, time: string): HeardEvent => ({
  type: 'shop.order.placed.v1',
  id: `${order.orderId}/placed`,
  source: EVENT_SOURCE,
  subject: order.orderId,
  time,
  data: order,
});

export const acceptedEvent = (
  { orderId, currency, lines }: Order,
  { saga, ordinal, time }: { saga: OrderSaga; ordinal: number; time: string },
): HeardEvent => ({
  type: 'shop.order.accepted.v1',
  id: `${orderId}/accepted/${ordinal}`,
  source: EVENT_SOURCE,
  subject: orderId,
  time,
  data: { orderId, sagaId: `${saga}:${orderId}`, ordinal, currency, lines },
});

const RESULTS = {
  fulfilOrder: { trackingNumber: 'T1' },
  fulfilSplitOrder: {
    shipments: [
      { warehouse: 'w-1', shipmentId: 'h-1', trackingNumber: 'T1' },
      { warehouse: 'w-2', shipmentId: 'h-2', trackingNumber: 'T2' },
    ],
  },
} as const;

const dataOf = (saga: OrderSaga | 'returnOrder', key: string, status: SagaEnd, time: string) => ({
  sagaId: `${saga}:${key}`,
  saga,
  key,
  status,
  result: status === 'completed' && saga !== 'returnOrder' ? RESULTS[saga] : null,
  cause:
    status === 'completed' ? null : { step: null, outcome: 'refused' as const, code: 'out-of-stock', message: 'no' },
  at: time,
});

/** The time that the broker has for it is none of the saga's, and says nothing. */
export const endEvent = (orderId: string, saga: OrderSaga, how: SagaEnd, time: string): HeardEvent => ({
  type: `${saga}.${how}.v1`,
  id: `${saga}:${orderId}/${how}`,
  source: SAGAS_SOURCE,
  subject: orderId,
  time: null,
  data: dataOf(saga, orderId, how, time),
});

export const returnedEvent = (orderId: string, time: string): HeardEvent => ({
  type: 'returnOrder.completed.v1',
  id: `returnOrder:${orderId}/completed`,
  source: SAGAS_SOURCE,
  subject: orderId,
  time: null,
  data: dataOf('returnOrder', orderId, 'completed', time),
});

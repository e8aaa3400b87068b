import { z } from 'zod';
import { BusinessKey } from './ids.ts';
import { Order } from './orders.ts';
import { ReturnReceived, ReturnRequest } from './returns.ts';
import { Cause, SagaEnd, SagaStatus } from './saga-view.ts';
import * as sagas from './sagas.ts';
import { Instant, words } from './values.ts';

/** The data of a saga's own events. `result` is the saga's when it completed, `cause` when it did not. */
export const SagaEventData = z.object({
  sagaId: z.string(),
  saga: z.string(),
  key: z.string(),
  status: SagaStatus,
  result: z.unknown(),
  cause: Cause.nullable(),
  at: Instant,
});
export type SagaEventData = z.infer<typeof SagaEventData>;

type SagaName = Extract<keyof typeof sagas, string>;

/** What a saga tells of itself: how it ended, and that it waits for an operator. */
export type SagaEventType = `${SagaName}.${SagaEnd | 'parked'}.v1`;

export const sagaEventTypes: readonly SagaEventType[] = (Object.keys(sagas) as SagaName[]).flatMap((saga) =>
  [...SagaEnd.options, 'parked' as const].map((end) => `${saga}.${end}.v1` as const),
);

const sagaEvents = Object.fromEntries(sagaEventTypes.map((type) => [type, SagaEventData])) as {
  readonly [T in SagaEventType]: typeof SagaEventData;
};

/** Every event type and the schema of its data. */
export const events = {
  'shop.order.placed.v1': Order,
  'shop.order.cancel-requested.v1': z.object({ orderId: BusinessKey, reason: words(500) }),
  'shop.return.requested.v1': ReturnRequest,
  'shop.return.received.v1': ReturnReceived,
  ...sagaEvents,
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof events;
export type EventData<T extends EventType> = z.infer<(typeof events)[T]>;

export const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);

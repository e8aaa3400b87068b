import { z } from 'zod';
import { BusinessKey } from './ids.ts';
import { Order } from './orders.ts';
import { Cause, SagaStatus } from './saga-view.ts';
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

/** Every event type and the schema of its data. */
export const events = {
  'shop.order.placed.v1': Order,
  'shop.order.cancel-requested.v1': z.object({ orderId: BusinessKey, reason: words(500) }),
  'fulfilOrder.completed.v1': SagaEventData,
  'fulfilOrder.compensated.v1': SagaEventData,
  'fulfilOrder.cancelled.v1': SagaEventData,
  'fulfilOrder.parked.v1': SagaEventData,
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof events;
export type EventData<T extends EventType> = z.infer<(typeof events)[T]>;

export const isEventType = (type: string): type is EventType => Object.hasOwn(events, type);

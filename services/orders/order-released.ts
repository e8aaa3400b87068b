import { EVENT_SOURCE } from './event-source.ts';
import type { orderReleases } from './schema.ts';

/** An order is placed again: an event that this service keeps to itself, in `order_releases`, since nobody else is told. */
export interface OrderReleased {
  readonly type: 'order.released';
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly data: { readonly orderId: string; readonly ordinal: number };
}

export const orderReleased = ({ orderId, ordinal, at }: typeof orderReleases.$inferSelect): OrderReleased => ({
  type: 'order.released',
  id: `${orderId}/released/${ordinal}`,
  source: EVENT_SOURCE,
  time: at.toISOString(),
  data: { orderId, ordinal },
});

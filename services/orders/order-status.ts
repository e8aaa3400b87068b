import { and, eq, inArray } from 'drizzle-orm';
import type { OrderStatus } from '../../contracts/orders.ts';
import type { Database } from '@amends/participant/service';
import { orders } from './schema.ts';

type FinalStatus = Exclude<OrderStatus, 'placed' | 'accepted'>;

/** Nobody is at work on such an order any more, and nobody will be but a return. */
export const isFinal = (status: OrderStatus): status is FinalStatus => status !== 'placed' && status !== 'accepted';

/** What else changes with an order's status: which saga is at work on it, and how often one has begun to be. */
export interface Outcome {
  readonly saga?: string;
  readonly acceptances?: number;
}

/** Moves an order on, as this service decides by it; nothing happens when its status is not one of `from`. */
export const moveOrder = async (
  tx: Database,
  orderId: string,
  { from, to, ...outcome }: { from: readonly OrderStatus[]; to: OrderStatus } & Outcome,
): Promise<void> => {
  await tx
    .update(orders)
    .set({ status: to, ...outcome })
    .where(and(eq(orders.orderId, orderId), inArray(orders.status, [...from])));
};

export const lockOrder = async (tx: Database, orderId: string): Promise<typeof orders.$inferSelect | undefined> => {
  const [row] = await tx.select().from(orders).where(eq(orders.orderId, orderId)).for('update');
  return row;
};

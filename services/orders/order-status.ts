import { and, eq, inArray, sql } from 'drizzle-orm';
import type { OrderStatus } from '../../contracts/orders.ts';
import type { Database } from '../database.ts';
import { orderHistory, orders } from './schema.ts';

type FinalStatus = Exclude<OrderStatus, 'placed' | 'accepted'>;

/** Nobody is at work on such an order any more, and nobody will be but a return. */
export const isFinal = (status: OrderStatus): status is FinalStatus => status !== 'placed' && status !== 'accepted';

/** What else changes with an order's status: why it ended so, where its goods are, which saga is at work on it. */
export interface Outcome {
  readonly reason?: string;
  readonly trackingNumber?: string;
  readonly saga?: string;
}

/** Moves an order on and writes that into its history; false, and nothing happens, when its status is not one of `from`. */
export const moveOrder = async (
  tx: Database,
  orderId: string,
  { from, to, ...outcome }: { from: readonly OrderStatus[]; to: OrderStatus } & Outcome,
): Promise<boolean> => {
  const moved = await tx
    .update(orders)
    .set({ status: to, ...outcome })
    .where(and(eq(orders.orderId, orderId), inArray(orders.status, [...from])))
    .returning({ orderId: orders.orderId });
  if (moved.length === 0) return false;
  await noteStatus(tx, orderId, to);
  return true;
};

/** Adds a status to the history, at the time it is, which is later than whatever this transaction has waited for. */
export const noteStatus = async (tx: Database, orderId: string, status: OrderStatus): Promise<void> => {
  await tx.insert(orderHistory).values({ orderId, status, at: sql`clock_timestamp()` });
};

export const lockOrder = async (tx: Database, orderId: string): Promise<typeof orders.$inferSelect | undefined> => {
  const [row] = await tx.select().from(orders).where(eq(orders.orderId, orderId)).for('update');
  return row;
};

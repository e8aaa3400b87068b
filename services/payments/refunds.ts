import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { payments as contract, Refund } from '../../contracts/payments.ts';
import { refuse } from '../../participant/index.ts';
import type { Database } from '../database.ts';
import { postRefund } from './ledger.ts';
import { payments, refunds } from './schema.ts';

/**
 * Gives back what was captured for an order, or a part of it; the payment is `refunded` when nothing is left of it. Refused
 * `exceeds-payment` when that much is not left. Refunds of one order take turns, at the row of its payment.
 */
export const refund = async (
  tx: Database,
  { orderId, amount: { amount, currency } }: z.output<typeof contract.actions.refund.input>,
): Promise<{ refundId: string }> => {
  const captured = await tx
    .select()
    .from(payments)
    .where(and(eq(payments.orderId, orderId), eq(payments.currency, currency), eq(payments.state, 'captured')))
    .orderBy(payments.paymentId)
    .for('update');
  const payment = captured.find((each) => each.amount - each.refunded >= amount);
  if (payment === undefined) {
    throw refuse('exceeds-payment', `${amount} ${currency} are not left of what was captured for order ${orderId}`);
  }
  const { paymentId } = payment;
  const refunded = payment.refunded + amount;
  await tx
    .update(payments)
    .set({ refunded, state: refunded === payment.amount ? 'refunded' : 'captured' })
    .where(eq(payments.paymentId, paymentId));
  const refundId = `f-${randomUUID()}`;
  await tx.insert(refunds).values({ refundId, orderId, paymentId, amount, currency });
  await postRefund(tx, { paymentId, amount, currency });
  return { refundId };
};

/** The refunds of an order, oldest first. */
export const refundsOf = (db: Database, ofOrder: string): Promise<Refund[]> => {
  const { refundId, orderId, amount, currency, refundedAt } = refunds;
  return db
    .select({ refundId, orderId, amount, currency })
    .from(refunds)
    .where(eq(orderId, ofOrder))
    .orderBy(refundedAt, refundId);
};

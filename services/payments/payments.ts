import { eq } from 'drizzle-orm';
import type { Payment } from '../../contracts/payments.ts';
import type { Database } from '@amends/participant/service';
import { payments } from './schema.ts';

/** The payments of an order, oldest first. */
export const paymentsOf = (db: Database, ofOrder: string): Promise<Payment[]> => {
  const { paymentId, orderId, state, amount, currency, authorizedAt } = payments;
  return db
    .select({ paymentId, orderId, state, amount, currency })
    .from(payments)
    .where(eq(orderId, ofOrder))
    .orderBy(authorizedAt, paymentId);
};

/** Nobody else changes it until the transaction ends; undefined when there is none. */
export const lockPayment = async (tx: Database, paymentId: string) => {
  const [row] = await tx.select().from(payments).where(eq(payments.paymentId, paymentId)).for('update');
  return row;
};

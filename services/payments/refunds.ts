import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { payments as contract, Refund } from '../../contracts/payments.ts';
import { external, type Refusing } from '@amends/participant';
import type { Database } from '@amends/participant/service';
import type { CardProvider } from './card-provider.ts';
import { postRefund } from './ledger.ts';
import { lockPayment } from './payments.ts';
import { payments, refunds } from './schema.ts';

type Input = z.output<typeof contract.actions.refund.input>;

/**
 * Gives back what was captured for an order, or a part of it; the payment is `refunded` when nothing is left of it. Refused
 * `exceeds-payment` when that much is not left: the provider has the last word, so that refunds at the same time never exceed it.
 */
export const refund = (provider: CardProvider) =>
  external({
    prepare: async (
      tx: Database,
      { orderId, amount: { amount, currency } }: Input,
      { refuse }: Refusing<'exceeds-payment'>,
    ) => {
      const captured = await tx
        .select()
        .from(payments)
        .where(and(eq(payments.orderId, orderId), eq(payments.currency, currency), eq(payments.state, 'captured')))
        .orderBy(payments.paymentId);
      const payment = captured.find((each) => each.amount - each.refunded >= amount);
      if (payment === undefined) {
        throw refuse('exceeds-payment', `${amount} ${currency} are not left of what was captured for order ${orderId}`);
      }
      return { paymentId: payment.paymentId, hold: payment.holdId, amount };
    },
    call: async ({ hold, amount }, outside) => {
      if (hold !== null) await provider.refund(hold, amount, outside);
    },
    record: async (tx, { given: { orderId, amount: money }, request: { paymentId } }) => {
      const { amount, currency } = money;
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined) throw new Error(`payment ${paymentId} is gone`);
      const refunded = payment.refunded + amount;
      await tx
        .update(payments)
        .set({ refunded, state: refunded === payment.amount ? 'refunded' : 'captured' })
        .where(eq(payments.paymentId, paymentId));
      const refundId = `f-${randomUUID()}`;
      await tx.insert(refunds).values({ refundId, orderId, paymentId, amount, currency });
      await postRefund(tx, { paymentId, amount, currency });
      return { refundId };
    },
  });

/** The refunds of an order, oldest first. */
export const refundsOf = (db: Database, ofOrder: string): Promise<Refund[]> => {
  const { refundId, orderId, amount, currency, refundedAt } = refunds;
  return db
    .select({ refundId, orderId, amount, currency })
    .from(refunds)
    .where(eq(orderId, ofOrder))
    .orderBy(refundedAt, refundId);
};

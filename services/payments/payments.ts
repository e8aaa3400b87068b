import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { payments as contract, Payment } from '../../contracts/payments.ts';
import { refuse } from '../../participant/index.ts';
import { isoOf } from '../columns.ts';
import type { Database } from '../database.ts';
import { postCapture } from './ledger.ts';
import { payments } from './schema.ts';
import { bankSays } from './test-cards.ts';

/** Holds an amount on a customer's card. Refused `declined` or `expired` by the bank. */
export const authorize = async (
  tx: Database,
  { orderId, amount: { amount, currency }, paymentToken }: z.output<typeof contract.actions.authorize.input>,
): Promise<{ paymentId: string }> => {
  const answer = bankSays(paymentToken);
  if (answer === 'declined') throw refuse('declined', 'the bank says no');
  if (answer === 'expired') throw refuse('expired', 'the card has expired');
  const paymentId = `p-${randomUUID()}`;
  await tx.insert(payments).values({ paymentId, orderId, state: 'authorized', amount, currency });
  return { paymentId };
};

/** Lets a hold go. Money that was captured can only be refunded: refused `captured`. */
export const voidAuthorization = async (tx: Database, paymentId: string): Promise<void> => {
  const payment = await lockPayment(tx, paymentId);
  if (payment === undefined || payment.state === 'voided') return;
  if (payment.state !== 'authorized') throw refuse('captured', `the money of payment ${paymentId} has been taken`);
  await tx.update(payments).set({ state: 'voided' }).where(eq(payments.paymentId, paymentId));
};

/**
 * Takes the money that is held, and posts it to the ledger. Refused `authorization-lapsed` when the hold was voided or never
 * was; money already taken stays so, with the time it was taken at.
 */
export const capture = async (tx: Database, paymentId: string): Promise<{ capturedAt: string }> => {
  const payment = await lockPayment(tx, paymentId);
  if (payment === undefined || payment.state === 'voided') {
    throw refuse('authorization-lapsed', `there is no hold ${paymentId}, or it was voided`);
  }
  if (payment.state !== 'authorized') return { capturedAt: isoOf(payment.capturedAt) };
  const [captured] = await tx
    .update(payments)
    .set({ state: 'captured', capturedAt: sql`now()` })
    .where(eq(payments.paymentId, paymentId))
    .returning();
  await postCapture(tx, payment);
  return { capturedAt: isoOf(captured?.capturedAt) };
};

/** The payments of an order, oldest first. */
export const paymentsOf = (db: Database, ofOrder: string): Promise<Payment[]> => {
  const { paymentId, orderId, state, amount, currency, authorizedAt } = payments;
  return db
    .select({ paymentId, orderId, state, amount, currency })
    .from(payments)
    .where(eq(orderId, ofOrder))
    .orderBy(authorizedAt, paymentId);
};

const lockPayment = async (tx: Database, paymentId: string) => {
  const [row] = await tx.select().from(payments).where(eq(payments.paymentId, paymentId)).for('update');
  return row;
};

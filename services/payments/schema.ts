import { sql } from 'drizzle-orm';
import { bigserial, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { Payment } from '../../contracts/payments.ts';
import { exactly, instant, oneOf, wholeNumber, word } from '@amends/participant/columns';

export const paymentStates = Payment.shape.state.options;

/** A hold on a customer's money, and what became of it. `amount`, and what of it was `refunded`, in minor units of `currency`. */
export const payments = pgTable(
  'payments',
  {
    paymentId: text('payment_id').primaryKey(),
    orderId: text('order_id').notNull(),
    state: word('state', paymentStates).notNull(),
    amount: wholeNumber('amount').notNull(),
    currency: text('currency').notNull(),
    authorizedAt: instant('authorized_at').notNull().defaultNow(),
    capturedAt: instant('captured_at'),
    refunded: wholeNumber('refunded').notNull().default(0),
    /** The card provider's name for it; null of a payment from before there was one. */
    holdId: text('hold_id').unique(),
  },
  (table) => [
    index('payments_of_order').on(table.orderId, table.authorizedAt),
    check('state_is_known', oneOf(table.state, paymentStates)),
    check('amount_is_counted_exactly', exactly(table.amount, 0)),
    check(
      'captured_has_its_time',
      sql`(${table.state} in ('captured', 'refunded')) = (${table.capturedAt} is not null)`,
    ),
    check('refunds_are_of_what_was_taken', sql`${table.refunded} = 0 or ${table.capturedAt} is not null`),
    check('refunds_never_exceed_it', sql`${table.refunded} between 0 and ${table.amount}`),
    check('refunded_is_all_of_it', sql`${table.state} <> 'refunded' or ${table.refunded} = ${table.amount}`),
  ],
);

/** Money that went back, out of one payment. */
export const refunds = pgTable(
  'refunds',
  {
    refundId: text('refund_id').primaryKey(),
    orderId: text('order_id').notNull(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.paymentId),
    amount: wholeNumber('amount').notNull(),
    currency: text('currency').notNull(),
    refundedAt: instant('refunded_at').notNull().defaultNow(),
  },
  (table) => [
    index('refunds_of_order').on(table.orderId, table.refundedAt),
    check('amount_is_counted_exactly', exactly(table.amount, 0)),
  ],
);

/** One booking of the ledger: its postings sum to zero per currency (trigger `postings_balance`). */
export const ledgerTransactions = pgTable('ledger_transactions', {
  transactionId: text('transaction_id').primaryKey(),
  paymentId: text('payment_id')
    .notNull()
    .references(() => payments.paymentId),
  kind: word('kind', ['capture', 'refund']).notNull(),
  postedAt: instant('posted_at').notNull().defaultNow(),
});

/** Append-only (trigger `postings_are_final`). `amount` in minor units: positive is a debit, negative a credit. */
export const postings = pgTable(
  'postings',
  {
    postingId: bigserial('posting_id', { mode: 'number' }).primaryKey(),
    transactionId: text('transaction_id')
      .notNull()
      .references(() => ledgerTransactions.transactionId),
    account: text('account').notNull(),
    currency: text('currency').notNull(),
    amount: wholeNumber('amount').notNull(),
  },
  (table) => [
    index('postings_of_transaction').on(table.transactionId),
    check('amount_is_counted_exactly', exactly(table.amount, Number.MIN_SAFE_INTEGER)),
  ],
);

/** What the test cards have already done to a key: once is once, also after a restart. */
export const cardTricks = pgTable('card_tricks', {
  key: text('key').primaryKey(),
  firstAskedAt: instant('first_asked_at').notNull().defaultNow(),
  answerLostAt: instant('answer_lost_at'),
});

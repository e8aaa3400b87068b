import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Ledger } from '../../contracts/payments.ts';
import type { Database } from '../database.ts';
import { ledgerTransactions, postings } from './schema.ts';

/** What the bank owes the shop; and what the shop has earned. */
const BANK = 'bank';
const SALES = 'sales';

/** Money that was taken, in double entry: debit the bank, credit sales. The database refuses postings that do not balance. */
export const postCapture = async (
  tx: Database,
  { paymentId, amount, currency }: { paymentId: string; amount: number; currency: string },
): Promise<void> => {
  const transactionId = `t-${randomUUID()}`;
  await tx.insert(ledgerTransactions).values({ transactionId, paymentId, kind: 'capture' });
  await tx.insert(postings).values([
    { transactionId, account: BANK, currency, amount },
    { transactionId, account: SALES, currency, amount: -amount },
  ]);
};

/** Every account's balance by currency, debits positive; the balances of one currency sum to zero. */
export const readLedger = async (db: Database): Promise<Ledger> => {
  const { account, currency, amount } = postings;
  const accounts = await db
    .select({ account, currency, balance: sql`sum(${amount})`.mapWith(countedExactly) })
    .from(postings)
    .groupBy(account, currency)
    .orderBy(currency, account);
  return { accounts };
};

const countedExactly = (sum: string): number => {
  const value = Number(sum);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a balance of ${sum} cannot be counted exactly`);
  return value;
};

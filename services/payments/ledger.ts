import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database } from '@amends/participant/service';
import { ledgerTransactions, postings } from './schema.ts';

/** What the bank owes the shop; and what the shop has earned. */
const BANK = 'bank';
const SALES = 'sales';

interface Movement {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
}

/** Money that was taken, in double entry: debit the bank, credit sales. */
export const postCapture = (tx: Database, movement: Movement): Promise<void> =>
  post(tx, 'capture', movement, { debit: BANK, credit: SALES });

/** Money that went back: the other way round. */
export const postRefund = (tx: Database, movement: Movement): Promise<void> =>
  post(tx, 'refund', movement, { debit: SALES, credit: BANK });

/** The database refuses postings that do not balance. */
const post = async (
  tx: Database,
  kind: 'capture' | 'refund',
  { paymentId, amount, currency }: Movement,
  { debit, credit }: { debit: string; credit: string },
): Promise<void> => {
  const transactionId = `t-${randomUUID()}`;
  await tx.insert(ledgerTransactions).values({ transactionId, paymentId, kind });
  await tx.insert(postings).values([
    { transactionId, account: debit, currency, amount },
    { transactionId, account: credit, currency, amount: -amount },
  ]);
};

/**
 * Every account's balance by currency, debits positive; the balances of one currency sum to zero. JSON (`Ledger`), as text: a sum may be
 * past 2^53-1, which JSON can say and JavaScript cannot.
 */
export const readLedger = async (db: Database): Promise<string> => {
  const { account, currency, amount } = postings;
  const accounts = await db
    .select({ account, currency, balance: sql<string>`sum(${amount})::text` })
    .from(postings)
    .groupBy(account, currency)
    .orderBy(currency, account);
  return `{"accounts":[${accounts.map(accountInJson).join(',')}]}`;
};

const accountInJson = ({ balance, ...names }: { account: string; currency: string; balance: string }): string =>
  `${JSON.stringify(names).slice(0, -1)},"balance":${balance}}`;

import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { payments as contract } from '../../contracts/payments.ts';
import { external, type Done, type Outside, type Refusing } from '@amends/participant';
import type { Database } from '@amends/participant/service';
import type { CardProvider } from './card-provider.ts';
import { lockPayment } from './payments.ts';
import { payments } from './schema.ts';

type Input = z.output<typeof contract.actions.authorize.input>;
type Output = z.output<typeof contract.actions.authorize.output>;

/** Holds an amount on a customer's card. Refused `declined` or `expired` by the bank. */
export const authorize = (provider: CardProvider) =>
  external({
    prepare: async (_: Database, { amount: { amount, currency }, paymentToken: card }: Input) => {
      return { reference: `p-${randomUUID()}`, amount, currency, card };
    },
    call: (wanted, outside: Outside<'declined' | 'expired'>) => provider.hold(wanted, outside),
    record: async (tx, { given: { orderId }, request: { reference, amount, currency }, result: holdId }) => {
      const paymentId = reference;
      await tx.insert(payments).values({ paymentId, orderId, state: 'authorized', amount, currency, holdId });
      return { paymentId };
    },
  });

/** Lets a hold go. Money that was captured can only be refunded: refused `captured`. */
export const voidAuthorization = (provider: CardProvider) =>
  external({
    prepare: async (tx: Database, { answer: { paymentId } }: Done<Input, Output>, { refuse }: Refusing<'captured'>) => {
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined || payment.state === 'voided') return { hold: null };
      if (payment.state !== 'authorized') throw refuse('captured', `the money of payment ${paymentId} has been taken`);
      return { hold: payment.holdId };
    },
    call: async ({ hold }, outside) => {
      if (hold !== null) await provider.letGo(hold, outside);
    },
    record: async (tx, { given: { answer } }) => {
      await tx.update(payments).set({ state: 'voided' }).where(eq(payments.paymentId, answer.paymentId));
    },
  });

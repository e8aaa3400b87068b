import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { payments as contract } from '../../contracts/payments.ts';
import { external, type Refusing } from '@amends/participant';
import { isoOf, type Database } from '@amends/participant/service';
import type { CardProvider } from './card-provider.ts';
import { postCapture } from './ledger.ts';
import { lockPayment } from './payments.ts';
import { payments } from './schema.ts';

type Input = z.output<typeof contract.actions.capture.input>;

/**
 * Takes the money that is held, and posts it to the ledger. Refused `authorization-lapsed` when the hold was voided or never
 * was; money already taken stays so, with the time it was taken at.
 */
export const capture = (provider: CardProvider) =>
  external({
    prepare: async (tx: Database, { paymentId }: Input, { refuse }: Refusing<'authorization-lapsed'>) => {
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined || payment.state === 'voided') {
        throw refuse('authorization-lapsed', `there is no hold ${paymentId}, or it was voided`);
      }
      return { hold: payment.state === 'authorized' ? payment.holdId : null };
    },
    call: async ({ hold }, outside) => (hold === null ? null : provider.capture(hold, outside)),
    record: async (tx, { given: { paymentId }, result }) => {
      const payment = await lockPayment(tx, paymentId);
      if (payment === undefined) throw new Error(`payment ${paymentId} is gone`);
      // another capture of it was faster
      if (payment.capturedAt !== null) return { capturedAt: isoOf(payment.capturedAt) };
      const capturedAt = result === null ? new Date() : new Date(result);
      await tx.update(payments).set({ state: 'captured', capturedAt }).where(eq(payments.paymentId, paymentId));
      await postCapture(tx, payment);
      return { capturedAt: isoOf(capturedAt) };
    },
  });

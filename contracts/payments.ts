import { z } from 'zod';
import { action, Instant, participant, words } from '@amends/contracts';
import { GivenKey, Money } from './values.ts';

const amount = { amount: 1800, currency: 'EUR' };
const PaymentId = z.string().min(1).max(128);
const RefundId = z.string().min(1).max(128);

/**
 * Test cards: `tok_ok`; `tok_declined`, `tok_expired` (refused); `tok_answer_lost` (the first answer of a key is never
 * sent although the hold is committed); `tok_slow` (the hold is made, and answered, 8 s after its key was first asked for).
 * Any other token is declined.
 */
export const payments = participant({
  authorize: action({
    route: 'POST /payments',
    input: z.object({ orderId: GivenKey, amount: Money, paymentToken: words(128) }),
    output: z.object({ paymentId: PaymentId }),
    undo: 'void authorization',
    refusals: {
      declined: { when: 'the bank says no', example: { orderId: 'o-1', amount, paymentToken: 'tok_declined' } },
      expired: { when: 'the card has expired', example: { orderId: 'o-1', amount, paymentToken: 'tok_expired' } },
    },
    example: { input: { orderId: 'o-1', amount, paymentToken: 'tok_ok' }, output: { paymentId: 'p-1' } },
  }),
  capture: action({
    route: 'POST /payments/{paymentId}/capture',
    input: z.object({ paymentId: PaymentId }),
    output: z.object({ capturedAt: Instant }),
    refusals: { 'authorization-lapsed': { when: 'the bank has let the hold go: it was voided or never was' } },
    example: { input: { paymentId: 'p-1' }, output: { capturedAt: '2026-01-01T00:00:00.000Z' } },
  }),
  refund: action({
    route: 'POST /refunds',
    input: z.object({ orderId: GivenKey, amount: Money }),
    output: z.object({ refundId: RefundId }),
    refusals: {
      'exceeds-payment': {
        when: 'more than was captured for that order in that currency and is not refunded yet',
        example: { orderId: 'o-1', amount: { amount: 999_999_999, currency: 'EUR' } },
      },
    },
    example: { input: { orderId: 'o-1', amount }, output: { refundId: 'f-1' } },
  }),
});

/** `GET /payments?orderId=`; `amount` in minor units of `currency`. `refunded`: all of it; in part it stays `captured`. */
export const Payment = z.object({
  paymentId: PaymentId,
  orderId: GivenKey,
  state: z.enum(['authorized', 'voided', 'captured', 'refunded']),
  amount: z.int(),
  currency: z.string(),
});
export type Payment = z.infer<typeof Payment>;

/** `GET /refunds?orderId=`; `amount` in minor units of `currency`. */
export const Refund = z.object({ refundId: RefundId, orderId: GivenKey, amount: z.int(), currency: z.string() });
export type Refund = z.infer<typeof Refund>;

/** A whole number of any size, told exactly; JavaScript rounds one past 2^53-1, both sides of an entry alike. */
const Balance = z.number().refine(Number.isInteger, 'must be a whole number');

/** `GET /ledger`: double entry; the balances of one currency sum to zero. */
export const Ledger = z.object({
  accounts: z.array(z.object({ account: z.string(), currency: z.string(), balance: Balance })),
});
export type Ledger = z.infer<typeof Ledger>;

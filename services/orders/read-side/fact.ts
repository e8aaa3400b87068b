import { z } from 'zod';
import { OrderLine } from '../../../contracts/orders.ts';
import { Instant } from '@amends/contracts';

const content = { currency: z.string(), lines: z.array(OrderLine) };

/**
 * What one event says of its order. `ordinal` counts how often the order has been accepted, and says which of these was released again.
 * `at` is when it happened, by the event.
 */
export const Fact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('placed'), at: Instant, ...content }),
  z.object({ kind: z.literal('accepted'), at: Instant, sagaId: z.string(), ordinal: z.int(), ...content }),
  z.object({ kind: z.literal('released'), at: Instant, ordinal: z.int() }),
  z.object({
    kind: z.literal('ended'),
    at: Instant,
    sagaId: z.string(),
    status: z.enum(['confirmed', 'rejected', 'cancelled']),
    reason: z.string().nullable(),
    trackingNumber: z.string().nullable(),
  }),
  z.object({ kind: z.literal('returned'), at: Instant }),
]);
export type Fact = z.infer<typeof Fact>;

/** A fact with the event that said it: source and id together tell an event from its repeats. */
export interface ToldFact {
  readonly orderId: string;
  readonly source: string;
  readonly eventId: string;
  readonly fact: Fact;
}

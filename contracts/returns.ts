import { z } from 'zod';
import { words } from '@amends/contracts';
import { Address, GivenKey, Line, Money } from './values.ts';

const Lines = z.array(Line).min(1).max(2_000);

/** A customer wants to give goods back: the data of `shop.return.requested.v1` and the input of `returnOrder`. */
export const ReturnRequest = z.object({
  orderId: GivenKey,
  customerId: words(128),
  reason: words(500),
  lines: Lines,
  /** What is refunded when they have come. */
  amount: Money,
  shipFrom: Address,
});
export type ReturnRequest = z.infer<typeof ReturnRequest>;

/** A parcel has come back: the data of `shop.return.received.v1`. `lines` is what was in it. */
export const ReturnReceived = z.object({
  orderId: GivenKey,
  lines: Lines,
  condition: z.enum(['as-new', 'damaged']),
});

import type { z } from 'zod';
import type { Order } from '../../contracts/orders.ts';
import type { ReturnReceived, ReturnRequest } from '../../contracts/returns.ts';
import type { Random } from './random.ts';

/** What is on the shelves: so much that an order fails for its own reasons alone. */
export const SKUS = Array.from({ length: 40 }, (_, n) => `soak-${n}`);
export const SHELVED = 1_000_000;

/** How an order's saga must end, unless it is cancelled. */
export type DueEnd = 'completed' | 'compensated';

const BAD_SHARE = 0.06;
const LOST_ANSWER_SHARE = 0.1;
const LINES_MAX = 3;
const QUANTITY_MAX = 3;
const PRICE_MAX = 9_900;
const COUNTRIES = ['DE', 'FR', 'AT', 'NL'] as const;

const BAD: readonly [Partial<Order>, ...Partial<Order>[]] = [
  { paymentToken: 'tok_declined' },
  { shipTo: { country: 'SY' } },
  { lines: [{ sku: 'soak-nowhere', quantity: 1, unitPrice: 100 }] },
];

const linesOf = (random: Random) =>
  random
    .shuffled(SKUS)
    .slice(0, 1 + random.below(LINES_MAX))
    .map((sku) => ({ sku, quantity: 1 + random.below(QUANTITY_MAX) }));

/** Most orders can be fulfilled; some have a card that is declined, a country that is not served, or goods that nobody has. */
export const orderOf = (random: Random, orderId: string): { readonly order: Order; readonly end: DueEnd } => {
  const order: Order = {
    orderId,
    customerId: `c-${random.below(1_000)}`,
    currency: 'EUR',
    lines: linesOf(random).map((line) => ({ ...line, unitPrice: 100 + random.below(PRICE_MAX) })),
    shipTo: { country: random.pick(COUNTRIES) },
    paymentToken: random.chance(LOST_ANSWER_SHARE) ? 'tok_answer_lost' : 'tok_ok',
  };
  if (!random.chance(BAD_SHARE)) return { order, end: 'completed' };
  return { order: { ...order, ...random.pick(BAD) }, end: 'compensated' };
};

export const returnOf = (random: Random, orderId: string): ReturnRequest => ({
  orderId,
  customerId: `c-${random.below(1_000)}`,
  reason: 'it is too small',
  lines: linesOf(random),
  amount: { amount: 100 + random.below(PRICE_MAX), currency: 'EUR' },
  shipFrom: { country: random.pick(COUNTRIES) },
});

export const parcelOf = ({ orderId, lines }: ReturnRequest): z.infer<typeof ReturnReceived> => ({
  orderId,
  lines,
  condition: 'as-new',
});

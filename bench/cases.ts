import { randomUUID } from 'node:crypto';
import { exampleOrder, type Order } from '../contracts/orders.ts';

/** What may become of an order. */
export const CASES = ['happy', 'refused', 'cancelled'] as const;
export type Case = (typeof CASES)[number];

/** How each must end, as every variant says it. */
export const END: Readonly<Record<Case, string>> = {
  happy: 'completed',
  refused: 'compensated',
  cancelled: 'cancelled',
};

/** A cancel comes while the card provider is slow, so that it always comes in time. */
export const CANCEL_AFTER_MS = 1_000;
const CHANGES: Readonly<Record<Case, Partial<Order>>> = {
  happy: {},
  refused: { shipTo: { country: 'KP' } },
  cancelled: { paymentToken: 'tok_slow' },
};

/** Orders of different customers want different things: one row of stock would be what all wait for. */
const SKUS = Array.from({ length: 20 }, (_, n) => `mug-${n}`);
const STOCK = 1_000_000;

export const newOrder = (of: Case, n: number): Order => ({
  ...exampleOrder,
  orderId: `b-${randomUUID()}`,
  lines: [{ sku: SKUS[n % SKUS.length] ?? 'mug', quantity: 2, unitPrice: 900 }],
  ...CHANGES[of],
});

/** Puts more on the shelves than any run can sell. */
export const fillShelves = async (inventory: string): Promise<void> => {
  for (const sku of SKUS) {
    const answer = await fetch(`${inventory}/stock/${sku}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ available: STOCK }),
    });
    if (!answer.ok) throw new Error(`the shelf of ${sku} was not filled: ${answer.status} ${await answer.text()}`);
  }
};

import type { Pool } from 'pg';
import type { Hold } from '../../services/card-provider/decide.ts';
import type { OwnShop } from './own-shop.ts';
import type { EffectsFound } from './world.ts';

/** Each order's status, as the orders service decides by it. */
export const readOrders = ({ orders }: OwnShop['pools']): Promise<ReadonlyMap<string, string>> =>
  statusesOf(orders, 'orders');

/** The same, as its read side shows it. */
export const readShown = ({ orders }: OwnShop['pools']): Promise<ReadonlyMap<string, string>> =>
  statusesOf(orders, 'order_views where generation = (select current from order_read_side)');

const statusesOf = async (pool: Pool, from: string): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await pool.query<{ order_id: string; status: string }>(`select order_id, status from ${from}`);
  return new Map(rows.map(({ order_id: id, status }) => [id, status]));
};

/** In force, of every order. */
export const readEffects = async ({
  payments,
  inventory,
  shipping,
}: OwnShop['pools']): Promise<ReadonlyMap<string, EffectsFound>> => {
  const found = new Map<string, Record<keyof EffectsFound, number>>();
  const count = async (name: keyof EffectsFound, pool: Pool, from: string): Promise<void> => {
    const { rows } = await pool.query<{ order_id: string; count: number }>(
      `select order_id, count(*)::int as count from ${from} and order_id is not null group by order_id`,
    );
    for (const { order_id: id, count: n } of rows) {
      const of = found.get(id) ?? { captured: 0, authorized: 0, shipped: 0, reserved: 0, booked: 0 };
      of[name] = n;
      found.set(id, of);
    }
  };
  await Promise.all([
    count('captured', payments, `payments where state = 'captured'`),
    count('authorized', payments, `payments where state = 'authorized'`),
    count('shipped', inventory, `reservations where state = 'shipped'`),
    count('reserved', inventory, `reservations where state = 'reserved'`),
    count('booked', shipping, `shipments where state = 'booked'`),
  ]);
  return found;
};

interface Page {
  readonly items: readonly Hold[];
  readonly next: string | null;
}

/** The card provider's books, all pages. */
export const readHolds = async (providerUrl: string): Promise<readonly Hold[]> => {
  const holds: Hold[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const answer = await fetch(`${providerUrl}/holds?cursor=${cursor}`);
    const page = (await answer.json()) as Page;
    holds.push(...page.items);
    cursor = page.next;
  }
  return holds;
};

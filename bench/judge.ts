import type { Pool } from 'pg';
import type { ShopService } from '../testing/shop.ts';
import type { Case } from './cases.ts';

/** What is left in the services, as states of rows: of each that is named here, as many as there are orders, and none in another state. */
type Left = Readonly<Record<'reservations' | 'payments' | 'shipments' | 'notifications', string | null>>;

const LEFT: Readonly<Record<Case, Left>> = {
  happy: { reservations: 'shipped', payments: 'captured', shipments: 'booked', notifications: 'order-confirmed' },
  refused: { reservations: 'released', payments: 'voided', shipments: null, notifications: null },
  cancelled: { reservations: 'released', payments: 'voided', shipments: null, notifications: null },
};

/** A hold that is cancelled while it is asked for may never have been made: its undo may come first. */
const mayBeMissing = (of: Case, table: string): boolean => of === 'cancelled' && table === 'payments';

const TABLES = {
  reservations: ['inventory', 'state'],
  payments: ['payments', 'state'],
  shipments: ['shipping', 'state'],
  notifications: ['notifications', 'template'],
} as const satisfies Record<keyof Left, readonly [ShopService, string]>;

/** What is not as it must be in the services' tables, in sentences. */
export const judge = async (
  pools: Readonly<Record<ShopService, Pool>>,
  of: Case,
  orderIds: readonly string[],
): Promise<string[]> => {
  const judged = Object.entries(TABLES).map(async ([table, [service, column]]) => {
    const { rows } = await pools[service].query<{ state: string; count: number }>(
      `select ${column} as state, count(*)::int as count from ${table} where order_id = any($1) group by 1`,
      [orderIds],
    );
    const found = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    const state = LEFT[of][table as keyof Left];
    const wanted = state === null ? {} : { [state]: orderIds.length };
    const isRight = mayBeMissing(of, table)
      ? rows.every((row) => row.state === state)
      : JSON.stringify(found) === JSON.stringify(wanted);
    return isRight ? [] : [`${table}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
  });
  return (await Promise.all(judged)).flat();
};

import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { BusinessKey } from '../../contracts/ids.ts';
import { OrderStatus, type OrderView } from '../../contracts/orders.ts';
import { Instant } from '../../contracts/values.ts';
import type { Database } from '../database.ts';
import { pageQuery, pagesOf, type Page } from '../paging.ts';
import { orders } from './schema.ts';

export const OrdersQuery = z.strictObject({ status: OrderStatus.optional(), ...pageQuery });

const Position = z.tuple([Instant, BusinessKey]);

/** An order with what belongs to it, in one statement: nobody sees a status that is not in its history yet. */
const selectViews = (db: Database) => {
  const { orderId, status, reason, trackingNumber, currency, total, placedAt } = orders;
  const lines = sql<OrderView['lines']>`(
    select json_agg(json_build_object('sku', sku, 'quantity', quantity, 'unitPrice', unit_price) order by position)
    from order_lines where order_lines.order_id = orders.order_id)`;
  const history = sql<OrderView['history']>`(
    select json_agg(json_build_object('at', at, 'status', order_history.status) order by entry)
    from order_history where order_history.order_id = orders.order_id)`;
  return db
    .select({ view: { orderId, status, reason, trackingNumber, currency, lines, total, history }, placedAt })
    .from(orders);
};

type Row = Awaited<ReturnType<typeof selectViews>>[number];

const toView = ({ view }: Row): OrderView => ({
  ...view,
  history: view.history.map(({ at, status }) => ({ at: new Date(at).toISOString(), status })),
});

export const viewOrder = async (db: Database, orderId: string): Promise<OrderView | undefined> => {
  const rows = await selectViews(db).where(eq(orders.orderId, orderId));
  return rows.map(toView)[0];
};

/** Orders, newest first. */
export const listOrders = async (
  db: Database,
  { status, cursor, limit }: z.infer<typeof OrdersQuery>,
): Promise<Page<OrderView>> => {
  const pages = pagesOf(`orders?status=${status ?? ''}`, Position);
  const after = pages.after(cursor);
  const rows = await selectViews(db)
    .where(
      and(
        status && eq(orders.status, status),
        after && sql`(${orders.placedAt}, ${orders.orderId}) < (${after[0]}::timestamptz, ${after[1]})`,
      ),
    )
    .orderBy(desc(orders.placedAt), desc(orders.orderId))
    .limit(limit + 1);
  const { items, next } = pages.page(rows, limit, (row) => [row.placedAt.toISOString(), row.view.orderId]);
  return { items: items.map(toView), next };
};

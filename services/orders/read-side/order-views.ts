import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { OrderStatus, OrderView } from '../../../contracts/orders.ts';
import { Instant } from '@amends/contracts';
import { pageQuery, pagesOf, type Database, type Page } from '@amends/participant/service';
import { orderViews } from './tables.ts';

export const OrdersQuery = z.strictObject({ status: OrderStatus.optional(), ...pageQuery });

const Position = z.tuple([Instant, OrderView.shape.orderId]);

const { generation, orderId, status, reason, trackingNumber, currency, lines, total, history, placedAt } = orderViews;

const selectViews = (db: Database) =>
  db
    .select({ view: { orderId, status, reason, trackingNumber, currency, lines, total, history }, placedAt })
    .from(orderViews);

/** In the statement that reads the rows: a rebuild may end between two. */
const isServed = eq(generation, sql`(select current from order_read_side)`);

export const viewOrder = async (db: Database, id: string): Promise<OrderView | undefined> => {
  const [row] = await selectViews(db).where(and(isServed, eq(orderId, id)));
  return row?.view;
};

/** Orders, newest first. */
export const listOrders = async (
  db: Database,
  { status: asked, cursor, limit }: z.infer<typeof OrdersQuery>,
): Promise<Page<OrderView>> => {
  const pages = pagesOf(`orders?status=${asked ?? ''}`, Position);
  const after = pages.after(cursor);
  const rows = await selectViews(db)
    .where(
      and(
        isServed,
        asked && eq(status, asked),
        after && sql`(${placedAt}, ${orderId}) < (${after[0]}::timestamptz, ${after[1]})`,
      ),
    )
    .orderBy(desc(placedAt), desc(orderId))
    .limit(limit + 1);
  const { items, next } = pages.page(rows, limit, (row) => [row.placedAt.toISOString(), row.view.orderId]);
  return { items: items.map(({ view }) => view), next };
};

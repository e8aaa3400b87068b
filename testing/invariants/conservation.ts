import type { Pool } from 'pg';
import type { Shop } from '../shop.ts';

/** In every statement: no rows are all well; a row says in words what is not. */
const STOCK = `
with gone as (
  select l.sku, sum(l.quantity) filter (where r.state = 'reserved') as reserved,
         sum(l.quantity) filter (where r.state = 'shipped') as shipped
  from reservations r join reservation_lines l using (reservation_id) group by l.sku
), back as (
  select line ->> 'sku' as sku, sum((line ->> 'quantity')::bigint) as quantity
  from restockings, json_array_elements(lines) as line where state = 'restocked' group by 1
)
select stock.sku || ': ' || reserved_there || ' reserved and ' || shipped_there || ' shipped, but reservations say '
       || reserved_said || ' and ' || shipped_said as wrong
from (
  select stock.sku, stock.reserved as reserved_there, stock.shipped as shipped_there,
         coalesce(gone.reserved, 0) as reserved_said, coalesce(gone.shipped, 0) - coalesce(back.quantity, 0) as shipped_said
  from stock left join gone using (sku) left join back using (sku)
) as stock
where reserved_there <> reserved_said or shipped_there <> shipped_said`;

const LEDGER = `
select 'the ledger is off by ' || sum(amount) || ' ' || currency as wrong from postings group by currency having sum(amount) <> 0
union all
select payment_id || ': the bank was debited ' || coalesce(bank, 0) || ', but ' || due || ' were taken and not given back'
from (
  select p.payment_id, case when p.captured_at is null then 0 else p.amount - p.refunded end as due,
         (select sum(po.amount) from postings po join ledger_transactions t using (transaction_id)
          where t.payment_id = p.payment_id and po.account = 'bank') as bank
  from payments p
) as each where coalesce(bank, 0) <> due
union all
select payment_id || ': ' || refunded || ' refunded, but refunds say ' || coalesce(said, 0)
from (select payment_id, refunded, (select sum(amount) from refunds r where r.payment_id = p.payment_id) as said from payments p) as each
where refunded <> coalesce(said, 0)`;

const OPEN = `select key || ' is left ' || state as wrong from saga_operations where state in ('pending', 'undoing')`;

/** Goods that are not conserved per SKU, in words. `shelved`: what was put on the shelf: `initial = available + reserved + shipped`. */
export const goodsNotConserved = async (
  inventory: Pool,
  shelved: ReadonlyMap<string, number>,
): Promise<readonly string[]> => {
  const stock = await inventory.query<{ sku: string; there: string }>(
    'select sku, available + reserved + shipped as there from stock',
  );
  const moved = stock.rows
    .filter(({ sku, there }) => shelved.has(sku) && shelved.get(sku) !== Number(there))
    .map(({ sku, there }) => `${sku}: ${there} there, ${shelved.get(sku)} were put on the shelf`);
  return [...moved, ...(await wordsOf(inventory, STOCK))];
};

/** Money that is not conserved in double entry, in words. */
export const moneyNotConserved = (payments: Pool): Promise<readonly string[]> => wordsOf(payments, LEDGER);

const wordsOf = async (pool: Pool, statement: string): Promise<readonly string[]> =>
  (await pool.query<{ wrong: string }>(statement)).rows.map(({ wrong }) => wrong);

/** What must hold of the whole shop at any time, in words where it does not: goods and money are conserved, no operation is open. */
export const notConserved = async (
  { pools }: Pick<Shop, 'pools'>,
  shelved: ReadonlyMap<string, number>,
): Promise<readonly string[]> => {
  const said = await Promise.all([
    goodsNotConserved(pools.inventory, shelved),
    moneyNotConserved(pools.payments),
    ...Object.values(pools).map((pool) => wordsOf(pool, OPEN)),
  ]);
  return said.flat();
};

/** Money that was taken and not given back is for goods on their way, and the reverse; in words where it is not. */
export const paidAndShipped = async ({ pools }: Pick<Shop, 'pools'>, orderId: string): Promise<readonly string[]> => {
  const paid = await pools.payments.query(`select 1 from payments where state = 'captured' and order_id = $1`, [
    orderId,
  ]);
  const sent = await pools.shipping.query(`select 1 from shipments where state = 'booked' and order_id = $1`, [
    orderId,
  ]);
  const refunded = await pools.payments.query(`select 1 from refunds where order_id = $1`, [orderId]);
  if (refunded.rowCount !== 0 || (paid.rowCount === 0) === (sent.rowCount === 0)) return [];
  return [`${orderId}: ${paid.rowCount} payments captured, ${sent.rowCount} shipments booked`];
};

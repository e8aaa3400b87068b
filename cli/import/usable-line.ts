import { OrderLine, type Order } from '../../contracts/orders.ts';
import type { InvoiceRow } from './invoice-row.ts';
import { pence } from './pence.ts';

/** Why a line of a used invoice is not used: the first that holds, in this order. */
export type LineReason =
  | 'quantity unreadable'
  | 'quantity not above 0'
  | 'price unreadable'
  | 'price not above 0'
  | 'code of no goods'
  | 'not of the form of an order line';

/** Goods have codes that begin with five digits; `POST`, `D`, `BANK CHARGES` and the like are none. */
const GOODS = /^\d{5}/;
const WHOLE_NUMBER = /^-?\d+$/;

/** The line as an order has it (the price in pence, the SKU as in the file), or why it is not used. */
export const usableLine = (row: InvoiceRow): Order['lines'][number] | LineReason => {
  if (!WHOLE_NUMBER.test(row.quantity)) return 'quantity unreadable';
  const quantity = Number(row.quantity);
  if (quantity <= 0) return 'quantity not above 0';
  const unitPrice = pence(row.price);
  if (unitPrice === undefined) return 'price unreadable';
  if (unitPrice <= 0) return 'price not above 0';
  if (!GOODS.test(row.code)) return 'code of no goods';
  const line = OrderLine.safeParse({ sku: row.code, quantity, unitPrice });
  return line.success ? line.data : 'not of the form of an order line';
};

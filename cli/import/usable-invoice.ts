import { Order } from '../../contracts/orders.ts';
import { countryCode } from './country-code.ts';
import type { InvoiceRow } from './invoice-row.ts';
import { usableLine, type LineReason } from './usable-line.ts';

/** Why an invoice is not used as an order. */
export type InvoiceReason =
  | 'without customer'
  | 'several customers or countries'
  | 'country without an ISO code'
  | 'no usable line'
  | 'not of the form of an order';

/** An invoice's order, and what of its lines is left out; or why it is none. */
export type UsableInvoice =
  | { readonly order: Order; readonly leftOut: readonly LineReason[] }
  | { readonly reason: InvoiceReason };

/** Real cards are not in the file. */
const CARD = 'tok_ok';
const CURRENCY = 'GBP';

/** The file writes the customer 17850 as `17850.0`. */
export const customerOf = (row: InvoiceRow): string => row.customer.replace(/\.0+$/, '');

/** The order of one invoice: its number is the order's id, its country's ISO code where it is shipped to. */
export const usableInvoice = (rows: readonly InvoiceRow[]): UsableInvoice => {
  const [first] = rows;
  if (first === undefined || rows.every((row) => row.customer === '')) return { reason: 'without customer' };
  const sameHead = (row: InvoiceRow): boolean => row.customer === first.customer && row.country === first.country;
  if (!rows.every(sameHead)) return { reason: 'several customers or countries' };
  const judged = rows.map(usableLine);
  const lines = judged.filter((line) => typeof line === 'object');
  if (lines.length === 0) return { reason: 'no usable line' };
  const country = countryCode(first.country);
  if (country === undefined) return { reason: 'country without an ISO code' };
  const order = Order.safeParse({
    orderId: first.invoice,
    customerId: customerOf(first),
    currency: CURRENCY,
    lines,
    shipTo: { country },
    paymentToken: CARD,
  });
  if (!order.success) return { reason: 'not of the form of an order' };
  return { order: order.data, leftOut: judged.filter((line) => typeof line === 'string') };
};

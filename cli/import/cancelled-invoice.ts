import type { InvoiceRow } from './invoice-row.ts';
import { customerOf } from './usable-invoice.ts';

/** Why a `C…` invoice becomes no cancel request. */
export type CancellationReason =
  | 'without customer'
  | 'no earlier invoice of that customer holds its goods'
  | 'several earlier invoices of that customer hold its goods'
  | 'the invoice it cancels is not used';

/** `C536379` takes something of an earlier invoice back. */
export const isCancellation = (invoice: string): boolean => invoice.startsWith('C');

/** How many of each code; what is taken back counts below 0, and so does what cannot be read. */
const goodsOf = (rows: readonly InvoiceRow[]): Map<string, number> => {
  const goods = new Map<string, number>();
  for (const row of rows) goods.set(row.code, (goods.get(row.code) ?? 0) + Number(row.quantity));
  return goods;
};

/**
 * The one invoice that a cancellation means: the only one, among `earlier` ones, of its customer that holds every code of it
 * in at least the quantity taken back; else why there is none.
 */
export const cancelledInvoice = (
  cancellation: readonly InvoiceRow[],
  earlier: ReadonlyMap<string, readonly InvoiceRow[]>,
): { readonly invoice: string } | { readonly reason: CancellationReason } => {
  const [first] = cancellation;
  if (first === undefined || customerOf(first) === '') return { reason: 'without customer' };
  const taken = [...goodsOf(cancellation)];
  const holders = [...earlier].filter(([, rows]) => {
    if (!rows.every((row) => customerOf(row) === customerOf(first))) return false;
    const held = goodsOf(rows);
    return taken.every(([code, quantity]) => quantity < 0 && (held.get(code) ?? 0) >= -quantity);
  });
  const [only, ...others] = holders;
  if (only === undefined) return { reason: 'no earlier invoice of that customer holds its goods' };
  if (others.length > 0) return { reason: 'several earlier invoices of that customer hold its goods' };
  return { invoice: only[0] };
};

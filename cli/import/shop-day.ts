import type { Order } from '../../contracts/orders.ts';
import { Tally } from 'amends';
import { cancelledInvoice, isCancellation, type CancellationReason } from './cancelled-invoice.ts';
import type { InvoiceRow } from './invoice-row.ts';
import { usableInvoice, type InvoiceReason } from './usable-invoice.ts';
import type { LineReason } from './usable-line.ts';

/** What is to be done at the orders service. */
export type ShopAct =
  | { readonly kind: 'place'; readonly order: Order }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly reason: string };

/** What a file says, in order of time, and what of it is not used. Every invoice and every line is counted exactly once. */
export interface ShopDay {
  readonly acts: readonly ShopAct[];
  readonly invoices: {
    readonly all: number;
    readonly used: number;
    readonly unused: Tally<InvoiceReason>;
    /** `C…` invoices: those that became cancel requests, and why the others did not. */
    readonly cancelRequests: number;
    readonly unusedCancellations: Tally<CancellationReason>;
  };
  readonly lines: {
    readonly all: number;
    readonly used: number;
    readonly unused: Tally<LineReason | 'of an invoice that is not used' | 'of a cancellation (C…)'>;
  };
}

/** Judges every invoice of the file, by the rules of {@link usableInvoice} and {@link cancelledInvoice}. */
export const readShopDay = (rows: readonly InvoiceRow[]): ShopDay => {
  const acts: ShopAct[] = [];
  const placed = new Set<string>();
  const unused: ShopDay['invoices']['unused'] = new Tally();
  const unusedCancellations: ShopDay['invoices']['unusedCancellations'] = new Tally();
  const unusedLines: ShopDay['lines']['unused'] = new Tally();
  const invoices = inTime(byInvoice(rows));
  const earlier = new Map<string, readonly InvoiceRow[]>();

  for (const [invoice, lines] of invoices) {
    if (isCancellation(invoice)) {
      unusedLines.add('of a cancellation (C…)', lines.length);
      const meant = cancelledInvoice(lines, earlier);
      if ('reason' in meant) unusedCancellations.add(meant.reason);
      else if (!placed.has(meant.invoice)) unusedCancellations.add('the invoice it cancels is not used');
      else acts.push({ kind: 'cancel', orderId: meant.invoice, reason: `cancelled by ${invoice}` });
      continue;
    }
    earlier.set(invoice, lines);
    const usable = usableInvoice(lines);
    if ('reason' in usable) {
      unused.add(usable.reason);
      unusedLines.add('of an invoice that is not used', lines.length);
      continue;
    }
    placed.add(invoice);
    acts.push({ kind: 'place', order: usable.order });
    for (const reason of usable.leftOut) unusedLines.add(reason);
  }

  return {
    acts,
    invoices: {
      all: invoices.length,
      used: placed.size,
      unused,
      cancelRequests: acts.length - placed.size,
      unusedCancellations,
    },
    lines: { all: rows.length, used: rows.length - unusedLines.total, unused: unusedLines },
  };
};

/** By number, in the file's order. */
const byInvoice = (rows: readonly InvoiceRow[]): Map<string, InvoiceRow[]> => {
  const invoices = new Map<string, InvoiceRow[]>();
  for (const row of rows) {
    const lines = invoices.get(row.invoice);
    if (lines) lines.push(row);
    else invoices.set(row.invoice, [row]);
  }
  return invoices;
};

const DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d/;

const dateOf = ([, [first]]: [string, InvoiceRow[]]): string => first?.date ?? '';

/** By their dates, as far as all are such dates; those of one minute, and else all, stay in the file's order. */
const inTime = (invoices: ReadonlyMap<string, InvoiceRow[]>): [string, InvoiceRow[]][] => {
  const list = [...invoices];
  if (!list.every((invoice) => DATE.test(dateOf(invoice)))) return list;
  return list.sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : dateOf(a) > dateOf(b) ? 1 : 0));
};

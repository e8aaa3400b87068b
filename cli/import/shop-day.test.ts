import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvoiceRow } from './invoice-row.ts';
import { readShopDay } from './shop-day.ts';

const row = (changes: Partial<InvoiceRow> = {}): InvoiceRow => ({
  invoice: '536365',
  code: '85123A',
  quantity: '6',
  date: '2010-12-01 08:26:00',
  price: '2.55',
  customer: '17850.0',
  country: 'United Kingdom',
  ...changes,
});
const later = '2010-12-01 12:00:00';

const back = (changes: Partial<InvoiceRow> = {}) => row({ invoice: 'C9', date: later, quantity: '-6', ...changes });
const cancels = (...rows: InvoiceRow[]) => {
  const { acts, invoices } = readShopDay(rows);
  return {
    ids: acts.flatMap((act) => (act.kind === 'cancel' ? [act.orderId] : [])),
    why: invoices.unusedCancellations.entries().map(([reason]) => reason),
  };
};

describe('readShopDay', () => {
  it('makes one order of an invoice: number, customer, ISO country, pence, and its SKUs as they are, also twice', () => {
    const rows = [row(), row({ code: '15056BL', quantity: '2', price: '5.9' }), row({ quantity: '1' })];
    expect(readShopDay(rows).acts).toEqual([
      {
        kind: 'place',
        order: {
          orderId: '536365',
          customerId: '17850',
          currency: 'GBP',
          lines: [
            { sku: '85123A', quantity: 6, unitPrice: 255 },
            { sku: '15056BL', quantity: 2, unitPrice: 590 },
            { sku: '85123A', quantity: 1, unitPrice: 255 },
          ],
          shipTo: { country: 'GB' },
          paymentToken: 'tok_ok',
        },
      },
    ]);
  });

  it('leaves out lines that are no goods, and counts each under its reason', () => {
    const { lines, acts } = readShopDay([
      row(),
      row({ quantity: '0' }),
      row({ quantity: '-3' }),
      row({ quantity: '1.5' }),
      row({ price: '0.0' }),
      row({ price: '-1' }),
      row({ price: 'free' }),
      row({ price: '0.001' }),
      row({ code: 'POST' }),
      row({ code: '1234A' }),
      row({ code: '12345 A' }),
    ]);
    expect(acts).toMatchObject([{ order: { lines: [{ sku: '85123A' }] } }]);
    expect(lines.all).toBe(11);
    expect(lines.used).toBe(1);
    expect(Object.fromEntries(lines.unused.entries())).toEqual({
      'quantity not above 0': 2,
      'quantity unreadable': 1,
      'price not above 0': 2,
      'price unreadable': 2,
      'code of no goods': 2,
      'not of the form of an order line': 1,
    });
  });

  it('counts each invoice that is no order under its reason', () => {
    const { invoices, acts } = readShopDay([
      row({ invoice: '1', customer: '' }),
      row({ invoice: '2' }),
      row({ invoice: '2', customer: '99' }),
      row({ invoice: '3', country: 'Unspecified' }),
      row({ invoice: '4', code: 'POST' }),
      row({ invoice: 'no key' }),
      row({ invoice: '6' }),
    ]);
    expect(invoices.all).toBe(6);
    expect(invoices.used).toBe(1);
    expect(Object.fromEntries(invoices.unused.entries())).toEqual({
      'without customer': 1,
      'several customers or countries': 1,
      'country without an ISO code': 1,
      'no usable line': 1,
      'not of the form of an order': 1,
    });
    expect(acts).toMatchObject([{ order: { orderId: '6' } }]);
  });

  describe('a C… invoice', () => {
    it('becomes a cancel request when one earlier invoice of that customer holds all its codes and quantities', () => {
      expect(cancels(row(), row({ code: '22222' }), back())).toEqual({ ids: ['536365'], why: [] });
      expect(cancels(row(), back({ quantity: '-2' }))).toEqual({ ids: ['536365'], why: [] });
      expect(cancels(row({ quantity: '4' }), row({ quantity: '2' }), back())).toEqual({ ids: ['536365'], why: [] });
    });

    it('comes after its order, also when the file is not in order of time', () => {
      const { acts } = readShopDay([back(), row()]);
      expect(acts.map(({ kind }) => kind)).toEqual(['place', 'cancel']);
    });

    const none = { ids: [], why: ['no earlier invoice of that customer holds its goods'] };
    it.each([
      ['more is taken back than was bought', [row(), back({ quantity: '-7' })]],
      ['more is taken back in two lines', [row(), back(), back({ quantity: '-1' })]],
      ['one of its codes is missing', [row(), back(), back({ code: '22222', quantity: '-1' })]],
      ['it is another customer', [row(), back({ customer: '99' })]],
      ['the invoice is a later one', [row({ date: '2010-12-01 13:00:00' }), back()]],
      ['it takes nothing back', [row(), back({ quantity: '6' })]],
      ['its quantity cannot be read', [row(), back({ quantity: 'six' })]],
    ])('is not used when %s', (_name, rows) => {
      expect(cancels(...rows)).toEqual(none);
    });

    it('is not used when two invoices could be meant, or the one is no order, or nobody is named', () => {
      expect(cancels(row(), row({ invoice: '536366' }), back())).toEqual({
        ids: [],
        why: ['several earlier invoices of that customer hold its goods'],
      });
      expect(cancels(row({ code: 'POST' }), back({ code: 'POST' }))).toEqual({
        ids: [],
        why: ['the invoice it cancels is not used'],
      });
      expect(cancels(row({ customer: '' }), back({ customer: '' }))).toEqual({ ids: [], why: ['without customer'] });
    });
  });

  it('counts every invoice and every line exactly once, whatever the file holds', () => {
    const dirty = fc.record({
      invoice: fc.constantFrom('1', '2', '3', 'C1', 'C2', 'a b', ''),
      code: fc.constantFrom('85123A', '71053', 'POST', '12345 A', ''),
      quantity: fc.constantFrom('6', '-6', '0', 'x', '', '1000001'),
      date: fc.constantFrom('2010-12-01 08:26:00', later, '', '1/12/2010'),
      price: fc.constantFrom('2.55', '0', '-1', 'x', '0.001'),
      customer: fc.constantFrom('1.0', '2', ''),
      country: fc.constantFrom('France', 'Unspecified', ''),
    });
    fc.assert(
      fc.property(fc.array(dirty, { maxLength: 20 }), (rows) => {
        const { acts, invoices, lines } = readShopDay(rows);
        const ordered = acts.flatMap((act) => (act.kind === 'place' ? act.order.lines : []));
        expect(lines.used).toBe(ordered.length);
        expect(lines.used + lines.unused.total).toBe(rows.length);
        expect(invoices.all).toBe(new Set(rows.map(({ invoice }) => invoice)).size);
        expect(
          invoices.used + invoices.unused.total + invoices.cancelRequests + invoices.unusedCancellations.total,
        ).toBe(invoices.all);
      }),
    );
  });
});

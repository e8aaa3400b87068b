import { describe, expect, it } from 'vitest';
import type { Order, OrderView } from '../../contracts/orders.ts';
import type { SagaSummary } from '../shop-client.ts';
import { checkAll, type Evidence } from './check-all.ts';
import type { OrderEvidence } from './order-evidence.ts';

const lines = [
  { sku: '71053', quantity: 2, unitPrice: 339 },
  { sku: '71053', quantity: 1, unitPrice: 339 },
];
const order: Order = {
  orderId: '1',
  customerId: 'c',
  currency: 'GBP',
  lines,
  shipTo: { country: 'GB' },
  paymentToken: 'tok_ok',
};
const view: OrderView = {
  orderId: '1',
  status: 'confirmed',
  reason: null,
  trackingNumber: 'T1',
  currency: 'GBP',
  lines,
  total: 1017,
  history: [],
};
const saga: SagaSummary = {
  id: 'fulfilOrder:1',
  saga: 'fulfilOrder',
  key: '1',
  status: 'completed',
  startedAt: '2026-01-01T00:00:00.000Z',
  closedAt: '2026-01-01T00:00:01.000Z',
  deadlineAt: null,
  trigger: { kind: 'event', id: null, type: null, source: null },
};
const payment = { paymentId: 'p', orderId: '1', state: 'captured', amount: 1017, currency: 'GBP' } as const;
const reservation = { reservationId: 'r', orderId: '1', state: 'shipped', lines } as const;
const shipment = {
  shipmentId: 's',
  orderId: '1',
  state: 'booked',
  trackingNumber: 'T1',
  warehouse: null,
  country: 'GB',
} as const;

const confirmed: OrderEvidence = {
  order,
  view,
  saga,
  reservations: [{ ...reservation, lines: [{ sku: '71053', quantity: 3 }] }],
  payments: [payment],
  shipments: [shipment],
};
const rejected: OrderEvidence = {
  order: { ...order, orderId: '2' },
  view: { ...view, orderId: '2', status: 'rejected', reason: 'declined' },
  saga: { ...saga, id: 'fulfilOrder:2', key: '2', status: 'compensated' },
  reservations: [{ ...reservation, orderId: '2', state: 'released' }],
  payments: [{ ...payment, orderId: '2', state: 'voided' }],
  shipments: [{ ...shipment, orderId: '2', state: 'cancelled' }],
};
const good: Evidence = {
  orders: [confirmed, rejected],
  initial: new Map([['71053', 10]]),
  stock: [{ sku: '71053', available: 7, reserved: 0, shipped: 3 }],
  ledger: [
    { account: 'cash', currency: 'GBP', balance: 1017 },
    { account: 'sales', currency: 'GBP', balance: -1017 },
  ],
};

describe('checkAll', () => {
  it('finds nothing where all agree', () => {
    expect(checkAll(good)).toEqual([]);
  });

  const first = (changes: Partial<OrderEvidence>): Evidence => ({
    ...good,
    orders: [{ ...confirmed, ...changes }, rejected],
  });
  const second = (changes: Partial<OrderEvidence>): Evidence => ({
    ...good,
    orders: [confirmed, { ...rejected, ...changes }],
  });
  const stock = (available: number, reserved: number, shipped: number): Evidence => ({
    ...good,
    stock: [{ sku: '71053', available, reserved, shipped }],
  });

  it.each<[string, Evidence, string]>([
    ['an order that is lost', first({ view: undefined, payments: [] }), 'order 1: the orders service does not know it'],
    ['an order of another total', first({ view: { ...view, total: 1016 } }), 'order 1: costs 10.16 GBP'],
    ['an order of other lines', first({ view: { ...view, lines: [] } }), 'order 1: its lines are not those'],
    ['a saga that is missing', first({ saga: undefined }), 'order 1: is confirmed, but has no saga'],
    ['a saga that has not ended', first({ saga: { ...saga, status: 'parked' } }), 'its saga is still parked'],
    ['a status that is not the end', first({ saga: { ...saga, status: 'compensated' } }), 'it must be rejected'],
    ['a cancelled saga of a rejected order', second({ saga: { ...saga, status: 'cancelled' } }), 'must be cancelled'],
    ['goods lost', stock(6, 0, 3), 'stock 71053: began with 10, is 6 available + 0 reserved + 3 shipped = 9'],
    ['goods made', stock(8, 0, 3), '= 11'],
    ['goods below zero', stock(-1, 8, 3), 'stock 71053: negative'],
    ['goods sold but never shipped', stock(10, 0, 0), 'stock 71053: 3 shipped by these orders alone'],
    ['a SKU that vanished', { ...good, stock: [] }, 'now the inventory does not know it'],
    ['goods still reserved', second({ reservations: [{ ...reservation, state: 'reserved' }] }), 'r is reserved'],
    ['a shipment never cancelled', second({ shipments: [shipment] }), 'order 2: not confirmed, yet shipment s'],
    ['no goods for a confirmed order', first({ reservations: [] }), 'order 1: confirmed, so one reservation'],
    ['two shipments', first({ shipments: [shipment, shipment] }), 'one shipment must be booked: there are 2'],
    ['a payment captured twice', first({ payments: [payment, payment] }), 'order 1: confirmed, so 10.17 GBP must be'],
    ['a payment of a penny less', first({ payments: [{ ...payment, amount: 1016 }] }), 'captured 10.16 GBP'],
    ['a payment not captured', first({ payments: [] }), 'money: confirmed orders cost 10.17 GBP, but 0.00'],
    ['a hold never voided', second({ payments: [{ ...payment, state: 'authorized' }] }), 'its payment is authorized'],
    ['money kept of a rejected order', second({ payments: [payment] }), 'order 2: not confirmed, yet its payment'],
    ['a ledger that does not balance', { ...good, ledger: good.ledger.slice(0, 1) }, 'the ledger sums to 10.17 GBP'],
  ])('finds %s', (_name, evidence, finding) => {
    expect(checkAll(evidence).join('\n')).toContain(finding);
  });
});

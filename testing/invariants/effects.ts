import type { ShopService } from '../shop.ts';

/**
 * What one action leaves in its service's database. `traces`: everything that it ever left for a business key, undone or not: what tells it
 * from others, and whether it is still in force. `refOf`: the same of an operation, by its input and its answer.
 */
export interface EffectKind {
  readonly service: ShopService;
  readonly action: string;
  readonly traces: string;
  readonly refOf: (operation: { readonly input: Json; readonly answer: Json }) => unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** One for each action of the shop that leaves something; `cancelParcel` only takes away what another has left. */
export const EFFECTS: readonly EffectKind[] = [
  {
    service: 'orders',
    action: 'accept',
    traces: `select order_id as ref, status <> 'placed' as live
      from orders, generate_series(1, acceptances) where order_id = $1`,
    refOf: ({ input }) => input['orderId'],
  },
  {
    service: 'inventory',
    action: 'reserve',
    traces: `select reservation_id as ref, state <> 'released' as live from reservations where order_id = $1`,
    refOf: ({ answer }) => answer['reservationId'],
  },
  {
    service: 'inventory',
    action: 'ship',
    traces: `select reservation_id as ref, true as live from reservations where state = 'shipped' and order_id = $1`,
    refOf: ({ input }) => input['reservationId'],
  },
  {
    service: 'inventory',
    action: 'restock',
    traces: `select restocking_id as ref, state = 'restocked' as live from restockings where order_id = $1`,
    refOf: ({ answer }) => answer['restockingId'],
  },
  {
    service: 'payments',
    action: 'authorize',
    traces: `select payment_id as ref, state <> 'voided' as live from payments where order_id = $1`,
    refOf: ({ answer }) => answer['paymentId'],
  },
  {
    service: 'payments',
    action: 'capture',
    traces: `select payment_id as ref, true as live
      from ledger_transactions join payments using (payment_id) where kind = 'capture' and order_id = $1`,
    refOf: ({ input }) => input['paymentId'],
  },
  {
    service: 'payments',
    action: 'refund',
    traces: `select refund_id as ref, true as live from refunds where order_id = $1`,
    refOf: ({ answer }) => answer['refundId'],
  },
  {
    service: 'shipping',
    action: 'book',
    traces: `select shipment_id as ref, state = 'booked' as live from shipments where order_id = $1`,
    refOf: ({ answer }) => answer['shipmentId'],
  },
  {
    service: 'shipping',
    action: 'sendReturnLabel',
    traces: `select label_id as ref, state = 'sent' as live from return_labels where order_id = $1`,
    refOf: ({ answer }) => answer['labelId'],
  },
  {
    service: 'notifications',
    action: 'send',
    traces: `select notification_id as ref, true as live from notifications where order_id = $1`,
    refOf: ({ answer }) => answer['notificationId'],
  },
];

import type { Reservation } from '../../contracts/inventory.ts';
import type { Order, OrderView } from '../../contracts/orders.ts';
import type { Payment } from '../../contracts/payments.ts';
import type { Shipment } from '../../contracts/shipping.ts';
import type { SagaSummary } from '../shop-client.ts';

/** What the services and the API say of one order of the file. Undefined: they know nothing of it. */
export interface OrderEvidence {
  readonly order: Order;
  readonly view: OrderView | undefined;
  readonly saga: SagaSummary | undefined;
  readonly reservations: readonly Reservation[];
  readonly payments: readonly Payment[];
  readonly shipments: readonly Shipment[];
}

/** How many of each SKU, also where one SKU stands on several lines. */
export const goodsOf = (lines: readonly { readonly sku: string; readonly quantity: number }[]): Map<string, number> => {
  const goods = new Map<string, number>();
  for (const { sku, quantity } of lines) goods.set(sku, (goods.get(sku) ?? 0) + quantity);
  return goods;
};

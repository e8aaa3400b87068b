import type { Order } from '../../contracts/orders.ts';
import { inParallel } from 'amends';
import type { ShopClient } from '../shop-client.ts';
import type { Evidence } from './check-all.ts';
import { findSagas } from './find-sagas.ts';

/** Asks every service what it has of these orders, and the API for their sagas; sagas are looked for from `since` on first. */
export const gatherEvidence = async (
  client: ShopClient,
  orders: readonly Order[],
  { initial, since, parallel }: { initial: ReadonlyMap<string, number>; since: Date; parallel: number },
): Promise<Evidence> => {
  const ids = orders.map(({ orderId }) => orderId);
  const sagas = await findSagas(client, ids, since, parallel);
  return {
    orders: await inParallel(orders, parallel, async (order) => {
      const { orderId } = order;
      const [view, reservations, payments, shipments] = await Promise.all([
        client.order(orderId),
        client.reservations(orderId),
        client.payments(orderId),
        client.shipments(orderId),
      ]);
      return { order, view, saga: sagas.get(orderId), reservations, payments, shipments };
    }),
    initial,
    stock: await client.stock(),
    ledger: await client.ledger(),
  };
};

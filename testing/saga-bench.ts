import { randomUUID } from 'node:crypto';
import { startBench, type Bench, type Besides } from '../packages/testing/src/bench/start-bench.ts';
import { expect } from 'vitest';
import type { Order } from '../contracts/orders.ts';
import { unlikeSagaEvents } from './published-form.ts';
import type { Shop } from './shop.ts';
import { stage } from './stage.ts';

export { recoveryOf, runningSaga, type RunningSaga } from '../packages/testing/src/bench/running-saga.ts';

/** The sagas of the project, and the odd ones that only tests run. */
const ENTRY = 'testing/odd-sagas.ts';

/** The shop's sagas on a real server; at its end every event that was published is held against its published form (E7), besides what each bench does. */
export interface SagaBench extends Bench<Shop> {
  readonly shop: Shop;
}

/** @param entry the workflows that it runs */
export const startSagaBench = async (entry = ENTRY, besides?: Besides): Promise<SagaBench> => {
  const bench = await startBench(stage, { workflows: entry, ...(besides && { besides }) });
  return {
    ...bench,
    shop: bench.services,
    // odd sagas take orders too
    start: (saga, input, options = {}) =>
      bench.start(saga, input, { key: (input as { orderId: string }).orderId, ...options }),
    close: async () => {
      await bench.close();
      expect(unlikeSagaEvents(bench.published)).toEqual([]);
    },
  };
};

/** An order of one mug, of which there are plenty. */
export const anOrder = async (shop: Shop, changes: Partial<Order> = {}): Promise<Order> => {
  const orderId = `o-${randomUUID().slice(0, 8)}`;
  const sku = `mug-${orderId}`;
  await shop.putStock(sku, 10);
  return {
    orderId,
    customerId: 'c-1',
    currency: 'EUR',
    lines: [{ sku, quantity: 2, unitPrice: 900 }],
    shipTo: { country: 'DE' },
    paymentToken: 'tok_ok',
    ...changes,
  };
};

/** What is left of an order in the shop: nothing may be, when it was undone. */
export const effectsOf = async (shop: Shop, { orderId }: { orderId: string }) => {
  const states = async (service: 'inventory' | 'payments' | 'shipping' | 'notifications', path: string) =>
    (
      (await shop.get(service, `${path}?orderId=${orderId}`)) as { items: { state?: string; template?: string }[] }
    ).items
      .map(({ state, template }) => state ?? template ?? '')
      .toSorted((a, b) => a.localeCompare(b));
  return {
    reservations: await states('inventory', '/reservations'),
    payments: await states('payments', '/payments'),
    shipments: await states('shipping', '/shipments'),
    notifications: await states('notifications', '/notifications'),
  };
};

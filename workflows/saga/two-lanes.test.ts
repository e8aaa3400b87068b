import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FAILURES_TO_OPEN } from '../../activities/breaker.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../../testing/saga-bench.ts';
import type { ShopService } from '../../testing/shop.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const USUAL = { times: { steps: {} } };
const IN_FAST_LANE = 3;
const TOGETHER = 4;

const asked = (service: ShopService, op: string, key: string) =>
  bench.shop.proxies[service].seen.filter((one) => one.op === op && one.key === key).map(({ at }) => at);

/** As many orders at once, each by its own saga. */
const several = async (befalls: (saga: string) => void, country = 'DE') =>
  Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      const order = await anOrder(bench.shop, { shipTo: { country } });
      befalls(`fulfilOrder:${order.orderId}`);
      const view = await (await bench.start('fulfilOrder', order, USUAL)).closed();
      return { order, view };
    }),
  );

describe('a call that the fast lane does not decide', () => {
  it('S2: goes on in the durable lane under the same key, and its attempts are counted on', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const times = IN_FAST_LANE + 2;
    bench.shop.proxies.inventory.strike({ fault: 'down', saga, op: 'do', step: 'reserveStock', times });
    const view = await (await bench.start('fulfilOrder', order, USUAL)).closed();

    expect(view.status).toBe('completed');
    expect(view.steps.find(({ name }) => name === 'reserveStock')).toMatchObject({ state: 'done', attempt: times + 1 });
    expect(asked('inventory', 'do', `${saga}/reserveStock`)).toHaveLength(times + 1);
  });

  it('S2: is not asked again before the time that its service named', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const { payments } = bench.shop.proxies;
    // as if by a task that was lost: the service is at it when the saga asks
    const key = `fulfilOrder:${order.orderId}/authorizePayment`;
    const lost = fetch(`${payments.url}/payments`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        'saga-started': new Date().toISOString(),
      },
      body: JSON.stringify({
        orderId: order.orderId,
        amount: { amount: 1_800, currency: 'EUR' },
        paymentToken: 'tok_slow',
      }),
    });
    await vi.waitFor(() => expect(asked('payments', 'do', key)).toHaveLength(1), { timeout: 5_000, interval: 10 });
    const saga = await bench.start('fulfilOrder', order, USUAL);
    const view = await saga.closed();
    await lost;

    expect(view.status).toBe('completed');
    const [, ...times] = asked('payments', 'do', key);
    // it is told after half a second that it is in flight, and to come again in one
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_400);
    expect(view.steps.find(({ name }) => name === 'authorizePayment')).toMatchObject({ attempt: times.length });
  });
});

describe('a service that is weak to everybody', () => {
  it('S2: its breaker delays the sagas and decides nothing: all end as without it, and what was held back is no attempt', async () => {
    const times = IN_FAST_LANE + 1;
    expect(TOGETHER * times).toBeGreaterThan(FAILURES_TO_OPEN);
    const ended = await several((saga) => {
      bench.shop.proxies.shipping.strike({ fault: 'down', saga, op: 'do', step: 'bookShipment', times });
    });
    for (const { order, view } of ended) {
      expect(view.status).toBe('completed');
      const requests = asked('shipping', 'do', `fulfilOrder:${order.orderId}/bookShipment`);
      expect(view.steps.find(({ name }) => name === 'bookShipment')?.attempt).toBe(requests.length);
      expect(requests).toHaveLength(times + 1);
    }
  });

  it('S2 S6: settles, seals and undos pass through it too, and it parks nobody', { timeout: 60_000 }, async () => {
    const times = IN_FAST_LANE;
    expect(TOGETHER * times).toBeGreaterThan(FAILURES_TO_OPEN);
    const ended = await several((saga) => {
      const { inventory, payments } = bench.shop.proxies;
      payments.strike({ fault: 'down', saga, op: 'settle', step: 'capturePayment', times });
      inventory.strike({ fault: 'down', saga, op: 'undo', step: 'reserveStock', times });
      inventory.strike({ fault: 'down', saga, op: 'seal', times: 1 });
    }, 'KP');
    for (const { order, view } of ended) {
      expect(view.status).toBe('compensated');
      expect(bench.published.filter(({ id }) => id.startsWith(`${view.id}/parked`))).toEqual([]);
      expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], payments: ['voided'] });
      expect(asked('inventory', 'undo', `${view.id}/reserveStock`)).toHaveLength(times + 1);
    }
  });
});

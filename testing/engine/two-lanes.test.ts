import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURES_TO_OPEN } from '../../packages/worker/src/activities/breaker.ts';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';
import type { ShopService } from '../shop.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** Probes come one a second, and every call keeps its own back-off. */
const PATIENT = { timeout: 90_000 };
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

  it('S2: whose attempts are short tells how many there were, and they are as long as they may be', async () => {
    const order = await anOrder(bench.shop);
    const saga = `fulfilOrder:${order.orderId}`;
    const late = { fault: 'late', op: 'do', saga, step: 'bookShipment', delayMs: 3_000 } as const;
    bench.shop.proxies.shipping.strike({ ...late, times: 2 });
    const times = { steps: { bookShipment: { attempt: 1_000, budget: 20_000 } } };
    const view = await (await bench.start('fulfilOrder', order, { times })).closed();

    expect(view.status).toBe('completed');
    const requests = asked('shipping', 'do', `${saga}/bookShipment`);
    expect(view.steps.find(({ name }) => name === 'bookShipment')).toMatchObject({ attempt: requests.length });
    // each had its 750 ms before it was given up
    expect(Math.min(...requests.slice(1).map((at, n) => at - (requests[n] ?? 0)))).toBeGreaterThan(700);
  });

  it('S2: is not asked again before the time that its service named', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const { inventory } = bench.shop.proxies;
    inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'reserveStock', times: 1, retryAfterS: 3 });
    const view = await (await bench.start('fulfilOrder', order, USUAL)).closed();

    expect(view.status).toBe('completed');
    const [first = 0, second = 0] = asked('inventory', 'do', `${id}/reserveStock`);
    expect(second - first).toBeGreaterThan(2_900);
    expect(view.steps.find(({ name }) => name === 'reserveStock')).toMatchObject({ attempt: 2 });
  });
});

describe('a service that is weak to everybody', () => {
  it(
    'S2: its breaker delays the sagas and decides nothing: all end as without it, and what was held back is no attempt',
    PATIENT,
    async () => {
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
    },
  );

  it('S2 S6: settles, seals and undos pass through it too, and it parks nobody', PATIENT, async () => {
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

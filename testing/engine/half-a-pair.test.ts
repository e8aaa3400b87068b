import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, effectsOf, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** The first half of an emoji, as is left of one that is cut in two: no UTF-8 says it. */
const HALF = '😀'.charAt(0);
const TIMEOUT_MS = 40_000;

describe('half of a surrogate pair', () => {
  it(
    'S6: in an Update is refused in words that can be sent, and the saga goes on',
    async () => {
      const order = await anOrder(bench.shop);
      const { shipping } = bench.shop.proxies;
      const fault = shipping.strike({
        fault: 'down',
        saga: `fulfilOrder:${order.orderId}`,
        op: 'do',
        step: 'bookShipment',
      });
      const saga = await bench.start('fulfilOrder', order, {
        times: { steps: { '*': { attempt: 1_500, budget: 60_000 } } },
      });
      await saga.until(({ steps }) => steps[3]?.state === 'running' && steps[3].lane === 'durable');
      await expect(saga.act('retry', { step: HALF })).rejects.toMatchObject({
        cause: { type: 'NotParked', message: expect.stringContaining('\uFFFD') as string },
      });
      fault.lift();
      expect((await saga.closed()).status).toBe('completed');
      expect(await effectsOf(bench.shop, order)).toMatchObject({ payments: ['captured'], shipments: ['booked'] });
    },
    TIMEOUT_MS,
  );

  it(
    "S6 S13: in what an author's flow throws comes out as words that can be sent",
    async () => {
      const order = await anOrder(bench.shop, { customerId: `no ${HALF}` });
      const saga = await bench.start('saysItsCustomer', order);
      expect(await saga.closed()).toMatchObject({
        status: 'compensated',
        cause: { outcome: 'error', message: 'no \uFFFD' },
      });
      expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
    },
    TIMEOUT_MS,
  );
});

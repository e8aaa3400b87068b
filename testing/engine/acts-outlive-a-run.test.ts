import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const LONG_MS = 40_000;
/** The server suggests a new run near 4 MB. */
const HUGE = 'x'.repeat(900_000);
const MOST_ACTS = 12;

const parked = ({ status }: SagaView): boolean => status === 'parked';

/** Retries a step that parks again each time, with inputs so large that the saga goes on in a new run. */
const untilNewRun = async ({ id, until }: RunningSaga, step: string, input: object): Promise<void> => {
  const latest = bench.client.workflow.getHandle(id);
  const first = (await latest.describe()).runId;
  for (let acts = 0; acts < MOST_ACTS; acts++) {
    await until(parked);
    if ((await latest.describe()).runId !== first) return;
    const request = { actor: 'ann', reason: 'a test', step, input };
    // one that comes while the run ends is answered by nobody, and refused by the next
    await latest.executeUpdate('retry', { args: [request], updateId: randomUUID() }).catch(() => {});
  }
  expect.fail('there was no new run');
};

describe('what an operator has decided, in a new run', () => {
  it(
    'S6 S18: a corrected input of an undo is what the undo is asked with',
    async () => {
      const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
      const id = `fulfilOrder:${order.orderId}`;
      const { inventory } = bench.shop.proxies;
      const no = inventory.strike({ fault: 'refused', saga: id, op: 'undo', step: 'reserveStock', code: 'not-now' });
      const asked: unknown[] = [];
      const rewrite = (body: unknown): unknown => {
        asked.push(body);
        return body;
      };
      const saga = await bench.start('fulfilOrder', order);
      await untilNewRun(saga, 'reserveStock', { shelf: 7, pad: HUGE });
      no.lift();
      inventory.strike({ fault: 'rewritten', saga: id, op: 'undo', step: 'reserveStock', rewrite });
      await saga.retry('reserveStock');
      expect(await saga.closed()).toMatchObject({ status: 'compensated' });
      expect(asked).toEqual([{ shelf: 7, pad: HUGE }]);
      expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
    },
    LONG_MS,
  );

  it(
    'S6 S18: a participant that is not to be sealed is left alone',
    async () => {
      const order = await anOrder(bench.shop, { paymentToken: 'tok_declined' });
      const id = `fulfilOrder:${order.orderId}`;
      const { inventory, shipping } = bench.shop.proxies;
      const no = inventory.strike({ fault: 'refused', saga: id, op: 'undo', step: 'reserveStock', code: 'not-now' });
      shipping.strike({ fault: 'down', saga: id, op: 'seal' });
      const seals = () => shipping.seen.filter(({ key, op }) => key === id && op === 'seal').length;
      const saga = await bench.start('fulfilOrder', order);
      await saga.until(({ steps }) => steps.some(({ name, state }) => name === 'seal:shipping' && state === 'parked'));
      await saga.act('skip', { step: 'seal:shipping' });
      const before = seals();
      await untilNewRun(saga, 'reserveStock', { pad: HUGE });
      no.lift();
      await saga.retry('reserveStock');
      const view = await saga.closed();
      expect(view.status).toBe('compensated');
      expect(view.audit.filter(({ step }) => step === 'seal:shipping')).toHaveLength(1);
      expect(seals()).toBe(before);
    },
    LONG_MS,
  );

  it(
    'S6 S8 S18: a corrected input of a retriable step is what it is asked with',
    async () => {
      const order = await anOrder(bench.shop);
      const id = `withoutPivot:${order.orderId}`;
      const { notifications } = bench.shop.proxies;
      // under whichever of its keys it is asked
      const steps = ['notifyCustomer', ...Array.from({ length: MOST_ACTS }, (_, n) => `notifyCustomer:~${n + 2}`)];
      const refusals = steps.map((step) =>
        notifications.strike({ fault: 'refused', saga: id, op: 'do', step, code: 'no' }),
      );
      const saga = await bench.start('withoutPivot', order);
      const { orderId, customerId } = order;
      const facts = Object.fromEntries(Array.from({ length: 1_800 }, (_, n) => [`fact${n}`, 'x'.repeat(490)]));
      await untilNewRun(saga, 'notifyCustomer', { orderId, customerId, template: 'return-refunded', facts });
      for (const no of refusals) no.lift();
      await saga.retry('notifyCustomer');
      expect(await saga.closed()).toMatchObject({ status: 'completed' });
      expect((await effectsOf(bench.shop, order)).notifications).toEqual(['return-refunded']);
    },
    LONG_MS,
  );
});

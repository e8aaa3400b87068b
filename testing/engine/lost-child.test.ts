import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { resetToTask } from '../reset-to-task.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const ENDED = { timeout: 15_000, interval: 50 };
const LONG_MS = 60_000;
const stepOf = (view: SagaView, step: string) => view.steps.find(({ name }) => name === step);
const latest = (id: string) => bench.client.workflow.getHandle(id);

/** A parent that was terminated while its child was at work; the child then came to its end without it. */
const widowed = async (
  end: 'COMPLETED' | 'CANCELLED' | 'TERMINATED',
): Promise<RunningSaga & { order: Parameters<typeof effectsOf>[1] }> => {
  const order = await anOrder(bench.shop);
  const [line] = order.lines;
  const child = `bookParcels:${order.orderId}`;
  const fault = bench.shop.proxies.shipping.strike({ fault: 'down', saga: child, op: 'do', step: 'bookParcel:w-1' });
  const saga = await bench.start(
    'fulfilSplitOrder',
    { ...order, lines: [{ ...line, warehouse: 'w-1' }] },
    {
      times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } },
    },
  );
  await expect.poll(() => fault.struck(), ENDED).toBeGreaterThan(3);
  await saga.handle.terminate('a test');
  if (end === 'CANCELLED') await latest(child).cancel();
  if (end === 'TERMINATED') await latest(child).terminate('a test');
  fault.lift();
  await expect.poll(async () => (await latest(child).describe()).status.name, ENDED).toBe(end);
  return { ...saga, order };
};
const closes = async (saga: RunningSaga): Promise<SagaView> => {
  await expect
    .poll(async () => (await latest(saga.id).describe()).status.name, { timeout: 25_000 })
    .not.toBe('RUNNING');
  return saga.view();
};

describe('S11: a parent that is reset after its child has ended without it', () => {
  it(
    'asks, and goes on with what the child has answered',
    async () => {
      const saga = await widowed('COMPLETED');
      await resetToTask(bench.client, saga.id);
      expect(await closes(saga)).toMatchObject({ status: 'completed' });
      expect(await effectsOf(bench.shop, saga.order)).toMatchObject({ shipments: ['booked'], payments: ['captured'] });
    },
    LONG_MS,
  );

  it(
    'is undone when the child has undone itself, and when nobody knows what it has done',
    async () => {
      for (const end of ['CANCELLED', 'TERMINATED'] as const) {
        const saga = await widowed(end);
        await resetToTask(bench.client, saga.id);
        const view = await closes(saga);
        expect(view).toMatchObject({ status: 'compensated', cause: { step: 'bookParcels' } });
        expect(view.cause?.outcome).toBe(end === 'CANCELLED' ? 'refused' : 'unknown');
        expect(await effectsOf(bench.shop, saga.order)).toMatchObject({ payments: ['voided'] });
      }
    },
    LONG_MS,
  );

  it(
    'S9: is cancelled at once, and what the child has booked is undone',
    async () => {
      const saga = await widowed('COMPLETED');
      await resetToTask(bench.client, saga.id);
      await saga.cancel();
      const view = await closes(saga);
      expect(view).toMatchObject({ status: 'cancelled', cause: { outcome: 'cancelled' } });
      expect(stepOf(view, 'bookParcels')).toMatchObject({ state: 'done', discharge: 'compensated' });
      expect(await effectsOf(bench.shop, saga.order)).toMatchObject({ shipments: ['cancelled'], payments: ['voided'] });
    },
    LONG_MS,
  );
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CancelMessage } from '../../packages/contracts/src/saga-messages.ts';
import { anOrder, effectsOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const TYPE = 'shop.order.cancel-requested.v1';
const LONG_MS = 120_000;

const cancelByEvent = async ({ handle, key }: RunningSaga): Promise<string> => {
  const id = randomUUID();
  const event = {
    specversion: '1.0',
    type: TYPE,
    source: '/test',
    id,
    data: { orderId: key, reason: 'why' },
    extra: 'kept',
  };
  await handle.signal<[CancelMessage]>('cancel', {
    actor: '/test',
    reason: 'why',
    event: { event, at: 'AMENDS_EVENTS 7' },
  });
  return id;
};

const toldLate = (id: string) => bench.toldLate.filter(({ event }) => event['id'] === id);

/** A saga that is being undone because no ship goes there, and whose undo waits until `fault` is lifted. */
const undoing = async () => {
  const order = await anOrder(bench.shop, { shipTo: { country: 'KP' } });
  const id = `fulfilOrder:${order.orderId}`;
  const fault = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'undo', step: 'reserveStock' });
  const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
  await saga.until(({ status }) => status === 'compensating');
  return { order, fault, saga };
};

describe('a cancel by event', () => {
  it('S9: undoes everything, and again changes nothing', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps[1]?.state === 'done');
    const ids = [await cancelByEvent(saga), await cancelByEvent(saga)];
    await saga.cancel();
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'cancelled', cause: { outcome: 'cancelled', message: 'why' } });
    expect(view.audit).toMatchObject([
      { actor: '/test', action: 'cancel', reason: 'why' },
      { actor: 'ann', action: 'cancel' },
    ]);
    expect(ids.flatMap(toldLate)).toEqual([]);
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });

  it('S9: that comes while the pivot is in flight is told as late by the saga, whole, once the pivot is done', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    bench.shop.proxies.payments.strike({ fault: 'late', saga: id, op: 'do', step: 'capturePayment', delayMs: 3_500 });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ phase }) => phase === 'pivot');
    const event = await cancelByEvent(saga);
    expect(await saga.closed()).toMatchObject({ status: 'completed', audit: [] });
    expect(toldLate(event)).toMatchObject([
      {
        saga: id,
        why: 'past-pivot',
        at: 'AMENDS_EVENTS 7',
        event: { source: '/test', extra: 'kept', data: { reason: 'why' } },
      },
    ]);
  });

  it('S9: or whatever comes by hand, breaks nothing', async () => {
    const order = await anOrder(bench.shop, { paymentToken: 'tok_slow' });
    const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
    await saga.until(({ steps }) => steps[1]?.state === 'done');
    await saga.handle.signal('cancel', 'nonsense');
    expect(await saga.closed()).toMatchObject({ status: 'cancelled', audit: [{ actor: 'anonymous' }] });
  });
});

const SAGAS = 8;
const SPREAD_MS = 150;

it(
  'S9 S19: by event, at whatever moment it comes, is taken or told as late, and replays',
  { timeout: LONG_MS },
  async () => {
    const ends = await Promise.all(
      Array.from({ length: SAGAS }, async (_, n) => {
        const order = await anOrder(bench.shop);
        const saga = await bench.start('fulfilOrder', order, { times: { steps: {} } });
        await new Promise((resolve) => setTimeout(resolve, n * SPREAD_MS));
        // one that has ended has nobody to tell it
        const event = await cancelByEvent(saga).catch(() => null);
        const { status } = await saga.closed();
        return { status, isTold: event === null || toldLate(event).length === 1 };
      }),
    );
    expect(ends.filter(({ status, isTold }) => isTold !== (status === 'completed'))).toEqual([]);
  },
);

describe('a cancel of a saga that is undone for another cause', { timeout: LONG_MS }, () => {
  it('S9: by Update is refused with the cause, by event told as late, in Temporal noted and ignored; it ends compensated', async () => {
    const { order, fault, saga } = await undoing();
    await expect(saga.cancel()).rejects.toMatchObject({
      cause: { type: 'Undoing', message: expect.stringContaining('bookShipment refused (country-not-served)') },
    });
    const event = await cancelByEvent(saga);
    await saga.handle.cancel();
    await saga.until(({ audit }) => audit.length === 1);
    fault.lift();
    const view = await saga.closed();
    expect(view).toMatchObject({ status: 'compensated', cause: { code: 'country-not-served' } });
    expect(view.audit).toMatchObject([
      { actor: 'temporal', action: 'cancel', reason: expect.stringContaining('ignored') },
    ]);
    expect((await saga.handle.describe()).status.name).toBe('FAILED');
    expect(toldLate(event)).toMatchObject([{ why: 'undoing' }]);
    expect((await effectsOf(bench.shop, order)).reservations).toEqual(['released']);
  });
});

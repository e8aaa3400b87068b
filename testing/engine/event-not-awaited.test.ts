import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventMessage } from '../../packages/contracts/src/saga-messages.ts';
import type { SagaTimes } from '../../packages/contracts/src/saga-start.ts';
import { eventMessage } from '../../packages/testing/src/bench/event-message.ts';
import { resetToTask } from '../reset-to-task.ts';
import { anOrder, runningSaga, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const RECEIVED = 'shop.return.received.v1';
/** It waits for RECEIVED and for an approval, side by side. */
const waits = async (steps: SagaTimes['steps'] = { '*': { within: 20_000 } }): Promise<RunningSaga> => {
  const order = await anOrder(bench.shop);
  return bench.start('bulkyWait', { ...order, customerId: '0' }, { times: { steps } });
};
const tell = ({ handle }: RunningSaga, message: EventMessage) => handle.signal<[EventMessage]>('event', message);
const approve = (saga: RunningSaga) => saga.act('approve', { name: 'approve', decision: 'approved' });
const toldLate = ({ id }: RunningSaga) =>
  bench.toldLate.filter(({ saga }) => saga === id).map(({ event, at, why }) => [event['id'], event['data'], at, why]);

describe('an event of which its saga has no use', () => {
  it('E4 S11: a second, different one of a type is told as late by the saga, whole; the same again is not', async () => {
    const saga = await waits();
    const [first, second] = [eventMessage(RECEIVED, { n: 1 }), eventMessage(RECEIVED, { n: 2 })];
    for (const message of [first, first, second, first]) await tell(saga, message);
    await approve(saga);
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: { event: { n: 1 } } });
    expect(toldLate(saga)).toEqual([[second.id, { n: 2 }, null, 'not-awaited']]);
  });

  it('E4 S11: of the same id and another source is another one', async () => {
    const saga = await waits();
    const first = eventMessage(RECEIVED, { n: 1 });
    const other = { ...eventMessage(RECEIVED, { n: 2 }, first.id), source: '/other' };
    for (const message of [first, other]) await tell(saga, message);
    await approve(saga);
    await saga.closed();
    expect(toldLate(saga)).toEqual([[first.id, { n: 2 }, null, 'not-awaited']]);
  });

  it('E4: of a type for which no step waits, or for which none waits any more, is told as late at once', async () => {
    const saga = await waits({ receive: { within: 300 }, approve: { within: 20_000 } });
    const [stranger, tooLate] = [eventMessage('shop.order.placed.v1', {}), eventMessage(RECEIVED, { n: 1 })];
    await tell(saga, stranger);
    await saga.until(({ steps }) => steps.some(({ name, state }) => name === 'receive' && state === 'skipped'));
    await tell(saga, tooLate);
    await expect.poll(() => toldLate(saga).length, { timeout: 10_000 }).toBe(2);
    await approve(saga);
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: { decision: 'approved' } });
    expect(toldLate(saga).map(([id]) => id)).toEqual([stranger.id, tooLate.id]);
  });

  it('E4: that was kept, and for which the saga never came to wait, is told as late before it ends', async () => {
    const order = await anOrder(bench.shop);
    const request = {
      orderId: order.orderId,
      customerId: 'c-1',
      reason: 'why',
      lines: [{ sku: 'mug', quantity: 1 }],
      amount: { amount: 900, currency: 'EUR' },
      shipFrom: { country: 'DE' },
    };
    const saga = await bench.start('returnOrder', request, { times: { steps: {} } });
    const message = eventMessage(RECEIVED, { orderId: order.orderId, lines: request.lines, condition: 'as-new' });
    await tell(saga, message);
    await saga.act('approve', { name: 'approveReturn', decision: 'denied' });
    await saga.closed();
    expect(toldLate(saga)).toMatchObject([[message.id, { condition: 'as-new' }, null, 'not-awaited']]);
  });

  it('E6: two parkings have different ids, and so has one after a reset', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('asksThenBreaks', order, { times: { steps: { '*': { within: 300 } } } });
    await saga.until(({ status }) => status === 'parked');
    await saga.retry('flow');
    await saga.until(({ status, audit }) => status === 'parked' && audit.length === 1);
    await resetToTask(bench.client, saga.id);
    const again = runningSaga(saga.id, saga.key, bench.client.workflow.getHandle(saga.id));
    await again.until(({ status }) => status === 'parked');
    await again.retry('flow');
    await again.until(({ status, audit }) => status === 'parked' && audit.length > 0);
    const ids = bench.published.map(({ id }) => id).filter((id) => id.startsWith(`${saga.id}/parked/`));
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    await again.act('resolve', { step: 'flow' });
    await again.closed();
  });
});

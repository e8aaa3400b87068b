import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const parked = ({ status }: SagaView): boolean => status === 'parked';
const quick = (within: number) => ({ times: { steps: { '*': { within, attempt: 1_000, budget: 3_000 } } } });
const stepOf = (view: SagaView, step: string) => view.steps.find(({ name }) => name === step);

describe('a wait', () => {
  it('S11: what nobody answered in time is fixed: a forward re-run gets the same, and a late answer is refused', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('asksThenBreaks', order, quick(400));
    const view = await saga.until(parked);
    expect(view.steps.at(-1)).toMatchObject({ name: 'flow', error: 'denied by nobody' });
    await expect(saga.act('approve', { name: 'approve', decision: 'approved' })).rejects.toMatchObject({
      cause: { type: 'NotWaiting' },
    });
    await saga.retry('flow');
    const again = await saga.until((now) => parked(now) && now.audit.length === 1);
    expect(again.steps.at(-1)).toMatchObject({ name: 'flow', error: 'denied by nobody' });
    expect(stepOf(again, 'approve')).toMatchObject({ state: 'done', discharge: 'kept', error: 'nothing came in time' });
    await saga.act('resolve', { step: 'flow' });
    expect((await saga.closed()).status).toBe('completed');
  });

  it('S11: of two answers the first stands; a repeat is refused, and so is one to what nobody asks', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('asksThenBreaks', order, quick(20_000));
    await saga.act('approve', { name: 'approve', decision: 'approved', reason: 'fine' });
    const again = saga.act('approve', { name: 'approve', decision: 'denied' });
    await expect(again).rejects.toMatchObject({ cause: { type: 'NotWaiting' } });
    const nobody = saga.act('approve', { name: 'reserveStock', decision: 'approved' });
    await expect(nobody).rejects.toMatchObject({ cause: { type: 'NoSuchStep' } });
    const view = await saga.until(parked);
    expect(view.steps.at(-1)).toMatchObject({ error: 'approved by ann' });
    expect(view.audit).toMatchObject([{ actor: 'ann', action: 'approve', step: 'approve', reason: 'fine' }]);
    await saga.act('skip', { step: 'flow' });
    expect(await saga.closed()).toMatchObject({ status: 'completed', result: null });
  });

  it('S11: of two events of a type the first stands; what is no event, or of no type that it waits for, changes nothing', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('bulkyWait', { ...order, customerId: '0' }, quick(20_000));
    await saga.handle.signal('event');
    await saga.handle.signal('event', 'shop.return.received.v1');
    await saga.handle.signal('event', { type: 'shop.order.placed.v1', data: order });
    for (const n of [1, 2]) await saga.handle.signal('event', { type: 'shop.return.received.v1', data: { n } });
    await saga.act('approve', { name: 'approve', decision: 'denied' });
    expect(await saga.closed()).toMatchObject({
      status: 'completed',
      result: { event: { n: 1 }, decision: 'denied', by: 'ann' },
    });
  });

  it('S9 S12: that a cancel ends is kept open by nothing, and answered by nobody', async () => {
    const order = await anOrder(bench.shop);
    const saga = await bench.start('bulkyWait', { ...order, customerId: '0' }, quick(20_000));
    await saga.until((view) => stepOf(view, 'approve')?.state === 'running');
    await saga.cancel();
    const view = await saga.closed();
    expect(view.status).toBe('cancelled');
    expect(
      view.steps.filter(({ state }) => state !== 'pending').map(({ state, discharge }) => [state, discharge]),
    ).toEqual([
      ['skipped', 'kept'],
      ['skipped', 'kept'],
    ]);
  });
});

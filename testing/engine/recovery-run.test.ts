import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SagaView } from '../../packages/contracts/src/saga-view.ts';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import type { Strike } from '../../packages/testing/src/faults/fault-rule.ts';
import { anOrder, effectsOf, recoveryOf, startSagaBench, type RunningSaga, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

const times = { entries: { '*': { attempt: 1_000, budget: 2_000, undoBudget: 3_000 } } };

/** Terminates a saga, and lets the sweep begin its recovery. */
const killAndSweep = async (saga: RunningSaga): Promise<RunningSaga> => {
  await saga.handle.terminate('a test');
  const log = createLog('sweep', 'fatal');
  await expect
    .poll(async () => (await sweepKilledSagas(bench.client, { times, log })).begun, { timeout: 15_000 })
    .toBeGreaterThan(0);
  return recoveryOf(bench, saga);
};

const held = async (strike: Strike): Promise<void> =>
  await expect.poll(() => strike.holds(), { timeout: 15_000, interval: 20 }).toBeGreaterThan(0);

const parked = ({ status }: SagaView): boolean => status === 'parked';

describe('a killed saga', () => {
  it('S14 S5: is undone by its recovery run, which needs neither its workflow nor its history, in reverse of the definition', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const { shipping } = bench.shop.proxies;
    const strike = shipping.strike({ fault: 'held', saga: id, op: 'do', step: 'bookShipment' });
    const saga = await bench.start('fulfilOrder', order);
    await held(strike);
    const recovery = await killAndSweep(saga);
    const view = await recovery.closed();
    strike.release();

    expect(view).toMatchObject({ id, key: order.orderId, status: 'compensated', cause: { outcome: 'error' } });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], payments: ['voided'] });
    expect(view.steps.map(({ discharge }) => discharge)).toEqual([
      'compensated',
      'compensated',
      'compensated',
      ...Array<null>(4).fill(null),
    ]);
    expect(bench.published.filter(({ data }) => data.sagaId === id).map((event) => event.id)).toEqual([
      `${id}/compensated`,
    ]);
    const undos = Object.values(bench.shop.proxies)
      .flatMap(({ seen }) => seen.filter(({ key, op }) => key.startsWith(`${id}/`) && op === 'undo'))
      .toSorted((a, b) => a.at - b.at);
    // whatever is asked twice, as it is after a lost task, is asked once: only what is distinct counts
    expect([...new Set(undos.map(({ key }) => key.slice(id.length + 1)))]).toEqual([
      'authorizePayment',
      'reserveStock',
      'acceptOrder',
    ]);
    const sealedAt = Object.values(bench.shop.proxies).map(
      ({ seen }) => seen.find(({ key, op }) => key === id && op === 'seal')?.at ?? Number.POSITIVE_INFINITY,
    );
    expect(Math.max(...sealedAt)).toBeLessThanOrEqual(undos[0]?.at ?? 0);
    // the held request has arrived after its saga was sealed
    await expect.poll(() => strike.said.map(({ type }) => type), { timeout: 5_000 }).toContain('sealed');
    expect((await effectsOf(bench.shop, order)).shipments).toEqual([]);
  });

  it('S14: seals every participant before it undoes anything; one that cannot be sealed parks it in plain sight', async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const { shipping, notifications } = bench.shop.proxies;
    const strike = shipping.strike({ fault: 'held', saga: id, op: 'do', step: 'bookShipment' });
    const fault = notifications.strike({ fault: 'down', saga: id, op: 'seal' });
    const saga = await bench.start('fulfilOrder', order);
    await held(strike);
    const recovery = await killAndSweep(saga);
    const view = await recovery.until(parked);

    expect(view.steps.at(-1)).toMatchObject({ name: 'seal:notifications', state: 'parked' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['reserved'], payments: ['authorized'] });
    fault.lift();
    strike.release();
    await recovery.retry('seal:notifications');
    expect((await recovery.closed()).status).toBe('compensated');
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], payments: ['voided'] });
  });

  const killedPastThePivot = async () => {
    const order = await anOrder(bench.shop);
    const id = `fulfilOrder:${order.orderId}`;
    const strike = bench.shop.proxies.inventory.strike({ fault: 'down', saga: id, op: 'do', step: 'shipStock' });
    const saga = await bench.start('fulfilOrder', order);
    await saga.until(({ phase }) => phase === 'retriable');
    const recovery = await killAndSweep(saga);
    strike.lift();
    return { order, recovery, view: await recovery.until(parked) };
  };

  it('S14 S7: past its pivot it parks, and an operator who has done the rest by hand completes it', async () => {
    const { order, recovery, view } = await killedPastThePivot();
    expect(view.steps.find(({ name }) => name === 'capturePayment')).toMatchObject({ state: 'parked' });
    const metadata = await recovery.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**parked**: the saga was killed: terminated, timed out');
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['reserved'], payments: ['captured'] });
    await expect(recovery.act('skip', { step: 'capturePayment' })).rejects.toMatchObject({
      cause: { type: 'NotAllowed' },
    });
    await recovery.act('resolve', { step: 'capturePayment', outcome: 'done', output: { trackingNumber: 'by hand' } });
    expect(await recovery.closed()).toMatchObject({ status: 'completed', result: { trackingNumber: 'by hand' } });
    expect(bench.published.map(({ id }) => id)).toContain(`fulfilOrder:${order.orderId}/completed`);
  });

  it('S14 S7: past its pivot, undone by hand, the rest is undone too', async () => {
    const { order, recovery } = await killedPastThePivot();
    await recovery.act('resolve', { step: 'capturePayment', outcome: 'not-done' });
    // the service still has the money, and so cannot void what it took it on
    const stuck = await recovery.until(parked);
    expect(stuck.steps.find(({ undo }) => undo?.state === 'parked')?.name).toBe('authorizePayment');
    await recovery.act('resolve', { step: 'authorizePayment' });
    const view = await recovery.closed();
    expect(view.status).toBe('compensated');
    expect(view.steps.find(({ name }) => name === 'capturePayment')).toMatchObject({ discharge: 'resolved' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ reservations: ['released'], shipments: ['cancelled'] });
  });

  it('S14 S8: without a pivot, a retriable step that is done parks it as flow', async () => {
    const order = await anOrder(bench.shop);
    const id = `cancelParcels:${order.orderId}`;
    const { shipping } = bench.shop.proxies;
    const strike = shipping.strike({ fault: 'down', saga: id, op: 'do', step: 'cancelParcel:w-2' });
    const saga = await bench.start('cancelParcels', { orderId: order.orderId, warehouses: ['w-1', 'w-2'] });
    await saga.until(({ steps }) => steps.some(({ instance, state }) => instance === 'w-1' && state === 'done'));
    const recovery = await killAndSweep(saga);
    strike.lift();
    const view = await recovery.until(parked);
    expect(view.steps.at(-1)).toMatchObject({ name: 'flow', state: 'parked' });
    await recovery.act('resolve', { step: 'flow', outcome: 'done', output: { cancelled: ['w-1', 'w-2'] } });
    expect((await recovery.closed()).status).toBe('completed');
  });

  it('S14 S11: its child that has completed is undone', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const id = `fulfilSplitOrder:${order.orderId}`;
    const { payments } = bench.shop.proxies;
    const strike = payments.strike({ fault: 'down', saga: id, op: 'do', step: 'capturePayment' });
    const saga = await bench.start('fulfilSplitOrder', { ...order, lines: [{ ...line, warehouse: 'w-1' }] });
    await saga.until(({ phase }) => phase === 'pivot');
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['booked']);
    const recovery = await killAndSweep(saga);
    strike.lift();
    const view = await recovery.closed();
    expect(view).toMatchObject({ status: 'compensated' });
    expect(view.steps.find(({ name }) => name === 'bookParcels')).toMatchObject({ discharge: 'compensated' });
    expect(await effectsOf(bench.shop, order)).toMatchObject({ shipments: ['cancelled'], payments: ['voided'] });
  });

  it('S14 S11: its child that is still at work is cancelled, and undoes itself', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const id = `fulfilSplitOrder:${order.orderId}`;
    const child = `bookParcels:${order.orderId}`;
    const { shipping } = bench.shop.proxies;
    const strike = shipping.strike({ fault: 'down', saga: child, op: 'do', step: 'bookParcel:w-2' });
    const saga = await bench.start(
      'fulfilSplitOrder',
      { ...order, lines: ['w-1', 'w-2'].map((warehouse) => ({ ...line, quantity: 1, warehouse })) },
      { times: { steps: { '*': { attempt: 1_000, budget: 60_000 } } } },
    );
    await saga.until(({ steps }) => steps[3]?.state === 'running');
    await expect.poll(() => strike.struck()).toBeGreaterThan(3);
    const recovery = await killAndSweep(saga);
    const view = await recovery.closed();
    expect(view).toMatchObject({ status: 'compensated' });
    expect(view.steps.find(({ name }) => name === 'bookParcels')).toMatchObject({ discharge: 'nothing-to-undo' });
    expect((await bench.client.workflow.getHandle(child).describe()).status.name).toBe('CANCELLED');
    expect((await effectsOf(bench.shop, order)).shipments).toEqual(['cancelled']);
    expect(id).toBe(view.id);
  });
});

import { randomUUID } from 'node:crypto';
import type { SagaTemporal } from '../../packages/client/src/known-sagas.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';
import { childrenOf } from '../../packages/client/src/recovery/children-of.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** The real server, but for one thing: its index knows nothing yet. */
const withLateIndex = (client: SagaTemporal): SagaTemporal => {
  const list = async function* () {};
  const workflow = Object.create(client.workflow, { list: { value: list } }) as typeof client.workflow;
  return Object.create(client, { workflow: { value: workflow } }) as SagaTemporal;
};

describe('S14 S11: the children of a killed saga', () => {
  it('are known from the histories of its runs, when the index does not know them yet', async () => {
    const order = await anOrder(bench.shop);
    const [line] = order.lines;
    const child = `bookParcels:${order.orderId}`;
    bench.shop.proxies.shipping.strike({ fault: 'down', saga: child, op: 'do', step: 'bookParcel:w-1', times: 8 });
    const saga = await bench.start('fulfilSplitOrder', { ...order, lines: [{ ...line, warehouse: 'w-1' }] });
    await saga.until(({ steps }) => steps.some(({ name, state }) => name === 'bookParcels' && state === 'running'));
    await saga.handle.terminate('a test');
    const known = { id: child, saga: 'bookParcels', step: 'bookParcels', startedAt: expect.any(String) };
    expect(await childrenOf(withLateIndex(bench.client), saga.id)).toEqual([known]);
    await expect.poll(() => childrenOf(bench.client, saga.id), { timeout: 10_000 }).toEqual([known]);
    expect(await childrenOf(bench.client, `fulfilSplitOrder:${randomUUID()}`)).toEqual([]);
    await bench.client.workflow.getHandle(child).terminate('a test');
  });
});

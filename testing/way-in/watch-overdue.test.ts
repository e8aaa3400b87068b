import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEarly } from '../../packages/client/src/starts/start-early.ts';
import { startSaga } from '../../packages/client/src/starts/start-saga.ts';
import { sweepKilledSagas } from '../../packages/client/src/recovery/sweep-killed-sagas.ts';
import { exampleOrder } from '../../contracts/orders.ts';
import { createLog } from '../../packages/runtime/src/log.ts';
import { freshNamespace } from '../namespace.ts';
import { watchOverdue } from '../../packages/api/src/watch/watch-overdue.ts';

const log = createLog('test', 'silent');
const times = { entries: {} };
const trigger = { kind: 'event', id: 'e-1', type: 'shop.order.placed.v1', source: '/test' } as const;

let space: Awaited<ReturnType<typeof freshNamespace>>;
beforeAll(async () => {
  space = await freshNamespace();
});
afterAll(() => space?.close());

it('E9 S14: killed sagas that two sweeps have passed by are an error, a figure and a reason, until they are swept', async () => {
  const input = { ...exampleOrder, orderId: `o-${randomUUID()}` };
  const { id } = await startSaga(space.client, { saga: 'fulfilOrder', input, trigger, times });
  await startEarly(space.client, {
    saga: 'fulfilOrder',
    key: 'o-early',
    trigger,
    times,
    cancelled: { actor: '/test', reason: 'why' },
  });
  for (const killed of [id, 'fulfilOrder:o-early']) await space.client.workflow.getHandle(killed).terminate('a test');

  const metrics = new Registry();
  const watch = watchOverdue({ temporal: space.client, sweepEveryMs: 500, metrics, log, everyMs: 250 });
  const figure = async () => (await metrics.getMetricsAsJSON())[0]?.values[0]?.value;
  try {
    await expect
      .poll(watch.reason, { timeout: 20_000 })
      .toBe(`1 killed sagas have waited for longer than 2 sweeps: ${id}`);
    expect(await figure()).toBe(1);
    await sweepKilledSagas(space.client, { times, log });
    await expect.poll(watch.reason, { timeout: 20_000 }).toBeNull();
    expect(await figure()).toBe(0);
  } finally {
    await watch.close();
  }
}, 60_000);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anOrder, startSagaBench, type SagaBench } from '../saga-bench.ts';

let bench: SagaBench;
beforeAll(async () => {
  bench = await startSagaBench();
});
afterAll(() => bench.close());

/** Together more than a worker has places for activities (100). */
const PARENTS = 11;
const CHILDREN = 10;

describe('S11: sagas that come to children that are already there', () => {
  it('hold no place of the worker while they wait: more joins than it has places keep no other saga waiting', async () => {
    /** Its children have been started by a run before, and are at work where no worker of ours is. */
    const parentOf = async (children: number) => {
      const order = await anOrder(bench.shop, { customerId: String(children) });
      const names = Array.from({ length: children }, (_, n) => `c-${n + 1}`);
      const started = names.map((name) =>
        bench.client.workflow.start('bookParcels', {
          workflowId: `bookParcels:${order.orderId}-${name}`,
          taskQueue: 'nobody',
          memo: { parent: `manyChildren:${order.orderId}`, step: `book:${name}` },
        }),
      );
      const handles = await Promise.all(started);
      return { saga: await bench.start('manyChildren', order), children: handles };
    };
    const waiting = await Promise.all(Array.from({ length: PARENTS }, () => parentOf(CHILDREN)));
    const joins = async (): Promise<number> => {
      const runs = await Promise.all(waiting.map(({ saga }) => saga.handle.describe()));
      return runs
        .flatMap(({ raw }) => raw.pendingActivities ?? [])
        .filter(({ activityType }) => activityType?.name === 'engine:awaitSaga').length;
    };
    await expect.poll(joins, { timeout: 40_000, interval: 500 }).toBeGreaterThanOrEqual(100);

    const other = await parentOf(1);
    await other.children[0]?.terminate('a test');
    await expect
      .poll(async () => (await other.saga.handle.describe()).status.name, { timeout: 20_000, interval: 500 })
      .toBe('FAILED');

    const open = waiting.flatMap(({ saga, children }) => [saga.handle, ...children]);
    await Promise.all(open.map((handle) => handle.terminate('a test')));
  }, 120_000);
});
